"""What a verification proves: a number or an address, as written and as compared."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN_AT_MOST = 2
SHOWN_PART = 3  # never more than a third of the digits


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


def masked(text: str) -> str:
    """Hide a number but for its last digits: two of them, and a third of it, at most."""
    digits = "".join(c for c in text if c.isdecimal())
    shown = min(SHOWN_AT_MOST, len(digits) // SHOWN_PART)
    hidden = len(digits) - shown
    return "*" * hidden + digits[hidden:]
