"""Bodies that nobody has thought of: never a fault of the server, always the right form, never a broken promise."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.people import ANN, BEN, CODES, DAN, ON_LIST, ON_UPDATE
from tests.factories.servers import ENTERPRISE, PATCH_SCHEMA, WSO2

EXAMPLES = 80
PROVED = {ANN, BEN}
"""What bob has verified, and all that he ever may: nobody here submits a right code, or asserts a number."""
NUMBERS = st.sampled_from([ANN, BEN, DAN, "0155555555", "+94 77 123 4567", "tel:1", "", " ", "none"])
NAMES = st.sampled_from(
    [
        "userName",
        "displayName",
        "name",
        "givenName",
        "emails",
        "phoneNumbers",
        "mobileNumbers",
        "verifiedMobileNumbers",
        "pendingMobileNumber",
        "phoneVerified",
        "verifyMobile",
        "active",
        "externalId",
        "preferredLanguage",
        "manager",
        "value",
        "type",
        "primary",
        "schemas",
        "id",
        "meta",
        "groups",
        "password",
        WSO2,
        ENTERPRISE,
        f"{WSO2}:verifiedMobileNumbers",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName",
    ]
)
PATHS = st.sampled_from(
    [
        'phoneNumbers[type eq "mobile"].value',
        'phoneNumbers[type eq "mobile"]',
        "phoneNumbers[value pr].type",
        "phoneNumbers.value",
        f"{WSO2}:verifiedMobileNumbers",
        f'{WSO2}:verifiedMobileNumbers[value eq "{BEN}"]',
        f"{WSO2}:mobileNumbers",
        f"{ENTERPRISE}:verifyMobile",
        f"{ENTERPRISE}:manager.value",
        f"{ENTERPRISE}:pendingMobileNumber",
        WSO2,
        "name.givenName",
        'emails[type eq "work" and not (primary eq true)]',
        "emails.type",
        "active",
        "members",
        "",
    ]
)
# Text of every kind, NUL and what is no character among it.
TEXTS = st.one_of(NUMBERS, st.sampled_from(["mobile", "work", "true", "bob"]), st.text(max_size=12))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(NAMES, st.text(max_size=6)), inner, max_size=4),
        st.fixed_dictionaries({"type": st.sampled_from(["mobile", "Mobile", "work"]), "value": NUMBERS}),
    ),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=6)
OPERATIONS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "op": st.one_of(st.sampled_from(["add", "replace", "remove", "Add", "REPLACE"]), SCALARS),
            "path": st.one_of(PATHS, NAMES, SCALARS),
            "value": st.one_of(VALUES, DOCUMENTS, st.lists(NUMBERS, max_size=3)),
        },
    ),
    max_size=4,
)
MESSAGES = st.one_of(OPERATIONS.map(lambda items: {"schemas": [PATCH_SCHEMA], "Operations": items}), VALUES)
CHECKS = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "code": st.one_of(st.from_regex(r"[0-9]{6}", fullmatch=True), VALUES),
            "user": st.one_of(st.fixed_dictionaries({"username": st.one_of(st.just("bob"), TEXTS)}), VALUES),
            "properties": st.one_of(
                st.lists(
                    st.fixed_dictionaries(
                        {
                            "key": st.just("RecoveryScenario"),
                            "value": st.one_of(st.sampled_from([ON_UPDATE, ON_LIST]), VALUES),
                        }
                    ),
                    max_size=2,
                ),
                VALUES,
            ),
        },
    ),
    VALUES,
)
many = settings(max_examples=EXAMPLES)


def send(user, method, path, body, *, me=False, content_type="application/json"):
    """Send a JSON value, or bytes as they are; a lone surrogate stays an escape, as a client would send it."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    caller = user.caller if me else user.application.admin()
    # Time passes, so that the limits of an hour and a day do not end the fun.
    user.application.clock.move(seconds=40)
    return caller.call(method, path, data=data, content_type=content_type)


def assert_answered(answer):
    """Assert that it is no fault of the server's, and a refusal is in the form of its path."""
    assert answer.status_code < 500, answer.get_data(as_text=True)
    if answer.status_code >= 400:
        body = answer.get_json()
        assert body["status" if "schemas" in body else "traceId"]


def assert_promises(user):
    """Assert what always holds of a user's numbers."""
    numbers, live = user.numbers(), user.live()
    assert set(numbers.verified) <= set(numbers.listed)
    assert (numbers.pending is None) == (live is None)
    assert numbers.pending is None or numbers.pending == live.target.text
    assert (numbers.is_verified is None) == (numbers.primary is None)


@many
@given(body=MESSAGES)
def test_any_patch(standing, body):
    assert_answered(send(standing, "PATCH", standing.path, body))
    assert_answered(send(standing, "PATCH", "/scim2/Me", body, me=True))
    assert_promises(standing)
    assert set(standing.numbers().verified) <= PROVED


@many
@given(body=st.one_of(DOCUMENTS.map(lambda document: {"userName": "bob", **document}), VALUES))
def test_any_put(standing, body):
    assert_answered(send(standing, "PUT", standing.path, body))
    assert_promises(standing)
    assert set(standing.numbers().verified) <= PROVED


@many
@given(body=st.one_of(DOCUMENTS, VALUES))
def test_any_new_user(standing, body):
    answer = send(standing, "POST", "/scim2/Users", body)

    assert_answered(answer)
    if answer.status_code == 201:
        assert_answered(standing.application.admin().call("DELETE", f"/scim2/Users/{answer.get_json()['id']}"))


@many
@given(
    operations=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "method": st.one_of(st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "get"]), SCALARS),
                "path": st.one_of(st.sampled_from(["/Users", "/Groups", "/Users/bulkId:1", "/Groups/x"]), SCALARS),
                "bulkId": st.one_of(st.just("1"), SCALARS),
                "version": st.one_of(st.just('W/"1"'), SCALARS),
                "data": st.one_of(DOCUMENTS, MESSAGES),
            },
        ),
        max_size=3,
    ),
    fail_on_errors=st.one_of(st.just(1), SCALARS),
)
def test_any_bulk_request(standing, operations, fail_on_errors):
    schema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    body = {"schemas": [schema], "failOnErrors": fail_on_errors, "Operations": operations}

    answer = send(standing, "POST", "/scim2/Bulk", body)

    assert_answered(answer)
    if answer.status_code == 200:
        assert all(int(result["status"]) < 500 for result in answer.get_json()["Operations"])
    assert_promises(standing)


@many
@given(body=CHECKS)
def test_any_check_and_resend(standing, body):
    for path in ("me/validate-code", "me/resend-code"):
        assert_answered(send(standing, "POST", f"{CODES}/{path}", body, me=True))
    for path in ("validate-code", "resend-code"):
        assert_answered(send(standing, "POST", f"{CODES}/{path}", body))
    assert_promises(standing)


@many
@given(data=st.binary(max_size=64), path=st.sampled_from(["/scim2/Users", "/scim2/Bulk", f"{CODES}/validate-code"]))
def test_any_bytes(standing, data, path):
    answer = send(standing, "POST", path, data)

    assert_answered(answer)
    assert answer.status_code == 400


@many
@given(
    query=st.dictionaries(
        st.sampled_from(
            ["filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes", "excludedAttributes"]
        ),
        st.one_of(
            st.sampled_from(
                [
                    'userName eq "bob"',
                    f'{WSO2}:mobileNumbers eq "{ANN}"',
                    "emails[type pr]",
                    "-1",
                    "2",
                    "descending",
                    "emails.value",
                    "",
                ]
            ),
            TEXTS,
        ),
    )
)
def test_any_query(standing, query):
    standing.application.clock.move(seconds=1)
    for path in ("/scim2/Users", "/scim2/Groups", "/scim2", standing.path):
        assert_answered(standing.application.admin().get(path, query_string=query))
