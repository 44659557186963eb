"""The SMS provider: who carries messages now, the forms of the guide, and a message that tries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.console.frame import ask, render
from api.pages.console.fresh import STALE_SENDERS, require_fresh_sign_in
from api.pages.console.sender_fields import CREDENTIALS, OF_MEMBER, TABS, TEMPLATE, draft_of, values_of
from api.pages.console.trials import TO, tried
from api.pages.form_errors import FormError
from api.sender_schemas import NAME
from api.services.errors import UseCaseError
from api.services.sender_drafts import BodyMissing, FaultyMembers, SecretsNeeded
from api.services.sender_values import SECRET_CREDENTIALS, ProviderName
from api.services.senders import NoSuchSender, SenderChanged, SenderExists, TooManySenders
from providers.authentication_types import AuthenticationType
from scim.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from api.pages.console.sender_fields import Tab
    from api.pages.visits import Visit
    from api.services.sender_values import Sender

PATH = "/console/sms-provider"


def show_first(visit: Visit) -> Response:
    """Lead to the form of the provider that is set up, or to the first one."""
    found = _own(visit.services.senders.list())
    tab = next((tab for tab in TABS if found is not None and tab.provider == found.provider), TABS[0])
    return visit.go(tab.path)


def show(visit: Visit, kind: str) -> Response:
    """Show the form of a provider."""
    tab = _tab(kind)
    return _page(visit, tab, {})


def add(visit: Visit, kind: str) -> Response:
    """Set the provider up."""
    return _set_up(visit, _tab(kind), is_new=True)


def replace(visit: Visit, kind: str) -> Response:
    """Set the provider up anew."""
    return _set_up(visit, _tab(kind), is_new=False)


def ask_removal(visit: Visit, name: str) -> Response:
    """Ask whether a sender is to be removed."""
    require_fresh_sign_in(visit, f"{PATH}/stored/{name}/remove", STALE_SENDERS)
    try:
        sender = visit.services.senders.show(name)
    except NoSuchSender:
        raise NotFound from None
    text = visit.text
    return ask(
        visit,
        title=text("setting.remove.title", name=sender.name),
        text=text("setting.remove.text"),
        button=text("setting.remove.button"),
        back=PATH,
    )


def remove(visit: Visit, name: str) -> Response:
    """Remove a sender."""
    require_fresh_sign_in(visit, PATH, STALE_SENDERS)
    try:
        visit.services.senders.remove(name, visit.caller)
    except NoSuchSender:
        raise NotFound from None
    visit.tell("setting.done.removed", name=name)
    return visit.go(PATH)


def try_out(visit: Visit) -> Response:
    """Send a message to a number, and say what came of it."""
    tab = next((tab for tab in TABS if tab.kind == visit.field("tab")), TABS[0])
    trials, caller = visit.services.trials, visit.caller
    fault = tried(visit, lambda to: trials.by_sms(to, None, caller, visit.text.locale), "setting.error.to")
    return visit.go(tab.path) if fault is None else _page(visit, tab, {}, fault)


def _set_up(visit: Visit, tab: Tab, *, is_new: bool) -> Response:
    # All codes go where a sender leads, those of administrators too.
    require_fresh_sign_in(visit, tab.path, STALE_SENDERS)
    senders, draft = visit.services.senders, draft_of(visit.request.form, tab.provider)
    act = senders.add if is_new else senders.replace
    try:
        act(NAME, draft, visit.caller)
    except (SenderExists, SenderChanged, NoSuchSender):
        return _page(visit, tab, visit.request.form, FormError(visit.text("setting.error.meanwhile")))
    except UseCaseError as error:
        every = senders.faults(NAME, draft) or (error,)
        faults = dict.fromkeys(fault for each in every for fault in _faults(visit, each))
        return _page(visit, tab, visit.request.form, *faults)
    visit.tell("setting.done.set_up", provider=tab.provider)
    return visit.go(tab.path)


def _faults(visit: Visit, error: UseCaseError) -> list[FormError]:
    text = visit.text
    if isinstance(error, BodyMissing):
        return [FormError(text(f"setting.error.{TEMPLATE}"), TEMPLATE)]
    if isinstance(error, SecretsNeeded):
        return [FormError(text("setting.error.secrets"))]
    if isinstance(error, TooManySenders):
        return [FormError(text("setting.error.many"))]
    names = [OF_MEMBER[member] for member in getattr(error, "members", ()) if member in OF_MEMBER]
    if isinstance(error, FaultyMembers) and names:
        return [FormError(_fault(visit, name), name) for name in dict.fromkeys(names)]
    return [FormError(text("setting.error.other", detail=str(error)))]


def _fault(visit: Visit, name: str) -> str:
    key = f"setting.error.{name}"
    return visit.text(key) if visit.text.has(key) else visit.text("setting.error.field")


def _tab(kind: str) -> Tab:
    for tab in TABS:
        if tab.kind == kind:
            return tab
    raise NotFound


def _own(stored: tuple[Sender, ...]) -> Sender | None:
    return next((sender for sender in stored if sender.name == NAME), None)


def _page(visit: Visit, tab: Tab, form: Mapping[str, str], *errors: FormError) -> Response:
    stored = visit.services.senders.list()
    found = _own(stored)
    return render(
        visit,
        "console/senders.html",
        errors=errors,
        tabs=TABS,
        tab=tab,
        own=found,
        stored=stored,
        environment=visit.services.settings.sms_providers,
        values={**values_of(found, tab.provider), **form},
        kept=found.secrets_set if found is not None and found.provider == tab.provider else (),
        to=visit.field(TO),
        types=[(each.value, visit.text(f"setting.auth.{each.value}")) for each in AuthenticationType],
        credentials=CREDENTIALS,
        secrets=SECRET_CREDENTIALS,
        is_custom=tab.provider is ProviderName.CUSTOM,
    )
