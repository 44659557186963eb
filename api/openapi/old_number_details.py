"""What is said of the operations that prove the present number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.openapi.details import Details
from api.resources.codes import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.details import Operation


def old_number_details() -> Mapping[Operation, Details]:
    """Return the details of every operation, by its path and method."""
    return {
        (f"{PREFIX}/me/prove-number", "post"): Details(
            id="sendCodeToOwnNumber",
            failures=("NoSuchFactor", "TooManyResends"),
            answer={"sentTo": "********11"},
        ),
        (f"{PREFIX}/me/prove-number/confirm", "post"): Details(
            id="proveOwnNumber",
            failures=("InvalidCheck", "NoSuchFlow", "TooManyChecks"),
            requests={"code": {"code": "492731"}},
        ),
    }
