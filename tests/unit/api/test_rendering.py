"""Spliced answers are those that building and dumping a document would give, byte by byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.dialect import Dialect
from api.moments import json_moment, rfc3339
from api.rendering import Renderer
from persistence.documents import StoredResource
from scim.projection import Projection
from tests.factories.schemas import group_type, user_type

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
OURS = "urn:scim:wso2:schema"
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EXTENSIONS = {
    "none": {},
    "a flag": {OURS: {"phoneVerified": True}},
    "another flag": {OURS: {"phoneVerified": False}},
    "numbers": {
        OURS: {"mobileNumbers": ["0111111111", "0222222222"], "pendingMobileNumber": "+49 (0)1", "phoneVerified": True}
    },
    "enterprise": {ENTERPRISE: {"employeeNumber": '7"}'}},
    "both": {ENTERPRISE: {"manager": {"value": "ü"}}, OURS: {"verifiedMobileNumbers": ["0111111111"]}},
}
EVERYTHING = Projection()
GROUPS = {"groups": [{"value": "g1", "display": "Größe"}]}


def renderer(dialect=Dialect.GUIDE, **options):
    return Renderer("http://example.com", dialect, **options)


def stored(extensions=None, body=None, **changed):
    texts = [orjson.dumps(each).decode() if each else "" for each in (body, extensions)]
    return StoredResource(
        "0193-1", "User", 3, (texts[0] or "{}").encode(), texts[1], AT, AT, has_groups=False
    )._replace(**changed)


@pytest.mark.parametrize("name", EXTENSIONS)
@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("computed", [None, GROUPS], ids=["no groups", "groups"])
@pytest.mark.parametrize("body", [{}, {"userName": "bob", "displayName": 'Bøb "x"'}], ids=["empty", "some"])
def test_a_spliced_resource_is_the_projected_one(name, dialect, computed, body):
    resource = stored(EXTENSIONS[name], body)
    projecting, splicing = renderer(dialect), renderer(dialect, whole_types=frozenset({"User"}))

    # What is short is kept, so it is asked for twice.
    spliced = [splicing.projected(resource, user_type(), EVERYTHING, computed) for _ in range(2)]

    assert spliced == [projecting.projected(resource, user_type(), EVERYTHING, computed)] * 2


def test_a_page_splices_what_it_may_and_projects_the_rest():
    rows = [stored(body={"userName": "bob"}), stored(body={"displayName": "Staff"}, id="g", resource_type="Group")]
    types = {"User": user_type(), "Group": group_type()}
    splicing = renderer(whole_types=frozenset({"User"}))

    page = splicing.page(rows, types, EVERYTHING, {"g": {"members": []}})
    names = splicing.page(rows, types, Projection(("userName",)), {})

    assert page == renderer().page(rows, types, EVERYTHING, {"g": {"members": []}})
    assert [{*orjson.loads(each)} - {"schemas", "id"} for each in names] == [{"userName"}, set()]


def test_no_more_short_texts_are_kept_than_there_is_use_for():
    splicing = renderer(whole_types=frozenset({"User"}))

    for number in range(300):
        splicing.body(stored({OURS: {"phoneVerified": number}}), user_type())
    splicing.body(stored(EXTENSIONS["numbers"]), user_type())

    assert len(splicing._short) == 100


def test_another_deployment_has_its_own_locations():
    resource, splicing = stored(), renderer(whole_types=frozenset({"User"}))
    elsewhere = replace(splicing, base_url="https://other.example.com")

    found = [orjson.loads(each.body(resource, user_type()))["meta"]["location"] for each in (splicing, elsewhere)]

    assert found == ["http://example.com/scim2/Users/0193-1", "https://other.example.com/scim2/Users/0193-1"]


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1), timezones=st.just(UTC)))
def test_a_json_moment_is_the_moment_as_json(moment):
    assert json_moment(moment) == orjson.dumps(rfc3339(moment))


def test_a_whole_second_has_milliseconds():
    assert json_moment(AT) == b'"2026-11-22T09:00:00.000Z"'
