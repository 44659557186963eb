"""Questions before acts that are not easily taken back: the yes is the same form again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.visits import Visit

SURE = "sure"
"""The field that says yes."""


def is_sure(visit: Visit) -> bool:
    """Tell whether the visitor has been asked, and has said yes."""
    return visit.field(SURE) == "yes"
