"""What a verification proves: a number or an address, as written and as compared."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN_AT_MOST = 2
SHOWN_PART = 3  # never more than a third of the digits, nor of the letters
HIDDEN = "***"  # in an address, whatever its length


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Target:
    """A contact value: its text as sent and the canonical key it is compared by.

    Two targets are equal when their keys are, however they are spelled.
    """

    text: str
    key: str

    def __eq__(self, other: object) -> bool:
        """Compare by key alone."""
        return self.key == other.key if isinstance(other, Target) else NotImplemented

    def __hash__(self) -> int:
        """Hash by key alone."""
        return hash(self.key)

    def __repr__(self) -> str:
        """Show the masked form only: a repr ends in logs."""
        return f"{type(self).__name__}({self.masked()!r})"

    def masked(self) -> str:
        """Return the form that may be logged and shown."""
        return masked(self.text)

    @property
    def destination(self) -> str:
        """Return what a message is sent to: the canonical number, or the address as written with an ASCII domain."""
        local, at, _ = self.text.rpartition("@")
        return f"{local}@{self.key.rpartition('@')[2]}" if at else self.key


def masked(text: str) -> str:
    """Hide a number but for its last digits, or an address but for the first letters of its parts and its end.

    Of a number two digits are shown at most, and a third of it; of an address one letter of a part of three or more.
    """
    local, at, domain = text.rpartition("@")
    return _masked_address(local, domain) if at else _masked_number(text)


def _masked_address(local: str, domain: str) -> str:
    name, dot, end = domain.rpartition(".")
    return f"{_initial(local)}{HIDDEN}@{_initial(name)}{HIDDEN}{f'.{end}' if dot else ''}"


def _initial(part: str) -> str:
    return part[0] if len(part) >= SHOWN_PART else ""


def _masked_number(text: str) -> str:
    digits = "".join(c for c in text if c.isdecimal())
    shown = min(SHOWN_AT_MOST, len(digits) // SHOWN_PART)
    hidden = len(digits) - shown
    return "*" * hidden + digits[hidden:]
