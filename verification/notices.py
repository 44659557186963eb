"""Notices: what people are told of changes of their account, and the link by which they take one back."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING

from verification.codes import Label
from verification.errors import IllegalTransition
from verification.templates import Template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from verification.channels import Channel
    from verification.codes import KeyRing
    from verification.decision import Contact
    from verification.targets import Target
    from verification.verifications import Purpose

NOTHING = "-"
"""What stands in a text for a value that there was none of."""

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is stored by its template and values, to be written when it leaves.

    Attributes:
        to: The canonical number or the address it goes to.
        change_id: The change it is about; None where it is about none that can be taken back.
        link_kid: The key its link is derived with; None where it brings no link.
    """

    id: str
    user_id: str
    channel: Channel
    template: Template
    locale: str | None
    to: str = field(repr=False)
    values: Mapping[str, str | int] = field(repr=False)
    change_id: str | None
    link_kid: str | None
    created_at: datetime


class ChangeStatus(StrEnum):
    """What became of a change."""

    OPEN = "open"  # stands, and can be taken back
    REVERTED = "reverted"  # was taken back
    SUPERSEDED = "superseded"  # an earlier one was taken back, and this one with it


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The contact values of one kind as they stood before a change, as they were spelled."""

    primary: str | None = field(repr=False)
    is_primary_verified: bool
    listed: tuple[str, ...] = field(repr=False)
    verified: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, contact: Contact) -> Snapshot:
        """Keep the values as they are."""
        return cls(
            primary=None if contact.primary is None else contact.primary.text,
            is_primary_verified=contact.is_primary_verified,
            listed=tuple(target.text for target in contact.listed),
            verified=tuple(target.text for target in contact.verified),
        )


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A change of somebody's contact values that is done, and can be taken back for a while.

    Attributes:
        old: What went, masked.
        new: What came, masked.
        mails: The addresses that were told; whoever changes them next cannot keep them in the dark.
        expires_at: Until when its link works.
    """

    id: str
    user_id: str
    purpose: Purpose
    template: Template
    before: Snapshot
    old: str
    new: str
    mails: tuple[str, ...] = field(repr=False)
    kid: str
    token_digest: str = field(repr=False)
    status: ChangeStatus
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Tell whether its link still works."""
        return self.status is ChangeStatus.OPEN and at < self.expires_at

    def revert(self, at: datetime) -> ContactChange:
        """Take it back."""
        if self.status is not ChangeStatus.OPEN:
            raise IllegalTransition
        return replace(self, status=ChangeStatus.REVERTED, ended_at=at)


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell of a change: what it is, and whose numbers or addresses are concerned.

    Attributes:
        lost: The values that went, the primary first.
        gained: The primary value that came.
    """

    is_removal: bool
    lost: tuple[Target, ...]
    gained: Target | None

    def template(self, purpose: Purpose) -> Template:
        """Return the template that tells of it."""
        changed, removed = _TEMPLATES[purpose.value]
        return removed if self.is_removal else changed


def news_of(before: Contact, after: Contact) -> News | None:
    """Tell what is new about the contact values of somebody, None where nobody has lost anything.

    That a list has grown is no news: what was there is still there, and the number that came has proved itself.
    """
    dropped = tuple(target for target in before.verified if target not in (*after.verified, after.primary))
    if after.primary is not None and after.primary != before.primary:
        old = () if before.primary is None else (before.primary,)
        return News(is_removal=False, lost=_once(old, dropped), gained=after.primary)
    gone = () if before.primary is None or after.primary is not None else (before.primary,)
    lost = _once(gone, dropped)
    return News(is_removal=True, lost=lost, gained=None) if lost else None


def revert_token(ring: KeyRing, kid: str, change_id: str) -> str:
    """Derive the token of the link that takes a change back: it is stored nowhere, and every retry has the same."""
    return link_token(ring.key(kid, Label.LINK), "revert", change_id)


def link_token(key: bytes, what: str, subject_id: str) -> str:
    """Derive the token of a link: `what` it does keeps those of different links apart."""
    secret = hmac.digest(key, f"{what}|{subject_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def token_digest(token: str) -> str:
    """Return what is stored of a token. It has 256 bits of a key in it, so a plain hash gives nothing away."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def whole_hours(span: timedelta) -> int:
    """Return a span in hours as the text tells it, rounded up."""
    return ceil(span / _HOUR)


# By the purpose of the codes of the kind of contact: the templates of a change, and of a removal.
_TEMPLATES: Mapping[str, tuple[Template, Template]] = {
    "mobile": (Template.PHONE_CHANGED, Template.PHONE_REMOVED),
    "email": (Template.EMAIL_CHANGED, Template.EMAIL_REMOVED),
}


def _once(*groups: tuple[Target, ...]) -> tuple[Target, ...]:
    return tuple(dict.fromkeys(target for group in groups for target in group))
