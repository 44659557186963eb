"""The templates of messages: their names, the channels they travel by, and the placeholders they have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from typing import TYPE_CHECKING

from verification.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Mapping

CODE = "code"
MINUTES = "minutes"
LINK = "link"
HOURS = "hours"
SERVICE = "service"

# Long enough for the longest code and the longest span that the settings allow.
LONGEST: Mapping[str, str] = {CODE: "00000000", MINUTES: "999", HOURS: "999"}

_LOOKS_LIKE_A_CODE = re.compile(r"\d{4,}")


class Template(StrEnum):
    """What a message says."""

    MOBILE_UPDATE = "mobile_update"
    EMAIL_UPDATE = "email_update"
    SIGN_IN = "sign_in"
    RESTORE_EMAIL = "restore_email"
    RESTORE_PHONE = "restore_phone"
    INVITATION = "invitation"
    PHONE_CHANGED = "phone_changed"
    PHONE_REMOVED = "phone_removed"
    EMAIL_CHANGED = "email_changed"
    EMAIL_REMOVED = "email_removed"
    PHONE_RESTORED = "phone_restored"
    CHANGE_REVERTED = "change_reverted"
    MFA_RESET = "mfa_reset"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    TEST_MESSAGE = "test_message"


# The template of each purpose a code is made for, by the purpose's value.
OF_PURPOSE: Mapping[str, Template] = {
    "mobile": Template.MOBILE_UPDATE,
    "email": Template.EMAIL_UPDATE,
    "mfa": Template.SIGN_IN,
    "restore_email": Template.RESTORE_EMAIL,
    "restore_phone": Template.RESTORE_PHONE,
    "old_number": Template.MOBILE_UPDATE,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The placeholders of a text: those that its body must have, and those that it may have besides."""

    needed: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()

    @property
    def allowed(self) -> frozenset[str]:
        """Return every placeholder it may have."""
        return self.needed | self.optional | {SERVICE}


_CODE = Shape(frozenset({CODE, MINUTES}))
_CHANGED = frozenset({"old", "new"})
_REMOVED = frozenset({"old"})
_LINKED = frozenset({LINK, HOURS})

_CODE_BY_SMS = {Channel.SMS: _CODE}
_CODE_BY_MAIL = {Channel.EMAIL: _CODE}
_CHANGE = {Channel.SMS: Shape(optional=_CHANGED), Channel.EMAIL: Shape(_LINKED, _CHANGED)}
_REMOVAL = {Channel.SMS: Shape(optional=_REMOVED), Channel.EMAIL: Shape(_LINKED, _REMOVED)}
_NOTICE = {Channel.SMS: Shape(), Channel.EMAIL: Shape()}

SHAPES: Mapping[Template, Mapping[Channel, Shape]] = {
    Template.MOBILE_UPDATE: _CODE_BY_SMS,
    Template.EMAIL_UPDATE: _CODE_BY_MAIL,
    Template.SIGN_IN: {**_CODE_BY_SMS, **_CODE_BY_MAIL},
    Template.RESTORE_EMAIL: _CODE_BY_MAIL,
    Template.RESTORE_PHONE: _CODE_BY_SMS,
    Template.INVITATION: {Channel.EMAIL: Shape(_LINKED)},
    Template.PHONE_CHANGED: _CHANGE,
    Template.PHONE_REMOVED: _REMOVAL,
    Template.EMAIL_CHANGED: _CHANGE,
    Template.EMAIL_REMOVED: _REMOVAL,
    Template.PHONE_RESTORED: _CHANGE,
    Template.CHANGE_REVERTED: _NOTICE,
    Template.MFA_RESET: _NOTICE,
    Template.FACTOR_ADDED: _NOTICE,
    Template.FACTOR_REMOVED: _NOTICE,
    Template.TEST_MESSAGE: _NOTICE,
}


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces of a template.

    Raises:
        ValueError: The braces do not match, or hold more than a name.
    """
    names = set()
    for literal, name, spec, conversion in Formatter().parse(text):
        # Nothing but names: `{code.x}` or `{code:>99}` would have str.format do more than fill in.
        if set("{}").intersection(literal) or spec or conversion or not (name is None or name.isidentifier()):
            raise ValueError("braces hold more or less than a name")
        names.add(name)
    return frozenset(name for name in names if name is not None)


def looks_like_a_code(text: str, code: str | None = None) -> bool:
    """Tell whether a text has a run of four digits or more besides a code that it may hold."""
    return any(run != code for run in _LOOKS_LIKE_A_CODE.findall(text))
