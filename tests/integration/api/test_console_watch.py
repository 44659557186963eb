"""The Console's pages about what goes on: figures, messages, refusals, the trail, and the applications."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from api.auth.scopes import Scope
from api.services.callers import Caller
from api.services.clients import NewClient
from api.services.guarding import GuardService, Tally
from api.services.provider_health import ProviderHealthService, ProviderTally
from api.services.trail import Deed
from persistence.blocked_attempts import BlockedAttempt
from tests.factories.people import add_person
from tests.factories.sign_ins import administrator
from tests.factories.stored import new_id
from verification.conversion import Area, AreaKind, Block
from verification.delivery import DeliveryStatus

WHO = Caller("operator", None, "r1")
MOBILE = "+94712345678"


@pytest.fixture
def database_url(sqlite_url):
    """Return the URL of one engine: lists and figures behind these pages are tried on both by tests of their own."""
    return sqlite_url


@pytest.fixture
def root(application):
    """Open a browser of an administrator who may do everything."""
    return administrator(application)


def rows(page):
    """Read the rows of all tables: the texts of their cells."""
    found = [[" ".join("".join(cell.itertext()).split()) for cell in row.iter("td")] for row in page.root.iter("tr")]
    return [row for row in found if row]


def links(page):
    return [link.get("href") for link in page.root.iter("a")]


def settle(application, delivery, **changes):
    core = application.services.core
    token = new_id()
    core.database.transact(lambda unit: unit.deliveries.claim(application.clock.now(), token, timedelta(days=1), 100))
    settled = replace(delivery, attempts=1, settled_at=application.clock.now(), **changes)
    core.database.transact(lambda unit: unit.deliveries.settle(token, settled))


def latest(application, person):
    core = application.services.core
    return core.database.read(lambda unit: unit.deliveries.latest(person.live().id))


def test_the_dashboard_is_whole_before_anything_was_sent(root):
    page = root.get("/console/dashboard")

    assert (page.status, page.heading) == (200, "Dashboard")
    assert "No message has failed." in page.text
    assert "Nothing has been sent" in page.text
    assert len(rows(page)) == 24


@pytest.mark.parametrize(("span", "count"), [("day", 24), ("week", 7), ("month", 30), ("year", 24)])
def test_the_dashboard_shows_a_span(root, span, count):
    assert len(rows(root.get(f"/console/dashboard?span={span}"))) == count


def test_the_dashboard_draws_what_became_of_codes(application, root):
    core, person = application.services.core, add_person(application)
    person.send(p=MOBILE)
    code, tally, calls = application.last_code(), Tally(), ProviderTally("w1")
    tally.add(person.live())
    GuardService(core).record(tally, lambda: 0.5)
    person.validate(code)
    ann = add_person(application, "ann")
    ann.send(p="+94712345679")
    settle(application, latest(application, ann), status=DeliveryStatus.FAILED, reason="number barred")
    calls.circuit("memory", "open")
    calls.called("memory", "accepted", 0.25)
    ProviderHealthService(core).record(calls)

    page = root.get("/console/dashboard")

    assert rows(page)[0][1:] == ["1", "0", "1", "0"]
    assert ["LK +94", "1", "1", "100 %"] in rows(page)
    assert ["The number is barred", "none", "1"] in rows(page)
    assert "fails, asked last" in page.text
    charts = [chart for chart in page.root.iter() if chart.get("role") == "img"]
    named = {element.get("id") for element in page.root.iter() if element.get("id")}
    assert len(charts) == 5
    assert all({chart.get("aria-labelledby"), chart.get("aria-describedby")} <= named for chart in charts)
    assert not any(element.get("style") for element in page.root.iter())


def test_the_providers_that_are_known_can_be_chosen(application, root):
    tally = ProviderTally("worker-1")
    tally.called("vonage", "accepted", 0.1)
    ProviderHealthService(application.services.core).record(tally)

    page = root.get("/console/deliveries?provider=gone")

    (select,) = [each for each in page.root.iter("select") if each.get("name") == "provider"]
    chosen = {option.get("value"): option.get("selected") is not None for option in select.iter("option")}
    assert chosen == {"": False, "console": False, "gone": True, "vonage": False}


def test_deliveries_are_listed_with_their_state_and_the_reason_in_words(application, root):
    bob = add_person(application, displayName="Bob Ray")
    bob.send(p=MOBILE)
    settle(application, latest(application, bob), status=DeliveryStatus.FAILED, reason="handset unreachable")
    application.clock.move(seconds=1)
    add_person(application, "ann").send(p="+94712345679")

    page = root.get("/console/deliveries")

    ann_row, bob_row = rows(page)
    assert ann_row[1:4] == ["ann …79", "Code for a new mobile number", "waiting"]
    assert bob_row[1:4] == ["Bob Ray …78", "Code for a new mobile number", "failed The phone is off or out of reach"]
    assert MOBILE not in page.text
    assert [row[1] for row in rows(root.get("/console/deliveries?state=failed"))] == ["Bob Ray …78"]
    assert [row[1] for row in rows(root.get("/console/deliveries?user=ann"))] == ["ann …79"]
    assert "There is no such message." in root.get("/console/deliveries?provider=twilio").text
    assert len(rows(root.get("/console/deliveries?scenario=MOBILE_VERIFICATION_ON_UPDATE&state=none"))) == 2
    nobody = root.get("/console/deliveries?user=nobody")
    assert (nobody.status, "Nobody has this user name." in nobody.text) == (422, True)


def test_what_is_under_way_is_asked_for_again_and_again(application, root):
    bob = add_person(application)
    bob.send(p=MOBILE)

    def is_asking():
        page = root.get("/console/deliveries?state=queued&user=bob")
        return any(element.get("data-hx-trigger") for element in page.root.iter("div"))

    before = is_asking()
    application.deliver()
    assert (before, is_asking()) == (True, False)


def test_deliveries_go_on_page_by_page(application, root):
    for number in range(27):
        add_person(application, f"user{number:02}").send(p=f"+947123456{number:02}")
        application.clock.move(seconds=1)

    first = root.get("/console/deliveries?state=queued")
    (following,) = [path for path in links(first) if "cursor=" in path]
    second = root.get(following)

    assert (len(rows(first)), [row[1] for row in rows(second)]) == (25, ["user01 …01", "user00 …00"])
    assert "/console/deliveries?state=queued" in links(second)
    assert root.get("/console/deliveries?cursor=x").path == "/console/deliveries"


def test_a_lost_code_is_sent_again_by_the_limits_of_all(application, root):
    bob = add_person(application)
    bob.send(p=MOBILE)
    application.deliver()
    form = root.get("/console/deliveries?user=bob").form_with("scenario", "user_id")

    refused = root.send(form)
    application.clock.move(minutes=1)
    told = root.send(form)

    assert (refused.status, "a limit is reached" in refused.text) == (429, True)
    assert "Another code is on its way." in told.text
    assert (bob.live().generation, len(rows(root.get("/console/deliveries?user=bob")))) == (2, 2)
    bob.validate(application.last_code())
    gone = root.send(form)
    assert (gone.status, "Nothing waits for a code any more" in gone.text) == (409, True)
    assert root.send(form, scenario="none").status == 409


def test_a_code_to_a_number_that_is_refused_by_now_is_not_sent_again(start):
    bob = add_person(start(otp_resend_cooldown="0"))
    bob.send(p=MOBILE)
    root = administrator(start(otp_resend_cooldown="0", guard_countries="LK=deny"))

    page = root.send(root.get("/console/deliveries?user=bob").form_with("scenario", "user_id"))

    assert (page.status, "No code can be sent to this number" in page.text) == (409, True)
    assert bob.live().generation == 1


def test_only_who_may_send_codes_is_offered_to(application):
    bob = add_person(application)
    bob.send(p=MOBILE)
    watcher = administrator(application, "ann", frozenset({Scope.USER_CODE_VIEW}))

    page = watcher.get("/console/deliveries")

    assert [form.action for form in page.forms if "resend" in form.action] == []
    assert watcher.get("/console/audit").status == 403
    assert {"/console/deliveries", "/console/dashboard"} <= set(links(page))
    assert "/console/clients" not in links(page)


def add_block(application, area):
    at = application.clock.now()
    block = Block(new_id(), area, at, at + timedelta(hours=1), 1, 60, 1)
    application.services.core.database.transact(lambda unit: unit.blocks.add(block))
    return block


def test_a_block_is_lifted_after_a_question(application, root):
    block = add_block(application, Area(AreaKind.PREFIX, "+9471234"))
    add_block(application, Area(AreaKind.COUNTRY, "LK"))

    page = root.get("/console/guard")
    path = f"/console/guard/blocks/{block.id}/lift"
    asked = root.get(path)
    form = next(form for form in asked.forms if form.action == path)
    told = root.send(form)

    assert ["+9471234… prefix", "1 of 60 codes came back blocked before, times: 1"] in [row[:2] for row in rows(page)]
    assert asked.heading == "Unblock +9471234?"
    assert "+9471234 is no longer blocked." in told.text
    assert len(rows(told)) == 1
    assert [root.send(form).status, root.get(path).status] == [404, 404]


def test_a_block_is_lifted_after_a_fresh_sign_in_only(application, root):
    block = add_block(application, Area(AreaKind.COUNTRY, "LK"))
    path = f"/console/guard/blocks/{block.id}/lift"
    form = next(form for form in root.get(path).forms if form.action == path)
    application.clock.move(minutes=11)

    for page in (root.send(form), root.get(path)):
        assert page.path == f"/sign-in?return_to={quote(path, safe='')}&notice=stale_rules"
    assert application.services.guard.current() == [block]


def test_refused_codes_are_found_by_reason_and_country(application, root):
    bob = add_person(application, displayName="Bob Ray")
    for number, (country, reason, actor) in enumerate([("LK", "country", bob.id), (None, "number_type", "shop")]):
        attempt = BlockedAttempt(
            new_id(),
            application.clock.now() + timedelta(seconds=number),
            bob.id,
            "mobile",
            "**********78",
            country,
            None,
            reason,
            actor,
            "192.0.2.1",
            "r1",
        )
        application.services.core.database.transact(lambda unit, attempt=attempt: unit.blocked_attempts.add(attempt))

    newest, oldest = rows(root.get("/console/guard"))

    assert newest[1:] == ["Bob Ray …78", "unknown", "Type of number", "somebody else 192.0.2.1"]
    assert oldest[1:] == ["Bob Ray …78", "LK", "Country is denied", "the user 192.0.2.1"]
    assert len(rows(root.get("/console/guard?country=lk"))) == 1
    assert "There is no such refused code." in root.get("/console/guard?reason=country_conversion").text
    assert root.get("/console/guard?cursor=x").path == "/console/guard"


def test_the_trail_names_people_and_is_narrowed(application):
    bob = add_person(application, displayName="Bob Ray")
    application.clock.move(days=1)
    bob.send(p=MOBILE)
    root = administrator(application)

    page = root.get("/console/audit?event=verification.requested&subject=bob&since=2026-11-23&until=2026-11-23")

    (row,) = rows(page)
    assert row[1:4] == ["Verification begun", "Bob Ray", "Bob Ray"]
    assert "…78" not in row[4]
    assert MOBILE not in page.text
    assert "There is no such event." in root.get("/console/audit?actor=nobody&until=2026-11-21").text
    assert rows(root.get("/console/audit?subject=bob&since=yesterday"))
    assert root.get("/console/audit?cursor=x").path == "/console/audit"


@pytest.mark.parametrize(("form", "head"), [("csv", '"id","at","event"'), ("jsonl", '{"id":')])
def test_the_trail_is_taken_away_as_it_is_narrowed(application, root, form, head):
    bob = add_person(application)
    bob.send(p=MOBILE)
    (path,) = [path for path in links(root.get("/console/audit?subject=bob")) if path.endswith(f"/{form}?subject=bob")]

    answer = root.client.get(path)

    assert answer.text.startswith(head)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="audit.{form}"'
    assert bob.id in answer.text
    taken = application.admin().get("/api/server/v1/audit?event=audit.exported").get_json()["events"]
    assert [event["detail"]["form"] for event in taken] == [form]
    assert root.client.get("/console/audit/export/pdf").status_code == 404


def test_every_deed_has_words(root):
    called = {option.get("value"): option.text for option in root.get("/console/audit").root.iter("option")}

    assert [deed for deed in Deed if called[deed.value] == deed] == []


def test_a_client_is_registered_and_its_secret_told_once(application, root):
    form = root.get("/console/clients/new").form_with("name")
    told = root.client.post(
        form.action,
        data={
            **form.values,
            "name": "Web shop",
            "redirect_uris": "https://shop.example/cb\nhttps://shop.example/cb2",
            "scopes": ["openid", "phone"],
        },
        headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    )

    (client,) = application.services.clients.list()
    assert told.status_code == 200
    assert client.redirect_uris == ("https://shop.example/cb", "https://shop.example/cb2")
    assert client.scopes == {"openid", "phone"}
    assert len(re.findall(r"[\w-]{43}", told.text.split("<dl", 1)[1].split("</dl", 1)[0])) == 1
    assert [row[:2] for row in rows(root.get("/console/clients"))] == [["Web shop", "with a secret"]]


def test_what_is_wrong_with_a_client_is_said_beside_the_field(root):
    form = root.get("/console/clients/new").form_with("name")

    page = root.send(form, name="Shop", redirect_uris="http://shop.example/")

    assert page.status == 422
    (field,) = [area for area in page.root.iter("textarea") if area.get("id") == "redirect_uris"]
    assert (field.get("aria-invalid"), field.text.strip()) == ("true", "http://shop.example/")
    assert "http://shop.example/ cannot be used: it must be https" in page.text
    assert root.send(form, name=" ").status == 422
    assert "needs an address where its users come back to" in root.send(form, name="App", is_public="yes").text


def test_all_that_is_wrong_with_a_client_is_said_at_once(root):
    form = root.get("/console/clients/new").form_with("name")

    page = root.send(
        form,
        name=" ",
        redirect_uris="http://a.example/ https://b.example/ http://c.example/",
        logout_uris="x",
        scopes="openid nothing",
    )

    (summary,) = (each for each in page.root.iter("div") if each.get("class") == "summary")
    assert [link.get("href") for link in summary.iter("a")] == ["#name", "#redirect_uris", "#logout_uris", "#scopes"]
    assert "http://a.example/, http://c.example/ cannot be used" in page.text


def test_a_client_is_changed_its_secret_renewed_and_it_is_removed(application, root):
    client, _ = application.services.clients.add(NewClient(name="Sync", scopes=frozenset({"openid"})), WHO)
    path = f"/console/clients/{client.id}"

    faulty = root.send(root.get(path).form_with("name"), name="")
    changed = root.send(root.get(path).form_with("name"), name="Sync 2", is_first_party="yes")
    renewed = root.send(next(form for form in root.get(f"{path}/rotate").forms if form.action == f"{path}/rotate"))
    asked = root.get(f"{path}/remove")
    removed = root.send(next(form for form in asked.forms if form.action == f"{path}/remove"))

    assert (faulty.status, faulty.heading) == (422, "Sync")
    assert "Sync 2 is changed." in changed.text
    assert rows(changed)[0][:2] == ["Sync 2", "with a secret own application"]
    assert renewed.heading == "The secret of Sync 2"
    assert asked.heading == "Remove Sync 2?"
    assert "Sync 2 is removed." in removed.text
    assert application.services.clients.list() == ()
    assert [root.get(path).status, root.get(f"{path}/rotate").status] == [404, 404]


def test_a_form_of_a_client_does_not_give_back_what_was_taken_away_meanwhile(application, root):
    clients = application.services.clients
    client, _ = clients.add(NewClient(name="Sync", scopes=frozenset({"openid", "phone"})), WHO)
    path = f"/console/clients/{client.id}"
    faulty = root.send(root.get(path).form_with("name"), name="")
    clients.change(client.id, NewClient(name="Sync", scopes=frozenset({"openid"})), WHO)

    refused = root.send(faulty.form_with("name"), name="Sync 2")

    assert (refused.status, "changed this client meanwhile" in refused.text) == (422, True)
    assert clients.lookup(client.id).scopes == {"openid"}
    root.send(refused.form_with("name"), name="Sync 2")
    after = clients.lookup(client.id)
    assert (after.name, after.scopes) == ("Sync 2", {"openid"})


def test_a_public_client_has_no_secret_to_be_told(application, root):
    form = root.get("/console/clients/new").form_with("name")
    told = root.send(form, name="App", is_public="yes", redirect_uris="com.example.app:/cb")

    (client,) = application.services.clients.list()
    path = f"/console/clients/{client.id}"
    assert (told.heading, "App is added." in told.text) == ("App", True)
    assert f"{path}/rotate" not in links(told)
    asked = root.get(f"{path}/rotate")
    assert root.send(next(form for form in asked.forms if form.action == f"{path}/rotate")).heading == "App"


@pytest.mark.parametrize("act", ["/new", "/{id}", "/{id}/rotate", "/{id}/remove"])
def test_what_clients_may_do_is_changed_after_a_fresh_sign_in_only(application, root, act):
    client, _ = application.services.clients.add(NewClient(name="Sync", scopes=frozenset({"openid"})), WHO)
    form = root.get("/console/clients/new").form_with("name")
    form.action = f"/console/clients{act.format(id=client.id)}"
    application.clock.move(minutes=11)

    page = root.send(form, name="Mine", scopes=str(Scope.USER_UPDATE))

    assert page.path.startswith("/sign-in?return_to=%2Fconsole%2Fclients%2F")
    assert application.services.clients.list() == (client,)


def test_clients_are_only_changed_by_who_may_do_everything(application):
    application.services.clients.add(NewClient(name="Sync"), WHO)
    watcher = administrator(application, "ann", frozenset({Scope.GOVERNANCE_VIEW, Scope.GOVERNANCE_UPDATE}))

    page = watcher.get("/console/clients")

    assert rows(page)[0][0] == "Sync"
    assert "/console/clients/new" not in links(page)
    assert watcher.get("/console/clients/new").status == 403
