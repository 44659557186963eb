"""What goes past Flask is answered as Flask answers it, and everything else is Flask's."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from flask import request_started

from api.auth.scopes import Scope

ID = {"X-Request-Id": "one-for-both"}
TO_FLASK = {"If-None-Match": '"another"'}


@contextmanager
def watched(application):
    """Note each request that Flask gets."""
    seen = []

    def note(_sender, **_extra):
        seen.append(1)

    with request_started.connected_to(note, application.app):
        yield seen


@pytest.fixture
def people(application):
    """Add somebody in a group and somebody in none, and the group."""
    ids = [application.add_user(name, nickName="Bøb") for name in ("bob", "tom")]
    members = [{"value": ids[0]}]
    group = application.admin().post("/scim2/Groups", {"displayName": "Staff", "members": members}).get_json()["id"]
    return {"member": f"/scim2/Users/{ids[0]}", "other": f"/scim2/Users/{ids[1]}", "group": f"/scim2/Groups/{group}"}


def known(caller, path="/scim2/Users?count=0"):
    """Return a caller whose token has been seen."""
    caller.get(path)
    return caller


@pytest.mark.parametrize("name", ["member", "other", "group", "Me"])
def test_the_answer_is_flasks(application, people, name):
    path, caller = people.get(name, "/scim2/Me"), known(application.admin())
    if name == "Me":
        caller = known(application.user(people["member"].rpartition("/")[2]), path)

    with watched(application) as seen:
        own = caller.get(path, headers=ID)
        assert not seen
        flasks = caller.get(path, headers={**ID, **TO_FLASK})
        assert seen

    assert own.status == flasks.status == "200 OK"
    assert own.data == flasks.data
    assert sorted(own.headers) == sorted(flasks.headers)


LISTS = [
    "/scim2/Users",
    "/scim2/Groups",
    "/scim2/Users?count=1",
    "/scim2/Users?count=1&count=2",
    "/scim2/Users?count=&startIndex=2",
    "/scim2/Users?count=1&cursor=",
    "/scim2/Users?filter=nickName+eq+%22B%C3%B8b%22&sortBy=userName&sortOrder=descending",
    "/scim2/Users?attributes=userName&filter=userName%20sw%20%22b%22",
    "/scim2/Users?excludedAttributes=emails,groups&other=%ff",
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.usefixtures("people")
def test_a_list_is_flasks(application, path):
    caller = known(application.admin())

    with watched(application) as seen:
        own = caller.get(path, headers=ID)
        assert bool(seen) is ("%ff" in path)
        flasks = caller.get(path, headers={**ID, **TO_FLASK})
        assert seen

    assert own.status == flasks.status == "200 OK"
    if "cursor" not in path:
        # A cursor is sealed with a number of its own.
        assert own.data == flasks.data
    assert own.get_json().keys() == flasks.get_json().keys()
    assert sorted(own.headers) == sorted(flasks.headers)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/scim2/Users?filter=nothing+eq", 400),
        ("/scim2/Users?count=many", 400),
        ("/scim2/Users?cursor=none", 400),
        ("/scim2/?count=1", 200),
        ("/scim2/Users/?count=1", 200),
    ],
)
@pytest.mark.usefixtures("people")
def test_a_list_that_is_not_plain_is_flasks(application, path, status):
    with watched(application) as seen:
        answer = known(application.admin()).get(path)

    assert answer.status_code == status
    assert seen


def test_it_is_counted_and_written_down_like_any_other(application, people, capfd):
    caller = known(application.admin())
    user = known(application.user(people["other"].rpartition("/")[2]), "/scim2/Me")
    capfd.readouterr()

    for path, by in ((people["other"], caller), ("/scim2/Me", user)):
        by.get(path, headers=ID)
        by.get(path, headers={**ID, **TO_FLASK})

    lines = [line for line in capfd.readouterr().err.splitlines() if '"event":"request"' in line]
    told = [[part for part in line.split(",") if "milliseconds" not in part] for line in lines]
    assert told[0] == told[1]
    assert told[2] == told[3]
    assert '"route":"/scim2/Users/<resource_id>"' in told[0]
    assert '"route":"/scim2/Me"' in told[2]
    assert f'"subject_id":"{people["other"].rpartition("/")[2]}"' in told[2]
    metrics = caller.get("/metrics").get_data(as_text=True)
    assert 'lineproof_http_requests_total{method="GET",route="/scim2/Me",status="200"} 3.0' in metrics


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("{other}?attributes=userName", {}, 200),
        ("{other}", {"headers": {"If-Match": '"99"'}}, 412),
        ("{other}", {"headers": {"If-None-Match": "*"}}, 304),
        ("{other}/", {}, 200),
        ("{other}", {"method": "HEAD"}, 200),
        ("{other}/more", {}, 404),
        ("/scim2/Users/nobody", {}, 404),
        ("/scim2/Users/b%C3%B8b", {}, 404),
        ("/scim2/Users/", {}, 200),
        ("/scim2/Me", {}, 404),
        ("/scim2/Schemas/urn:scim:wso2:schema", {}, 200),
        ("{other}", {"headers": {"Transfer-Encoding": "chunked"}}, 200),
    ],
)
def test_what_is_not_plain_is_flasks(application, people, path, options, status):
    caller = known(application.admin())

    with watched(application) as seen:
        answer = caller.call(options.get("method", "GET"), path.format(**people), headers=options.get("headers", {}))

    assert answer.status_code == status
    assert seen


def test_a_token_is_verified_by_flask_first(application, people):
    caller = application.admin()

    with watched(application) as seen:
        statuses = [caller.get(people["other"]).status_code for _ in range(3)]

    assert statuses == [200] * 3
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [({Scope.LOGIN}, "{other}", 403), ({Scope.USER_VIEW}, "{group}", 403), ({Scope.USER_VIEW}, "{other}", 200)],
)
def test_scopes_are_asked_for(application, people, scopes, path, status):
    user = application.user(people["member"].rpartition("/")[2], frozenset(scopes))

    assert [user.get(path.format(**people)).status_code for _ in range(2)] == [status] * 2


def test_me_needs_its_own_scope(application, people):
    user = application.user(people["member"].rpartition("/")[2], frozenset({Scope.USER_VIEW}))

    assert [user.get("/scim2/Me").status_code for _ in range(2)] == [403] * 2


@pytest.mark.parametrize("header", ["", "Basic eDp5", "Bearer", "Bearer a b", "Bearer x.y.z"])
def test_without_a_good_token_there_is_no_answer(application, people, header):
    answer = application.app.test_client().get(people["other"], headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers


def test_a_token_ends_when_it_is_revoked_or_expires(application, people):
    user_id = people["other"].rpartition("/")[2]
    user, admin = known(application.user(user_id), "/scim2/Me"), known(application.admin())
    assert user.get("/scim2/Me").status_code == 200

    application.clock.move(seconds=2)
    application.admin().replace(people["other"], {"active": False})
    application.clock.move(seconds=2)
    revoked = user.get("/scim2/Me")
    application.clock.move(days=31)

    assert revoked.status_code == 401
    assert admin.get(people["other"]).status_code == 401


def test_it_sees_each_change_and_each_removal(application, people):
    caller = known(application.admin())
    before = caller.get(people["other"])
    caller.replace(people["other"], {"nickName": "Tim"})
    after = caller.get(people["other"])
    caller.call("DELETE", people["other"])

    assert (before.headers["ETag"], after.headers["ETag"]) == ('W/"1"', 'W/"2"')
    assert after.get_json()["nickName"] == "Tim"
    assert caller.get(people["other"]).status_code == 404
