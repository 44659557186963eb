"""The Console: who may enter, and the list of users."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from api.auth.scopes import ALL_SCOPES, Scope
from api.services.administrators import AdministratorService, LastAdministrator, OwnRights, ScopeUnknown
from api.services.callers import Caller
from api.services.errors import NoSuchUser, StaleAuthentication
from tests.factories.browsing import Browser
from tests.factories.sign_ins import administrator, signed_in

OPERATOR = Caller("command-line", None, "request")


@pytest.fixture
def root(application):
    """Open a browser of an administrator who may do everything."""
    return administrator(application)


def links(page):
    return [link.get("href") for link in page.root.iter("a")]


def rows(page):
    """Read the rows of the table: the texts of their cells."""
    return [[" ".join("".join(cell.itertext()).split()) for cell in row.iter("td")] for row in page.root.iter("tr")][1:]


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(application):
    page = Browser(application.app).get("/console/users?q=bob")

    assert page.path == "/sign-in?return_to=%2Fconsole%2Fusers%3Fq%3Dbob"


def test_a_user_like_others_is_told_that_the_console_is_shut(application, bob):
    page = signed_in(application, bob.id).get("/console")

    assert (page.status, page.heading) == (403, "You may not open this page")
    assert "/console" not in links(signed_in(application, bob.id).get("/"))


def test_the_console_begins_with_the_first_page_that_may_be_opened(root, application):
    assert "/console" in links(root.get("/"))
    assert root.get("/console").heading == "Dashboard"
    told = administrator(application, "ann", frozenset({Scope.LOGIN})).get("/console")
    assert "none of its pages" in told.text
    assert "/console/users" not in links(told)


def test_rights_end_at_once(root, application):
    user_id = application.services.verifications.user_named("root")
    application.services.administrators.set_scopes(user_id, frozenset(), OPERATOR)

    assert root.get("/console/users").status == 403


def test_an_administrator_with_everything_has_what_a_later_release_adds(application, root, monkeypatch):
    user_id = application.services.verifications.user_named("root")
    monkeypatch.setattr("api.services.administrators.ALL_SCOPES", ALL_SCOPES | {"internal_new"})

    assert "internal_new" in application.services.administrators.lookup(user_id).scopes


def test_rights_are_set_by_others_who_signed_in_a_moment_ago(application, bob):
    service, now = application.services.administrators, application.clock.now()
    by_user = Caller("ann", "ann", "request", authenticated_at=now)

    service.set_scopes(bob.id, frozenset({Scope.USER_LIST}), by_user)
    assert service.lookup(bob.id).scopes == {Scope.USER_LIST}
    with pytest.raises(OwnRights):
        service.set_scopes(bob.id, ALL_SCOPES, Caller(bob.id, bob.id, "request", authenticated_at=now))
    application.clock.move(minutes=11)
    with pytest.raises(StaleAuthentication):
        service.set_scopes(bob.id, frozenset(), by_user)
    with pytest.raises(ScopeUnknown):
        service.set_scopes(bob.id, frozenset({"everything"}), OPERATOR)
    with pytest.raises(NoSuchUser):
        service.set_scopes("nobody", ALL_SCOPES, OPERATOR)
    with pytest.raises(NoSuchUser):
        service.lookup("nobody")


def test_the_last_who_may_do_everything_keeps_it_but_for_the_operator(application, bob):
    service, now = application.services.administrators, application.clock.now()
    ann = application.add_user("ann")
    by_ann, by_bob = (Caller(user, user, "request", authenticated_at=now) for user in (ann, bob.id))
    for user in (ann, bob.id):
        service.set_scopes(user, ALL_SCOPES, OPERATOR)

    # Both were let in while both had everything.
    service.set_scopes(bob.id, frozenset({Scope.USER_LIST}), by_ann)
    for scopes in (frozenset(), frozenset({Scope.USER_LIST})):
        with pytest.raises(LastAdministrator):
            service.set_scopes(ann, scopes, by_bob)

    service.set_scopes(ann, ALL_SCOPES, by_bob)
    service.set_scopes(ann, frozenset(), OPERATOR)
    assert service.lookup(ann).scopes == frozenset()


def test_two_who_take_each_others_rights_at_once_leave_one(application, bob):
    service, now = application.services.administrators, application.clock.now()
    ann = application.add_user("ann")
    for user in (ann, bob.id):
        service.set_scopes(user, ALL_SCOPES, OPERATOR)

    def take(by, of):
        try:
            service.set_scopes(of, frozenset(), Caller(by, by, "request", authenticated_at=now))
        except LastAdministrator:
            return 0
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(take, (ann, bob.id), (bob.id, ann))) == 1
    assert sorted(len(service.lookup(user).scopes) for user in (ann, bob.id)) == [0, len(ALL_SCOPES)]


def test_the_page_of_rights_says_that_somebody_has_to_keep_them(root, bob, monkeypatch):
    def refuse(*_args):
        raise LastAdministrator

    monkeypatch.setattr(AdministratorService, "set_scopes", refuse)
    page = root.get(f"/console/users/{bob.id}/rights")

    refused = root.send(next(form for form in page.forms if form.action.endswith("/rights")))

    assert refused.status == 422
    assert "Nobody else may do everything." in refused.text


def test_rights_are_on_record(application, bob):
    application.services.administrators.set_scopes(bob.id, ALL_SCOPES, OPERATOR)
    application.clock.move(seconds=1)
    application.services.administrators.set_scopes(bob.id, frozenset(), OPERATOR)

    events = application.admin().get("/api/server/v1/audit?event=administrator.changed").get_json()["events"]
    assert [(event["subject"], event["actor"], event["detail"]) for event in events] == [
        (bob.id, "command-line", {"scopes": "none"}),
        (bob.id, "command-line", {"scopes": "*"}),
    ]


def test_the_list_shows_what_matters(application, root, bob):
    application.add_user("zoe", active=False, displayName="Zoé Z", emails=[{"value": "zoe@example.com"}])
    bob.send(p="0199999999")

    assert rows(root.get("/console/users")) == [
        ["bob", "0111111111 verified 0199999999 waits for its proof", "none", "active"],
        ["root", "none", "none", "active"],
        ["Zoé Z zoe", "none", "zoe@example.com", "inactive"],
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("BO", ["bob"]),
        ("Bobby T", ["bob"]),
        ("Bob@", ["bob"]),
        ("(0111) 111", ["bob"]),
        ("7of9", ["7of9"]),
        ("7", ["7of9"]),
        ('"\\', []),
    ],
)
def test_a_plain_search_looks_for_the_beginning(application, root, text, found):
    phones = [{"type": "mobile", "value": "0111111111"}]
    application.add_user("bob", displayName="Bobby Tables", emails=[{"value": "bob@example.com"}], phoneNumbers=phones)
    application.add_user("7of9")

    page = root.get(f"/console/users?q={text.replace('+', '%2B')}")

    assert [row[0].split()[-1] for row in rows(page)] == found
    assert ("Nobody was found." in page.text) == (not found)


def test_a_filter_finds_users_and_is_told_where_it_is_wrong(application, root):
    application.admin().post("/scim2/Users", {"userName": "zoe", "name": {"familyName": "Zeta"}})

    assert rows(root.get('/console/users?filter=name.familyName+eq+"zeta"'))[0][0] == "Zeta zoe"
    page = root.get("/console/users?filter=name.familyName+is+x")
    fields = [field for field in page.root.iter("input") if field.get("id") == "filter"]
    assert page.status == 422
    assert (fields[0].get("value"), fields[0].get("aria-invalid")) == ("name.familyName is x", "true")
    assert "This filter cannot be used: " in page.text
    assert root.get("/console/users?filter=nothing+eq+1").status == 422


def test_the_list_goes_on_page_by_page_and_back(application, root):
    for number in range(30):
        application.add_user(f"user{number:02}")

    first = root.get("/console/users?q=user")
    (following,) = [path for path in links(first) if "cursor=" in path]
    second = root.get(following)
    (back,) = [path for path in links(second) if "cursor=" in path]

    assert (len(rows(first)), len(rows(second))) == (25, 5)
    assert {row[0] for row in (*rows(first), *rows(second))} == {f"user{number:02}" for number in range(30)}
    assert rows(root.get(back)) == rows(first)
    assert "Found: 30" in second.text


def test_a_cursor_that_is_no_good_any_more_begins_again(root):
    assert rows(root.get("/console/users?q=root&cursor=x")) == rows(root.get("/console/users?q=root")) != []


PATHS = (
    "/console/users?q={}",
    "/console/users?filter={}",
    "/console/users?cursor={}",
    "/console/users/{}",
    "/console/users/{}/rights",
    "/console/users/{}/reset",
    "/console/groups?q={}",
    "/console/groups/{}",
    "/console/groups/{}/members",
    "STAFF?after={}",
    "STAFF/members?q={}",
)


@pytest.mark.parametrize("odd", ["%00", "%ED%A0%80", "%22%5C%27--"])
def test_what_nobody_types_breaks_no_page(application, root, odd):
    group = application.admin().post("/scim2/Groups", {"displayName": "Staff"}).get_json()["id"]

    for path in PATHS:
        page = root.get(path.format(odd).replace("STAFF", f"/console/groups/{group}"))

        assert (path, page.status) in {(path, status) for status in (200, 404, 422)}


@pytest.mark.parametrize("odd", ["\0", "\ud800", "9" * 1200, ""])
def test_what_no_form_of_ours_sends_breaks_no_page(application, root, bob, odd):
    group = application.admin().post("/scim2/Groups", {"displayName": "Staff"}).get_json()["id"]
    paths = {
        f"/console/users/{bob.id}": {"version": odd, "user_name": odd, "mobile": odd, "email": odd, "language": odd},
        f"/console/users/{bob.id}/delete": {"version": odd},
        f"/console/users/{bob.id}/reset": {"confirmation": odd, "reason": odd},
        f"/console/users/{bob.id}/mobile/verify": {"mobile_code": odd},
        f"/console/users/{bob.id}/mobile/prove": {"mobile_value": odd},
        f"/console/users/{bob.id}/mobile/cancel": {"verification": odd},
        "/console/new-user": {"user_name": odd, "given_name": odd, "password": odd},
        "/console/new-group": {"display_name": odd, "external_id": odd},
        f"/console/groups/{group}": {"version": odd, "display_name": odd},
        f"/console/groups/{group}/members": {"member": odd, "act": "add", "back": odd},
    }
    token = root.get("/").form_with("locale").values["form_token"]
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}

    for path, form in paths.items():
        sent = urlencode({"form_token": token, **form}, errors="surrogatepass")
        kind = "application/x-www-form-urlencoded"
        answer = root.client.post(path, data=sent, content_type=kind, headers=headers)

        assert (path, answer.status_code) in {(path, status) for status in (200, 303, 404, 409, 412, 422)}
