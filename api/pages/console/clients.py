"""The applications that ask for tokens: who they are, what they may do, and their secrets, each told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.auth.client_scopes import MACHINE_SCOPES, USER_SCOPES
from api.auth.scopes import ALL_SCOPES
from api.pages.console.frame import ask, gone, render
from api.pages.console.fresh import require_fresh_sign_in
from api.pages.form_errors import FormError
from api.services.clients import LONGEST_NAME, ClientChanged, ClientRefused, NewClient, NoSuchClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Response

    from api.pages.visits import Visit
    from persistence.clients import Client

PATH = "/console/clients"
TEXTS = "watch.clients"


def show(visit: Visit) -> Response:
    """List the clients."""
    clients = visit.services.clients.list()
    return render(visit, "console/clients.html", clients=clients, may_change=visit.may(*ALL_SCOPES))


def show_new(visit: Visit) -> Response:
    """Show the form of a new client."""
    return _form(visit, None, NewClient(name=""))


def add(visit: Visit) -> Response:
    """Add a client, and tell its secret, this once."""
    require_fresh_sign_in(visit, f"{PATH}/new")
    wanted = _asked(visit, is_public=visit.field("is_public") == "yes")
    try:
        client, secret = visit.services.clients.add(wanted, visit.caller)
    except ClientRefused:
        return _form(visit, None, wanted, *_errors(visit, wanted))
    if secret is None:
        visit.tell("watch.clients.added", name=client.name)
        return visit.go(f"{PATH}/{client.id}")
    return _told(visit, client, secret)


def show_one(visit: Visit, client_id: str) -> Response:
    """Show what a client may do, to be changed."""
    return _of(visit, client_id, lambda client: _form(visit, client, _as_asked(client)))


def change(visit: Visit, client_id: str) -> Response:
    """Change what a client may do."""

    def act(client: Client) -> Response:
        require_fresh_sign_in(visit, f"{PATH}/{client_id}")
        wanted, seen = _asked(visit, is_public=client.is_public), visit.field("version")
        try:
            visit.services.clients.change(client_id, wanted, visit.caller, expected=seen)
        except ClientRefused:
            return _form(visit, client, wanted, *_errors(visit, wanted), seen=seen)
        except ClientChanged:
            # With what holds now: what was wanted over the old state might give back what somebody took away.
            return _form(visit, client, _as_asked(client), FormError(visit.text("watch.clients.meanwhile")))
        visit.tell("watch.clients.changed", name=wanted.name)
        return visit.go(PATH)

    return _of(visit, client_id, act)


def ask_rotate(visit: Visit, client_id: str) -> Response:
    """Ask whether a client is to get another secret."""
    return _ask(visit, client_id, "rotate")


def rotate(visit: Visit, client_id: str) -> Response:
    """Give a client another secret, and tell it, this once."""

    def act(client: Client) -> Response:
        require_fresh_sign_in(visit, f"{PATH}/{client_id}/rotate")
        try:
            return _told(visit, client, visit.services.clients.rotate(client_id, visit.caller))
        except ClientRefused:
            return visit.go(f"{PATH}/{client_id}")

    return _of(visit, client_id, act)


def ask_remove(visit: Visit, client_id: str) -> Response:
    """Ask whether a client is to go."""
    return _ask(visit, client_id, "remove")


def remove(visit: Visit, client_id: str) -> Response:
    """Remove a client."""

    def act(client: Client) -> Response:
        require_fresh_sign_in(visit, f"{PATH}/{client_id}/remove")
        visit.services.clients.remove(client_id, visit.caller)
        visit.tell("watch.clients.removed", name=client.name)
        return visit.go(PATH)

    return _of(visit, client_id, act)


def _of(visit: Visit, client_id: str, act: Callable[[Client], Response]) -> Response:
    client = visit.services.clients.lookup(client_id)
    try:
        if client is not None:
            return act(client)
    except NoSuchClient:
        # Somebody else was faster.
        pass
    return gone(visit, TEXTS, PATH)


def _ask(visit: Visit, client_id: str, deed: str) -> Response:
    def act(client: Client) -> Response:
        require_fresh_sign_in(visit, f"{PATH}/{client_id}/{deed}")
        return ask(
            visit,
            title=visit.text(f"{TEXTS}.{deed}_title", name=client.name),
            text=visit.text(f"{TEXTS}.{deed}_text"),
            button=visit.text(f"{TEXTS}.{deed}"),
            back=f"{PATH}/{client_id}",
        )

    return _of(visit, client_id, act)


def _told(visit: Visit, client: Client, secret: str) -> Response:
    return render(visit, "console/client_secret.html", client=client, secret=secret)


def _form(
    visit: Visit, client: Client | None, wanted: NewClient, *errors: FormError, seen: str | None = None
) -> Response:
    return render(
        visit,
        "console/client.html",
        errors=errors,
        client=client,
        version=seen if client is None or seen is not None else client.version,
        wanted=wanted,
        user_scopes=sorted(USER_SCOPES),
        machine_scopes=sorted(MACHINE_SCOPES),
    )


def _errors(visit: Visit, wanted: NewClient) -> Iterator[FormError]:
    for flaw in wanted.flaws():
        told = visit.text(f"watch.clients.flaw.{flaw.flaw}", value=flaw.value, most=LONGEST_NAME)
        yield FormError(told, flaw.field)


def _asked(visit: Visit, *, is_public: bool) -> NewClient:
    return NewClient(
        name=visit.field("name").strip(),
        redirect_uris=tuple(visit.field("redirect_uris").split()),
        logout_uris=tuple(visit.field("logout_uris").split()),
        scopes=frozenset(visit.request.form.getlist("scopes")),
        is_public=is_public,
        is_first_party=visit.field("is_first_party") == "yes",
    )


def _as_asked(client: Client) -> NewClient:
    return NewClient(
        name=client.name,
        redirect_uris=client.redirect_uris,
        logout_uris=client.logout_uris,
        scopes=client.scopes,
        is_public=client.is_public,
        is_first_party=client.is_first_party,
    )
