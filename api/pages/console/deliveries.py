"""The messages on their way: what became of each, why, and another code in the place of one that was lost."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from api.auth.scopes import Scope
from api.pages.console.frame import render
from api.pages.console.reasons import reason_text
from api.pages.console.walks import Walk
from api.pages.form_errors import FormError
from api.pages.masks import shown
from api.pages.paths import own_path
from api.pages.waits import wait_text
from api.services.deliveries import DeliveryFilter, is_underway, is_waiting
from api.services.timelines import TimePage
from scim.errors import ExpiredCursor, InvalidCursor
from verification.delivery import DeliveryStatus
from verification.errors import LimitReached, NothingToResend, TargetRefused, UnknownUser
from verification.verifications import Scenario

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit

PATH = "/console/deliveries"
PER_PAGE = 25


def show(visit: Visit) -> Response:
    """List messages, newest first."""
    return _list(visit, Walk.of(visit, PATH, "state", "provider", "user", "scenario"))


def resend(visit: Visit) -> Response:
    """Send the next code in the place of one, as the endpoint for others does, and by its limits."""
    scenario = visit.field("scenario")
    try:
        visit.services.verifications.resend(visit.field("user_id"), Scenario(scenario), visit.caller)
    except (ValueError, NothingToResend):
        return _refused(visit, FormError(visit.text("watch.deliveries.nothing")))
    except TargetRefused:
        return _refused(visit, FormError(visit.text("watch.deliveries.refused")))
    except LimitReached as error:
        told = visit.text("watch.deliveries.limited", wait=wait_text(visit.text, error.retry_after))
        return _refused(visit, FormError(told, retry_after=error.retry_after))
    visit.tell("watch.deliveries.resent")
    back = own_path(visit.field("back"))
    return visit.go(back if back.startswith(PATH) else PATH)


def _refused(visit: Visit, fault: FormError) -> Response:
    return _list(visit, Walk(PATH, {}, ""), fault, status=HTTPStatus.CONFLICT)


def _list(visit: Visit, walk: Walk, *errors: FormError, status: int | None = None) -> Response:
    wanted = DeliveryFilter(
        walk.kind("state", DeliveryStatus), walk.maybe("provider"), walk.maybe("user"), walk.kind("scenario", Scenario)
    )
    try:
        page = visit.services.deliveries.page(wanted, PER_PAGE, walk.cursor or None)
    except UnknownUser:
        page, errors = TimePage([], None), (FormError(visit.text("watch.user_unknown"), "user"),)
    except (InvalidCursor, ExpiredCursor):
        return visit.go(walk.first)
    return render(
        visit,
        "console/deliveries.html",
        status=status,
        errors=errors,
        walk=walk,
        deliveries=page.rows,
        is_underway=any(map(is_underway, page.rows)),
        next=walk.at(page.next_cursor),
        providers=_providers(visit, walk),
        states=[(each.value, visit.text(f"watch.delivery.{each.value}")) for each in DeliveryStatus],
        scenarios=[(each.value, visit.text(f"watch.scenario.{each.value.lower()}")) for each in Scenario],
        reason=partial(reason_text, visit.text),
        shown=shown,
        may_resend=visit.may(Scope.USER_CODE_CREATE),
        is_waiting=is_waiting,
    )


def _providers(visit: Visit, walk: Walk) -> list[tuple[str, str]]:
    """List who may have carried a message, and whom is asked for: messages of one user may be older."""
    known = {*visit.services.deliveries.providers(), *visit.services.settings.sms_providers, walk["provider"]}
    return [(name, name) for name in sorted(known - {""})]
