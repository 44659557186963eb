"""The mail provider: who carries mail, by which settings, and a mail that tries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.console.frame import render
from api.pages.console.trials import TO, tried

if TYPE_CHECKING:
    from flask import Response

    from api.pages.form_errors import FormError
    from api.pages.visits import Visit

PATH = "/console/mail-provider"


def show(visit: Visit) -> Response:
    """Show the mail server, without its password."""
    return _page(visit)


def try_out(visit: Visit) -> Response:
    """Send a mail to an address, and say what came of it."""
    trials, caller = visit.services.trials, visit.caller
    fault = tried(visit, lambda to: trials.by_mail(to, caller, visit.text.locale), "setting.error.mail_to")
    return visit.go(PATH) if fault is None else _page(visit, fault)


def _page(visit: Visit, *errors: FormError) -> Response:
    settings = visit.services.settings
    return render(
        visit,
        "console/mail.html",
        errors=errors,
        server=settings.smtp_url,
        sender=settings.mail_from,
        has_mail=settings.has_mail,
        to=visit.field(TO),
    )
