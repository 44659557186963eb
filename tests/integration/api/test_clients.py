"""Clients are changed and get other secrets, and what they held by then ends with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.secrets_at_rest import digest_of
from api.services.callers import Caller
from api.services.clients import ClientChanged, ClientRefused, NewClient, NoSuchClient

WHO = Caller(subject="operator", user_id=None, request_id="r1")
SYNC = NewClient(name="Sync", scopes=frozenset({"internal_user_mgt_view", "internal_user_mgt_list"}))
USERS = "/scim2/Users"


def status_of(application, token):
    # What is revoked is known within a second.
    application.clock.move(seconds=2)
    return application.app.test_client().get(USERS, headers={"Authorization": f"Bearer {token}"}).status_code


def events(application, name):
    return application.admin().get(f"/api/server/v1/audit?event={name}").get_json()["events"]


def test_a_client_that_may_do_less_gets_other_tokens(application):
    clients = application.services.clients
    added, _ = clients.add(SYNC, WHO)
    token = application.client_token(SYNC.scopes, added.id)
    before = status_of(application, token)

    changed = clients.change(added.id, replace(SYNC, name="Sync 2", scopes=frozenset({"internal_user_mgt_list"})), WHO)

    assert (before, status_of(application, token)) == (200, 401)
    assert clients.lookup(added.id) == changed
    assert (changed.name, changed.secret_digest) == ("Sync 2", added.secret_digest)
    (event,) = events(application, "client.changed")
    assert event["detail"] == {"client_id": added.id, "name": "Sync 2", "scopes": "internal_user_mgt_list"}


def test_a_client_that_may_do_more_keeps_its_tokens(application):
    clients = application.services.clients
    added, _ = clients.add(SYNC, WHO)
    token = application.client_token(SYNC.scopes, added.id)

    clients.change(added.id, replace(SYNC, scopes=SYNC.scopes | {"internal_user_mgt_update"}), WHO)

    assert status_of(application, token) == 200


def test_a_change_of_nothing_is_no_change(application):
    clients = application.services.clients
    added, _ = clients.add(SYNC, WHO)

    assert clients.change(added.id, SYNC, WHO) == added
    assert events(application, "client.changed") == []


def test_a_change_is_checked_as_a_new_client_is(application):
    clients = application.services.clients
    public = NewClient(name="App", redirect_uris=("com.example.app:/cb",), is_public=True)
    added, _ = clients.add(public, WHO)

    with pytest.raises(ClientRefused, match="needs a redirect URI"):
        clients.change(added.id, NewClient(name="App"), WHO)
    with pytest.raises(NoSuchClient):
        clients.change("nobody", SYNC, WHO)
    assert clients.lookup(added.id) == added


def test_a_rotated_secret_ends_the_old_one_and_the_tokens(application):
    clients = application.services.clients
    added, old = clients.add(SYNC, WHO)
    token = application.client_token(SYNC.scopes, added.id)
    before = status_of(application, token)

    new = clients.rotate(added.id, WHO)

    assert new != old
    assert clients.lookup(added.id) == replace(added, secret_digest=digest_of(new))
    assert (before, status_of(application, token)) == (200, 401)
    assert len(events(application, "client.secret_rotated")) == 1


def test_only_who_has_a_secret_gets_another(application):
    clients = application.services.clients
    public, _ = clients.add(NewClient(name="App", redirect_uris=("http://127.0.0.1/cb",), is_public=True), WHO)

    with pytest.raises(ClientRefused, match="no secret"):
        clients.rotate(public.id, WHO)
    with pytest.raises(NoSuchClient):
        clients.rotate("nobody", WHO)


def test_a_change_does_not_undo_a_secret_that_is_renewed_meanwhile(application):
    clients, database = application.services.clients, application.services.core.database
    added, _ = clients.add(SYNC, WHO)
    new = clients.rotate(added.id, WHO)

    database.transact(lambda unit: unit.clients.save(replace(added, name="Sync 2")))

    assert clients.lookup(added.id) == replace(added, name="Sync 2", secret_digest=digest_of(new))


def test_a_change_holds_for_the_version_that_was_seen_only(application):
    clients = application.services.clients
    added, _ = clients.add(SYNC, WHO)
    less = replace(SYNC, scopes=frozenset({"internal_user_mgt_list"}))
    now = clients.change(added.id, less, WHO, expected=added.version)

    with pytest.raises(ClientChanged):
        clients.change(added.id, replace(SYNC, name="Sync 2"), WHO, expected=added.version)
    clients.rotate(added.id, WHO)

    # A secret is no part of what a form shows.
    changed = clients.change(added.id, replace(less, name="Sync 2"), WHO, expected=now.version)
    assert changed.scopes == {"internal_user_mgt_list"}
