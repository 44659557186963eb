"""The numbers of a user, read off a document and written back."""

from __future__ import annotations

import pytest

from api.services.contact_attributes import EXTENSION, MOBILE_NUMBERS
from api.services.contacts import (
    NO_CONTACT,
    pending_value,
    requested_contact,
    stored_contact,
    wants_verification,
    with_contact,
    without_never_stored,
    without_pending,
)
from scim.errors import InvalidValue
from verification.decision import Contact
from verification.numbers import stored_number
from verification.policy import PhonePolicy, Policy

LENIENT = Policy()
STRICT = Policy(phone_policy=PhonePolicy.VALID)


def number(text):
    return stored_number(text, None)


def user(*phones, **extension):
    document = {"userName": "bob", "phoneNumbers": list(phones)} if phones else {"userName": "bob"}
    return document | ({EXTENSION: extension} if extension else {})


def mobile(value):
    return {"type": "mobile", "value": value}


def test_the_contact_is_the_mobile_phone_and_the_lists():
    document = user(
        {"type": "work", "value": "1"},
        {"type": "Mobile", "value": "0111111111"},
        mobileNumbers=["0111111111", "02"],
        verifiedMobileNumbers=["02"],
        phoneVerified=True,
    )

    contact = stored_contact(document, MOBILE_NUMBERS, LENIENT)

    expected = Contact(
        primary=number("0111111111"),
        listed=(number("0111111111"), number("02")),
        verified=(number("02"),),
        is_primary_verified=True,
    )
    assert contact == expected


def test_a_user_without_a_mobile_phone_has_no_primary():
    assert stored_contact(user(), MOBILE_NUMBERS, LENIENT) == NO_CONTACT


def test_a_blank_value_is_no_number():
    requested = requested_contact(user(mobile("  ")), MOBILE_NUMBERS, LENIENT, before={}, stored=NO_CONTACT)

    assert requested.primary is None


def test_a_stored_number_is_not_held_to_a_stricter_policy():
    stored = stored_contact(user(mobile("0111111111")), MOBILE_NUMBERS, STRICT)

    requested = requested_contact(user(mobile("0111111111")), MOBILE_NUMBERS, STRICT, before={}, stored=stored)

    assert requested.primary == stored.primary


@pytest.mark.parametrize("document", [user(mobile("abc")), user(mobileNumbers=["++1"])], ids=["phone", "list"])
def test_what_is_no_number_is_an_invalid_value_that_is_not_repeated(document):
    with pytest.raises(InvalidValue) as caught:
        requested_contact(document, MOBILE_NUMBERS, LENIENT, before={}, stored=NO_CONTACT)

    assert "abc" not in caught.value.detail
    assert "++1" not in caught.value.detail


def test_two_mobile_phones_are_refused():
    with pytest.raises(InvalidValue):
        requested_contact(
            user(mobile("1"), {"type": "MOBILE", "value": "2"}), MOBILE_NUMBERS, LENIENT, before={}, stored=NO_CONTACT
        )


def test_other_phones_are_not_looked_at():
    requested = requested_contact(
        user({"type": "work", "value": "call me"}), MOBILE_NUMBERS, LENIENT, before={}, stored=NO_CONTACT
    )

    assert requested.primary is None


def test_a_decided_contact_is_written_back_with_its_pending_number():
    before = user({"type": "work", "value": "1"}, mobile("02") | {"display": "new"}, verifyMobile=True)
    contact = Contact(primary=number("01"), listed=(number("01"),), verified=(), is_primary_verified=False)

    document = with_contact(
        without_never_stored(before | {"password": "secret"}), MOBILE_NUMBERS, contact, "02", before={}
    )

    assert document == {
        "userName": "bob",
        "phoneNumbers": [{"type": "work", "value": "1"}, {"type": "mobile", "value": "01", "display": "new"}],
        EXTENSION: {"mobileNumbers": ["01"], "pendingMobileNumber": "02", "phoneVerified": False},
    }
    assert pending_value(document, MOBILE_NUMBERS) == "02"


def test_a_first_number_that_is_only_pending_is_no_phone_yet():
    document = with_contact(user(mobile("02")), MOBILE_NUMBERS, NO_CONTACT, "02", before={})

    assert document == {"userName": "bob", EXTENSION: {"pendingMobileNumber": "02"}}


def test_a_promoted_first_number_becomes_a_phone():
    document = with_contact(
        user(), MOBILE_NUMBERS, Contact(primary=number("02"), is_primary_verified=True), None, before={}
    )

    assert document["phoneNumbers"] == [mobile("02")]
    assert document[EXTENSION] == {"phoneVerified": True}


def test_nothing_is_left_of_a_contact_that_is_gone():
    before = user(mobile("01"), mobileNumbers=["01"], phoneVerified=True)

    assert with_contact(before, MOBILE_NUMBERS, NO_CONTACT, None, before={}) == {"userName": "bob"}


def test_the_claim_is_read():
    assert wants_verification(user(verifyMobile=True), MOBILE_NUMBERS)
    assert not wants_verification(user(verifyMobile=False), MOBILE_NUMBERS)
    assert not wants_verification(user(), MOBILE_NUMBERS)


def test_a_document_without_its_pending_number_keeps_the_rest():
    before = user(mobile("01"), phoneVerified=True, pendingMobileNumber="02")

    assert without_pending(before, MOBILE_NUMBERS) == user(mobile("01"), phoneVerified=True)
    assert without_pending(user(pendingMobileNumber="02"), MOBILE_NUMBERS) == {"userName": "bob"}


def test_what_is_never_stored_leaves_no_empty_extension():
    assert without_never_stored(user(verifyMobile=True) | {"password": "secret"}) == {"userName": "bob"}
