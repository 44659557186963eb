"""Notices: what is to be told, by template and values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, literal, select

from persistence.statements import Statement, adding
from persistence.tables_notices import notices
from persistence.types import Key, Moment
from verification.channels import Channel
from verification.notices import Notice
from verification.templates import Template

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Row

COLUMNS = (
    notices.c.id,
    notices.c.user_id,
    notices.c.channel,
    notices.c.template,
    notices.c.locale,
    notices.c.destination,
    notices.c.details,
    notices.c.change_id,
    notices.c.link_kid,
    notices.c.created_at,
)

_ADD = Statement(adding(notices))
_COUNT_SMS = Statement(
    select(func.count()).where(
        notices.c.user_id == bindparam("user_id", type_=Key),
        notices.c.channel == literal(Channel.SMS.value, Key),
        notices.c.change_id.is_(None),
        notices.c.created_at > bindparam("since", type_=Moment),
    )
)


class Notices:
    """The notices of all users."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, notice: Notice) -> None:
        """Add a notice; its delivery is added besides."""
        self._link.later(
            _ADD,
            {
                "id": notice.id,
                "user_id": notice.user_id,
                "channel": notice.channel.value,
                "template": notice.template.value,
                "locale": notice.locale,
                "destination": notice.to,
                "details": json.dumps(dict(notice.values), ensure_ascii=False),
                "change_id": notice.change_id,
                "link_kid": notice.link_kid,
                "created_at": notice.created_at,
            },
        )

    def count_sms(self, user_id: str, since: datetime) -> int:
        """Count what has been told to a user by SMS since a moment, but for changes that can be taken back."""
        row = self._link.row(_COUNT_SMS, {"user_id": user_id, "since": since})
        return int(row[0]) if row else 0


def read(row: Row) -> Notice:
    """Read the columns of a notice."""
    (number, user_id, channel, template, locale, destination, details, change_id, link_kid, created_at) = row
    return Notice(
        id=number,
        user_id=user_id,
        channel=Channel(channel),
        template=Template(template),
        locale=locale,
        to=destination,
        values=json.loads(details),
        change_id=change_id,
        link_kid=link_kid,
        created_at=created_at,
    )
