"""Our attributes in answers and at /Schemas, with and without what gives them a meaning."""

from __future__ import annotations

import pytest

from api.dialect import Dialect, absent_names, idle_names, present_extensions, present_schemas
from scim.discovery import schema_documents
from scim.resource_types import load_registry
from verification.policy import Policy

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
OURS = "urn:scim:wso2:schema"
DEFAULT = Policy()
GATED = Policy(email_verification=True)
STORED = {OURS: {"verifiedMobileNumbers": ["0111111111"], "phoneVerified": False}}


def served(dialect, policy=DEFAULT):
    documents = present_schemas(schema_documents(load_registry(), ""), dialect, idle_names(policy))
    return {document["id"]: {item["name"] for item in document["attributes"]} for document in documents}


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        pytest.param(
            Dialect.GUIDE,
            {ENTERPRISE: {"phoneVerified": False}, OURS: {"verifiedMobileNumbers": "0111111111"}},
            id="guide",
        ),
        pytest.param(Dialect.CURRENT, {ENTERPRISE: {"phoneVerified": False}, **STORED}, id="current"),
    ],
)
def test_phone_verified_is_shown_where_numbers_are_proved(dialect, expected):
    assert present_extensions(STORED, dialect) == expected


@pytest.mark.parametrize("dialect", Dialect)
def test_phone_verified_is_not_shown_where_nothing_proves_a_number(dialect):
    policy = Policy(mobile_verification=False, multiple_mobile_numbers=False)

    assert present_extensions(STORED, dialect, absent_names(policy) | idle_names(policy)) == {}


@pytest.mark.parametrize("dialect", Dialect)
def test_schemas_declare_what_has_an_effect(dialect):
    names = {*served(dialect)[ENTERPRISE], *served(dialect)[OURS]}

    assert {"phoneVerified", "verifyMobile", "pendingMobileNumber"} <= names


@pytest.mark.parametrize("dialect", Dialect)
def test_schemas_do_not_declare_what_has_none(dialect):
    schemas = served(dialect, Policy(mobile_verification=False, multiple_mobile_numbers=False))

    assert not {"phoneVerified", "verifyMobile"} & {*schemas[ENTERPRISE], *schemas[OURS]}


MOBILE_LISTS = {"mobileNumbers", "verifiedMobileNumbers"}
EMAIL_LISTS = {"emailAddresses", "verifiedEmailAddresses"}
EMAIL_NAMES = EMAIL_LISTS | {"pendingEmails", "emailVerified", "verifyEmail"}


@pytest.mark.parametrize(
    ("policy", "absent", "idle"),
    [
        pytest.param(DEFAULT, EMAIL_NAMES, {"emailVerified", "verifyEmail"}, id="default"),
        pytest.param(GATED, set(), set(), id="addresses are verified"),
        pytest.param(
            Policy(email_verification=True, multiple_email_addresses=False), EMAIL_LISTS, set(), id="no lists"
        ),
        pytest.param(
            Policy(email_verification=True, multiple_mobile_numbers=False), MOBILE_LISTS, set(), id="no number lists"
        ),
        pytest.param(
            Policy(email_verification=True, mobile_verification=False), set(), {"verifyMobile"}, id="addresses alone"
        ),
    ],
)
def test_an_attribute_exists_where_its_kind_does_and_is_declared_where_it_has_an_effect(policy, absent, idle):
    assert absent_names(policy) == absent
    assert idle_names(policy) == idle


EMAIL = {
    OURS: {
        "emailAddresses": ["ann@example.com", "ben@example.com"],
        "pendingEmails": [{"value": "cat@example.com"}],
        "emailVerified": True,
    }
}


def test_the_guide_shows_addresses_as_it_shows_numbers():
    assert present_extensions(EMAIL, Dialect.GUIDE) == {
        ENTERPRISE: {"pendingEmails": [{"value": "cat@example.com"}], "emailVerified": True},
        OURS: {"emailAddresses": "ann@example.com,ben@example.com"},
    }


def test_what_is_left_of_addresses_is_not_shown_once_they_are_not_verified():
    assert present_extensions(EMAIL, Dialect.CURRENT, absent_names(DEFAULT)) == {}
