"""The mail provider: who carries mail, and by which settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.console.frame import render

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def show(visit: Visit) -> Response:
    """Show the mail server, without its password."""
    settings = visit.services.settings
    return render(
        visit, "console/mail.html", server=settings.smtp_url, sender=settings.mail_from, has_mail=settings.has_mail
    )
