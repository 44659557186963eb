"""Our attributes in answers and at /Schemas, with and without what gives them a meaning."""

from __future__ import annotations

import pytest

from api.dialect import Dialect, present_extensions, present_schemas
from scim.discovery import schema_documents
from scim.resource_types import load_registry

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
OURS = "urn:scim:wso2:schema"
STORED = {OURS: {"verifiedMobileNumbers": ["0111111111"], "phoneVerified": False}}


def served(dialect, **options):
    documents = present_schemas(schema_documents(load_registry(), ""), dialect, **options)
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
    assert present_extensions(STORED, dialect, lists=True) == expected


@pytest.mark.parametrize("dialect", Dialect)
def test_phone_verified_is_not_shown_where_nothing_proves_a_number(dialect):
    assert present_extensions(STORED, dialect, lists=False, proofs=False) == {}


@pytest.mark.parametrize("dialect", Dialect)
def test_schemas_declare_what_has_an_effect(dialect):
    names = {*served(dialect)[ENTERPRISE], *served(dialect)[OURS]}

    assert {"phoneVerified", "verifyMobile", "pendingMobileNumber"} <= names


@pytest.mark.parametrize("dialect", Dialect)
def test_schemas_do_not_declare_what_has_none(dialect):
    schemas = served(dialect, gate=False, proofs=False)

    assert not {"phoneVerified", "verifyMobile"} & {*schemas[ENTERPRISE], *schemas[OURS]}
