"""Requests that are wrong before anybody reads their body: paths, methods, headers, query strings, tokens."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.factories.people import ANN, CODES, DAN, person
from tests.factories.tokens import claims, signed, signed_with_public_key, unsigned

SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
SCIM_TYPE = "application/scim+json"


def anonymous(user, method, path, **options):
    return user.application.app.test_client().open(path, method=method, **options)


def is_scim(answer):
    return answer.headers["Content-Type"] == SCIM_TYPE and answer.get_json()["schemas"] == [SCIM_ERROR]


def is_plain(answer):
    return answer.headers["Content-Type"] == "application/json" and "traceId" in answer.get_json()


# Paths


@pytest.mark.parametrize("form", ["{}/", "{}?", "{}?unknown=1"])
def test_a_path_may_end_in_a_slash_and_have_a_query(standing, form):
    answer = standing.application.admin().get(form.format(standing.path))

    assert answer.status_code == 200
    assert answer.get_json()["id"] == standing.id


@pytest.mark.parametrize("path", ["/scim2/Users/", "/scim2/Me/", "/scim2/Schemas/", "/healthz/"])
def test_other_paths_may_end_in_a_slash(standing, path):
    assert (
        standing.application.user(standing.id, frozenset({"internal_login", "internal_user_mgt_list"}))
        .get(path)
        .status_code
        == 200
    )


def test_an_id_may_be_percent_encoded(standing):
    encoded = "".join(f"%{ord(letter):02X}" for letter in standing.id)

    assert standing.application.admin().get(f"/scim2/Users/{encoded}").get_json()["userName"] == "bob"


UNKNOWN_IDS = [
    "no-such-id",
    "00000000-0000-0000-0000-000000000000",
    "bob",
    "%00",
    "a%00b",
    "%20",
    "%2e%2e",
    "..%2f..%2fetc",
    "%ff%fe",
    "%ed%a0%80",
    "%F0%9F%98%80",
    "'%20OR%201=1",
    "%25",
    "x" * 8000,
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("number", UNKNOWN_IDS, ids=lambda number: number[:20])
def test_an_unknown_id_is_not_found(standing, method, number):
    body = {"PUT": {"userName": "eve"}, "PATCH": {"Operations": [{"op": "add", "value": {"displayName": "x"}}]}}

    answer = standing.application.admin().call(method, f"/scim2/Users/{number}", body.get(method))

    assert answer.status_code == 404
    assert method == "HEAD" or is_scim(answer)


@pytest.mark.parametrize("number", UNKNOWN_IDS, ids=lambda number: number[:20])
def test_an_unknown_verification_is_not_found(standing, number):
    answer = standing.caller.call("DELETE", f"{CODES}/me/verifications/{number}")

    assert answer.status_code == 404
    assert is_plain(answer)


@pytest.mark.parametrize(
    "path",
    ["/scim2/Nope", "/scim2/users", "/scim2/Users/x/y", "/scim2//Users", "//scim2/Users", "/scim2/Schemas/urn:nope"],
)
def test_what_is_not_there_under_scim_is_a_scim_error(standing, path):
    answer = standing.application.admin().get(path)

    assert answer.status_code == 404
    assert is_scim(answer) is path.startswith("/scim2")


@pytest.mark.parametrize("path", ["/scim", "/scim2x", f"{CODES}/nope", "/api", "/admin", "/%2e%2e/etc/passwd", "/\x00"])
def test_what_is_not_there_elsewhere_is_a_plain_error(standing, path):
    answer = standing.application.admin().get(path)

    assert answer.status_code == 404
    assert is_plain(answer)


# Methods


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/scim2/Users", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("/scim2/Users/x", {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"}),
        ("/scim2/Me", {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"}),
        ("/scim2/Schemas", {"GET", "HEAD", "OPTIONS"}),
        ("/scim2/ResourceTypes", {"GET", "HEAD", "OPTIONS"}),
        ("/scim2/ServiceProviderConfig", {"GET", "HEAD", "OPTIONS"}),
        (f"{CODES}/validate-code", {"OPTIONS", "POST"}),
        (f"{CODES}/me/validate-code", {"OPTIONS", "POST"}),
        (f"{CODES}/me/verifications", {"GET", "HEAD", "OPTIONS"}),
        ("/healthz", {"GET", "HEAD", "OPTIONS"}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_a_method_that_is_not_there_is_told_with_those_that_are(standing, path, allowed, method):
    if method in allowed:
        return_code = standing.application.admin().call(method, path).status_code
        assert return_code != 405
        return

    answer = standing.application.admin().call(method, path)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert method == "HEAD" or (is_scim(answer) if path.startswith("/scim2") else is_plain(answer))


@pytest.mark.parametrize(
    "path", ["/scim2/Me", "/scim2/Users", "/scim2/Schemas", f"{CODES}/me/verifications", "/readyz"]
)
def test_head_is_get_without_a_body(standing, path):
    caller = standing.application.user(standing.id, frozenset({"internal_login", "internal_user_mgt_list"}))

    get, head = caller.get(path), caller.call("HEAD", path)

    assert (head.status_code, head.data) == (200, b"")
    changing = {"Content-Length", "X-Request-Id"}
    assert {n: v for n, v in head.headers if n not in changing} == {n: v for n, v in get.headers if n not in changing}


@pytest.mark.parametrize("path", ["/scim2/Users", "/scim2/Me", f"{CODES}/me/validate-code"])
def test_options_tells_the_methods(standing, path):
    answer = standing.application.admin().call("OPTIONS", path)

    assert (answer.status_code, answer.data) == (200, b"")
    assert "OPTIONS" in answer.headers["Allow"]


# Headers


@pytest.mark.parametrize(
    "sent", ["", "short", "x" * 65, "with space in it", "<script>alert(1)</script>", "ümläut-ümläut"]
)
def test_a_request_id_that_is_no_plain_one_is_replaced(standing, sent):
    answer = standing.application.admin().get("/nope", headers={"X-Request-Id": sent})

    assert answer.headers["X-Request-Id"] != sent
    assert answer.get_json()["traceId"] == answer.headers["X-Request-Id"]


def test_a_plain_request_id_is_kept(standing):
    answer = standing.application.admin().get("/nope", headers={"X-Request-Id": "order-2026.11_22"})

    assert answer.headers["X-Request-Id"] == answer.get_json()["traceId"] == "order-2026.11_22"


def test_answers_are_not_for_caches(standing):
    for answer in (standing.application.admin().get(standing.path), anonymous(standing, "GET", standing.path)):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_body_with_a_length_and_in_chunks_is_refused(standing):
    """RFC 9112 §6.3: a proxy may have read another length than we would."""
    answer = standing.application.admin().post(
        "/scim2/Users", {"userName": "smuggled"}, headers={"Transfer-Encoding": "chunked"}
    )

    assert answer.status_code == 400
    assert is_scim(answer)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("header", ['W/"7"', '"1"x', "garbage", 'W/"x"', 'W/"99999999999999999999"', "", ","])
def test_a_precondition_that_does_not_hold_is_told(standing, method, header):
    body = {"PUT": {"userName": "eve"}, "PATCH": {"Operations": [{"op": "add", "value": {"displayName": "x"}}]}}

    answer = standing.application.admin().call(method, standing.path, body.get(method), headers={"If-Match": header})

    assert answer.status_code == 412
    assert is_scim(answer)


def test_a_condition_on_the_present_version_spares_the_body(standing):
    version = standing.version()

    answer = standing.application.admin().get(standing.path, headers={"If-None-Match": f'"other", {version}'})

    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", version)


# Query strings

BAD_QUERIES = {
    "no filter": ("filter=%20nope", "invalidFilter"),
    "an unknown attribute": ("filter=nope%20pr", "invalidFilter"),
    "an unknown operator": ("filter=userName%20is%20%22x%22", "invalidFilter"),
    "open quotes": ("filter=userName%20eq%20%22x", "invalidFilter"),
    "NUL": ("filter=userName%20eq%20%22%00%22", "invalidFilter"),
    "escaped NUL and surrogate": (
        f"filter={quote(chr(34).join(['userName eq ', chr(92) + 'ud800', '']))}",
        "invalidFilter",
    ),
    "a long filter": ("filter=" + "a" * 100_000, "invalidFilter"),
    "a deep filter": ("filter=" + "(" * 2000 + "id%20pr" + ")" * 2000, "invalidFilter"),
    "a secret attribute": ("filter=password%20eq%20%22x%22", "invalidFilter"),
    "count": ("count=many", "invalidValue"),
    "a broken count": ("count=1.5", "invalidValue"),
    "a foreign digit": ("count=%D9%A3", "invalidValue"),
    "startIndex": ("startIndex=first", "invalidValue"),
    "sortBy": ("sortBy=nope", "invalidValue"),
    "sortOrder": ("sortBy=userName&sortOrder=sideways", "invalidValue"),
    "both projections": ("attributes=userName&excludedAttributes=emails", "invalidValue"),
    "a foreign cursor": ("cursor=abc", "invalidCursor"),
    "a cursor of bytes": ("cursor=%ff%00", "invalidCursor"),
}


@pytest.mark.parametrize(("query", "scim_type"), BAD_QUERIES.values(), ids=BAD_QUERIES)
@pytest.mark.parametrize("path", ["/scim2/Users", "/scim2/Groups", "/scim2"])
def test_a_bad_query_is_refused(standing, path, query, scim_type):
    answer = standing.application.admin().get(f"{path}?{query}")

    assert answer.status_code == 400
    assert is_scim(answer)
    assert answer.get_json()["scimType"] == scim_type


@pytest.mark.parametrize(
    "query", ["startIndex=0", "startIndex=-7", "count=-1", "count=0", "startIndex=2147483648", "count="]
)
def test_numbers_out_of_range_are_brought_into_it(standing, query):
    answer = standing.application.admin().get(f"/scim2/Users?{query}")

    assert answer.status_code == 200
    assert answer.get_json()["totalResults"] == 1


@pytest.mark.parametrize("path", ["/scim2/Schemas", "/scim2/ResourceTypes", "/scim2/ServiceProviderConfig"])
def test_discovery_cannot_be_filtered(standing, path):
    answer = anonymous(standing, "GET", f"{path}?filter=id%20pr")

    assert answer.status_code == 403
    assert is_scim(answer)


# Tokens


def _bad_tokens(user):
    good = user.application.user_token(user.id)
    head, body, signature = good.split(".")
    return {
        "no token": None,
        "another scheme": "Basic Ym9iOnNlY3JldA==",
        "no value": "Bearer",
        "two values": f"Bearer {good} {good}",
        "garbage": "Bearer abc",
        "three parts of garbage": "Bearer a.b.c",
        "another payload": f"Bearer {head}.{body[:-2]}AA.{signature}",
        "no signature": f"Bearer {head}.{body}.",
        "cut off": f"Bearer {good[:-10]}",
        "a foreign key": f"Bearer {signed(claims(iss=user.application.services.settings.base_url))}",
        "a foreign issuer": f"Bearer {signed(claims(iss='https://evil.example'))}",
        "algorithm none": f"Bearer {unsigned({'alg': 'none', 'typ': 'at+jwt'}, claims())}",
        "an HMAC": f"Bearer {signed_with_public_key(claims())}",
        "too long": f"Bearer {'a' * 100_000}",
        "NUL": f"Bearer {good}\x00",
        "not ASCII": "Bearer töken",
    }


NAMES = [
    "no token",
    "another scheme",
    "no value",
    "two values",
    "garbage",
    "three parts of garbage",
    "another payload",
    "no signature",
    "cut off",
    "a foreign key",
    "a foreign issuer",
    "algorithm none",
    "an HMAC",
    "too long",
    "NUL",
    "not ASCII",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", ["/scim2/Me", f"{CODES}/me/verifications"])
def test_a_bad_token_is_challenged(standing, name, path):
    value = _bad_tokens(standing)[name]
    headers = {"Authorization": value} if value is not None else {}

    answer = anonymous(standing, "GET", path, headers=headers)

    assert answer.status_code == 401
    assert is_scim(answer) or is_plain(answer)
    challenge = answer.headers["WWW-Authenticate"]
    is_sent = name not in {"no token", "another scheme"}
    assert challenge == 'Bearer realm="lineproof"' + (', error="invalid_token"' if is_sent else "")


def test_an_expired_token_is_challenged(standing):
    issuer = standing.application.services.issuer
    token = issuer.mint_for_user(standing.id, client_id="tests", scopes=(), lifetime=timedelta(seconds=-1))

    answer = anonymous(standing, "GET", "/scim2/Me", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert token not in answer.get_data(as_text=True)


def test_the_token_of_a_user_who_is_not_there_has_no_me(standing):
    ghost = person(standing.application, "01a2027b-0000-7000-8000-000000000000")

    assert ghost.caller.get("/scim2/Me").status_code == 404
    assert ghost.validate("123456").status_code == 404


def test_a_token_in_the_query_is_not_looked_at(standing):
    token = standing.application.client_token()

    answer = anonymous(standing, "GET", f"/scim2/Users?access_token={token}")

    assert answer.status_code == 401


def test_the_body_is_not_read_for_who_may_not_send_it(standing):
    answer = anonymous(standing, "POST", "/scim2/Users", data=b"{", content_type="text/plain")

    assert answer.status_code == 401


def test_after_all_this_nothing_has_changed(standing):
    assert standing.version() == 'W/"1"'
    assert standing.numbers().primary == ANN
    assert standing.live() is None
    assert standing.application.carrier.messages == []
    assert standing.send(p=DAN).status_code == 200
