"""The mail server, and whom mail comes from."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.setting_fields import unset
from providers.mail_servers import read_mail_server, read_sender

if TYPE_CHECKING:
    from providers.mail_servers import MailServer


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """The mail server, and whom mail comes from."""

    smtp_url: MailServer | None = unset(
        read_mail_server,
        None,
        "Mail server, as `smtp://user:password@host:port`, with `?starttls=1` behind it, or `smtps://…`; a password "
        "goes out over TLS only.",
        shown="mail is printed like the console's SMS; in production there is none",
        is_secret=True,
    )
    mail_from: str = unset(read_sender, "", "Address mail comes from, alone or as `Name <address>`.")
