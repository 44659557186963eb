"""What is told of a user is what the scopes ask for, and no more."""

from __future__ import annotations

from datetime import UTC, datetime

from api.oidc.claims import claims_of
from api.settings import Settings

WSO2 = "urn:scim:wso2:schema"
BOB = {
    "userName": "bob",
    "displayName": "Bobby",
    "nickName": "B",
    "profileUrl": "https://example.org/bob",
    "locale": "en-GB",
    "timezone": "Europe/London",
    "name": {"givenName": "Bob", "familyName": "Bee", "middleName": "X"},
    "emails": [{"value": "old@example.org"}, {"value": "bob@example.org", "primary": True}],
    "phoneNumbers": [{"type": "work", "value": "1"}, {"type": "mobile", "value": "+94 77 123 4567"}],
    WSO2: {
        "pendingMobileNumber": "0779999999",
        "verifiedMobileNumbers": ["+94 77 123 4567"],
        "phoneVerified": True,
    },
}


class User:
    """A stored user, as far as claims look at one."""

    id = "user-1"
    last_modified_at = datetime(2026, 1, 31, 12, 0, 0, 500, tzinfo=UTC)

    def __init__(self, document):
        self._document = document

    def document(self):
        return self._document


def told(*scopes, document=None, **settings):
    environ = {f"LINEPROOF_{name.upper()}": value for name, value in settings.items()}
    return claims_of(User(BOB if document is None else document), scopes, Settings.from_environment(environ).policy())


def test_without_further_scopes_nothing_is_told_but_who_it_is():
    assert told("openid", "internal_login") == {"sub": "user-1"}


def test_profile():
    assert told("openid", "profile") == {
        "sub": "user-1",
        "given_name": "Bob",
        "family_name": "Bee",
        "middle_name": "X",
        "name": "Bobby",
        "preferred_username": "bob",
        "nickname": "B",
        "profile": "https://example.org/bob",
        "locale": "en-GB",
        "zoneinfo": "Europe/London",
        "updated_at": 1769860800,
    }


def test_email_is_the_primary_one_and_verified_where_its_owner_has_proved_it():
    proved = {**BOB, WSO2: {"verifiedEmailAddresses": ["bob@example.org"], "emailVerified": True}}

    assert told("email") == {"sub": "user-1", "email": "bob@example.org", "email_verified": False}
    assert told("email", document=proved)["email_verified"] is True


def test_phone_is_in_e164_and_the_pending_number_has_a_claim_of_its_own():
    assert told("phone") == {
        "sub": "user-1",
        "phone_number": "+94771234567",
        "phone_number_verified": True,
        "pending_phone_number": "0779999999",
    }


def test_a_number_of_no_known_country_is_as_it_was_written():
    document = {"phoneNumbers": [{"type": "mobile", "value": "0111 111111"}]}

    assert told("phone", document=document) == {
        "sub": "user-1",
        "phone_number": "0111 111111",
        "phone_number_verified": False,
    }


def test_who_has_nothing_is_told_nothing_of():
    assert told("profile", "email", "phone", document={}) == {"sub": "user-1", "updated_at": 1769860800}
