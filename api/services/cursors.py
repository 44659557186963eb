"""Cursors of RFC 9865: places in one list, sealed so that nobody can read, alter or make one."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from persistence.resources import Position
from scim.errors import ExpiredCursor, InvalidCursor
from verification.codes import Label

if TYPE_CHECKING:
    from datetime import datetime

    from verification.codes import KeyRing

TIMEOUT = timedelta(hours=1)
"""How long a cursor is good for; published as cursorTimeout. A walk that pauses for longer starts again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind a position, or before it when the walk goes back."""

    position: Position
    is_backward: bool = False


class CursorSeal:
    """Seal and open cursors.

    Fernet encrypts and authenticates: the sort key of a resource, a name perhaps, would else stand in URLs and logs.
    """

    def __init__(self, ring: KeyRing) -> None:
        keys = [Fernet(base64.urlsafe_b64encode(ring.key(kid, Label.CURSOR))) for kid in ring.kids]
        self._fernet = MultiFernet(keys)

    def seal(self, place: Place, query: object, now: datetime) -> str:
        """Return the cursor of a place in the list of a query."""
        content = [_digest(query), place.is_backward, place.position.id, place.position.key]
        return self._fernet.encrypt_at_time(orjson.dumps(content), _seconds(now)).decode()

    def open(self, cursor: str, query: object, now: datetime) -> Place:
        """Return the place of a cursor.

        Raises:
            InvalidCursor: it is not one of ours, or was made for another query.
            ExpiredCursor: it is older than TIMEOUT.
        """
        try:
            content = orjson.loads(self._fernet.decrypt(cursor.encode()))
            made_at = self._fernet.extract_timestamp(cursor.encode())
        except (InvalidToken, UnicodeEncodeError) as error:
            raise InvalidCursor from error
        digest, is_backward, resource_id, key = content
        if digest != _digest(query):
            raise InvalidCursor
        if _seconds(now) - made_at > TIMEOUT.total_seconds():
            raise ExpiredCursor
        return Place(Position(resource_id, key), is_backward=is_backward)


def _digest(query: object) -> str:
    return hashlib.sha256(orjson.dumps(query)).hexdigest()[:32]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
