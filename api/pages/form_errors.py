"""What is wrong with a form that was sent, to be shown above it and beside its fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.visits import Visit


@dataclass(frozen=True, slots=True)
class FormError:
    """One fault: its text, and the field that it is about, if it is about one.

    Attributes:
        retry_after: The seconds after which another try makes sense, where a limit is reached.
    """

    text: str
    field: str | None = None
    retry_after: int | None = None


def missing(visit: Visit, *fields: str) -> tuple[FormError, ...]:
    """Return a fault for each of these fields that was left empty; its text is `error.<field>.missing`."""
    return tuple(
        FormError(visit.text(f"error.{name}.missing"), name) for name in fields if not visit.field(name).strip()
    )
