"""The forms in which numbers are sent (rule 0): every form of one wish does the same."""

from __future__ import annotations

import pytest

from tests.factories.people import ANN, BEN, CAT, DAN, EVE, Numbers, add_person
from tests.factories.servers import ENTERPRISE, WSO2

V = f"{WSO2}:verifiedMobileNumbers"
N = f"{WSO2}:mobileNumbers"
PHONE = 'phoneNumbers[type eq "mobile"]'
LISTED = (ANN, BEN, CAT)
PROVED = (ANN, BEN)


def op(name, value=..., path=...):
    operation = {"op": name, "value": value, "path": path}
    return {name: part for name, part in operation.items() if part is not ...}


def mobile(number, **more):
    return {"type": "mobile", "value": number, **more}


ADDITIONS = {
    "guide's comma string": op("replace", {WSO2: {"verifiedMobileNumbers": f"{ANN},{BEN},{DAN}"}}),
    "array": op("replace", {WSO2: {"verifiedMobileNumbers": [ANN, BEN, DAN]}}),
    "blanks and repetitions": op("replace", {WSO2: {"verifiedMobileNumbers": f" {DAN} ,,{ANN},{BEN}, {DAN},"}}),
    "array of comma strings": op("replace", {WSO2: {"verifiedMobileNumbers": [f"{ANN},{BEN}", f" {DAN} "]}}),
    "full name as a key": op("replace", {V: [ANN, BEN, DAN]}),
    "names without case": op("Replace", {WSO2.upper(): {"VERIFIEDMOBILENUMBERS": [ANN, BEN, DAN]}}),
    "path": op("replace", [ANN, BEN, DAN], V),
    "path and string": op("replace", f"{ANN},{BEN},{DAN}", V),
    "path of the extension": op("replace", {"verifiedMobileNumbers": [ANN, BEN, DAN]}, WSO2),
    "add": op("add", {WSO2: {"verifiedMobileNumbers": [DAN]}}),
    "add one string": op("add", {WSO2: {"verifiedMobileNumbers": DAN}}),
    "add by path": op("add", [DAN], V),
    "add one string by path": op("add", DAN, V),
    "add what is there already": op("add", [BEN, "014 444 4444"], V),
}


@pytest.mark.parametrize("operation", ADDITIONS.values(), ids=ADDITIONS)
def test_a_number_is_added_to_the_verified_list(bob, operation):
    answer = bob.caller.patch("/scim2/Me", operation)

    assert answer.status_code == 200
    seen = bob.numbers()
    assert (seen.verified, seen.pending.replace(" ", "")) == (PROVED, DAN)


REMOVALS = {
    "path and filter": op("remove", path=f'{V}[value eq "{BEN}"]'),
    "path and value": op("remove", [BEN], V),
    "path and string": op("remove", BEN, V),
    "path and comma string": op("remove", f"{BEN},{EVE}", V),
    "replace": op("replace", [ANN], V),
    "spelled otherwise": op("remove", ["012-222-2222"], V),
}


@pytest.mark.parametrize("operation", REMOVALS.values(), ids=REMOVALS)
def test_a_number_is_taken_from_the_verified_list(bob, operation):
    answer = bob.caller.patch("/scim2/Me", operation)

    assert answer.status_code == 200
    assert bob.numbers() == Numbers(ANN, LISTED, (ANN,), is_verified=True)


CLEARINGS = {
    "remove": op("remove", path=V),
    "remove with null": op("remove", None, V),
    "replace by an empty list": op("replace", [], V),
    "replace by null": op("replace", None, V),
    "replace by an empty string": op("replace", "", V),
    "an empty list without a path": op("replace", {WSO2: {"verifiedMobileNumbers": []}}),
    "null without a path": op("replace", {WSO2: {"verifiedMobileNumbers": None}}),
}


@pytest.mark.parametrize("operation", CLEARINGS.values(), ids=CLEARINGS)
def test_the_verified_list_is_emptied(bob, operation):
    answer = bob.caller.patch("/scim2/Me", operation)

    assert answer.status_code == 200
    assert bob.numbers() == Numbers(ANN, LISTED, (), is_verified=True)


def test_both_lists_go_with_their_extension(bob):
    answer = bob.caller.patch("/scim2/Me", op("remove", path=WSO2))

    assert answer.status_code == 200
    assert bob.numbers() == Numbers(ANN, is_verified=True)
    assert bob.show()["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE]


NEW_PRIMARY = {
    "guide's sample": op("replace", {"phoneNumbers": [mobile(DAN)]}),
    "guide's request form": op("replace", {"mobileNumbers": [mobile(DAN)]}),
    "one object": op("replace", {"phoneNumbers": mobile(DAN)}),
    "type without case": op("replace", {"phoneNumbers": [{"type": "Mobile", "value": DAN}]}),
    "add in place of the one there": op("add", {"phoneNumbers": [mobile(DAN)]}),
    "path": op("replace", [mobile(DAN)], "phoneNumbers"),
    "add by path": op("add", [mobile(DAN)], "phoneNumbers"),
    "add one by path": op("add", mobile(DAN), "phoneNumbers"),
    "filter and sub-attribute": op("replace", DAN, f"{PHONE}.value"),
    "filter without case": op("replace", DAN, 'PhoneNumbers[type EQ "MOBILE"].value'),
    "filter": op("replace", {"value": DAN}, PHONE),
    "add by filter": op("add", DAN, f"{PHONE}.value"),
    "full name": op("replace", DAN, f"urn:ietf:params:scim:schemas:core:2.0:User:{PHONE}.value"),
    "path as a key": op("replace", {f"{PHONE}.value": DAN}),
}


@pytest.mark.parametrize("operation", NEW_PRIMARY.values(), ids=NEW_PRIMARY)
def test_a_primary_is_sent(bob, operation):
    answer = bob.caller.patch("/scim2/Me", operation)

    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert bob.numbers() == Numbers(ANN, LISTED, PROVED, DAN, is_verified=True)


@pytest.mark.parametrize("operation", NEW_PRIMARY.values(), ids=NEW_PRIMARY)
def test_a_first_primary_is_sent(application, operation):
    bob = add_person(application, p=None, v=())

    answer = bob.caller.patch("/scim2/Me", operation)

    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert bob.numbers() == Numbers(pending=DAN)


NO_PRIMARY = {
    "path": op("remove", path="phoneNumbers"),
    "filter": op("remove", path=PHONE),
    "sub-attribute": op("remove", path=f"{PHONE}.value"),
    "empty value": op("replace", {"phoneNumbers": [mobile("")]}),
    "empty list": op("replace", {"phoneNumbers": []}),
    "null": op("replace", {"phoneNumbers": None}),
    "null by path": op("replace", None, f"{PHONE}.value"),
    "value": op("remove", [mobile(ANN)], "phoneNumbers"),
}


@pytest.mark.parametrize("operation", NO_PRIMARY.values(), ids=NO_PRIMARY)
def test_the_primary_is_removed(bob, operation):
    bob.send(p=DAN)

    answer = bob.caller.patch("/scim2/Me", operation)

    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert bob.numbers() == Numbers(None, LISTED, PROVED)
    assert bob.live() is None


def test_operations_are_judged_by_what_they_leave_behind(bob):
    answer = bob.caller.patch(
        "/scim2/Me",
        op("replace", EVE, f"{PHONE}.value"),
        op("add", [CAT, DAN], V),
        op("remove", [CAT, DAN], V),
        op("replace", ANN, f"{PHONE}.value"),
    )

    assert answer.status_code == 200
    assert bob.numbers() == Numbers(ANN, LISTED, PROVED, is_verified=True)
    assert bob.version() == 'W/"1"'


def test_other_phone_numbers_come_and_go_without_proof(bob):
    bob.caller.patch("/scim2/Me", op("add", [{"type": "work", "value": "at the office"}], "phoneNumbers"))

    assert bob.numbers() == Numbers(ANN, LISTED, PROVED, is_verified=True)
    assert bob.show()["phoneNumbers"] == [mobile(ANN), {"type": "work", "value": "at the office"}]


def test_a_pending_primary_keeps_the_element_and_its_other_parts(bob):
    bob.caller.patch("/scim2/Me", op("replace", {"phoneNumbers": [mobile(DAN, primary=True, display="new")]}))
    bob.validate(bob.application.last_code())

    assert bob.show()["phoneNumbers"] == [{"value": DAN, "display": "new", "type": "mobile", "primary": True}]


TWO_MOBILES = {
    "in one value": op("replace", {"phoneNumbers": [mobile(ANN), mobile(DAN)]}),
    "without case": op("replace", {"phoneNumbers": [mobile(ANN), {"type": "MOBILE", "value": DAN}]}),
    "in the result": op("replace", "mobile", 'phoneNumbers[type eq "work"].type'),
    "added at once": op("add", [mobile(DAN), mobile(EVE)], "phoneNumbers"),
}


@pytest.mark.parametrize("operation", TWO_MOBILES.values(), ids=TWO_MOBILES)
def test_two_phones_of_type_mobile_are_refused(bob, operation):
    bob.caller.patch("/scim2/Me", op("add", [{"type": "work", "value": "1"}], "phoneNumbers"))
    before = bob.show()

    answer = bob.caller.patch("/scim2/Me", operation)

    assert (answer.status_code, answer.get_json()["scimType"]) == (400, "invalidValue")
    assert bob.show() == before


@pytest.mark.parametrize("urn", [WSO2, ENTERPRISE])
@pytest.mark.parametrize(("name", "value"), [("pendingMobileNumber", EVE), ("phoneVerified", True)])
class TestWhatIsReadOnly:
    def test_is_ignored_in_a_value(self, application, urn, name, value):
        bob = add_person(application, v=())

        answer = bob.caller.replace("/scim2/Me", {urn: {name: value}, "displayName": "Bobby"})

        assert answer.status_code == 200
        assert bob.numbers() == Numbers(ANN, is_verified=False)
        assert bob.show()["displayName"] == "Bobby"

    def test_is_ignored_in_a_new_user(self, application, urn, name, value):
        bob = add_person(application, v=(), **{urn: {name: value}})

        assert bob.numbers() == Numbers(ANN, is_verified=False)

    @pytest.mark.parametrize("operation", ["replace", "add", "remove"])
    def test_is_refused_by_path(self, application, urn, name, value, operation):
        bob = add_person(application, v=())

        answer = bob.caller.patch("/scim2/Me", op(operation, value, f"{urn}:{name}"))

        assert (answer.status_code, answer.get_json()["scimType"]) == (400, "mutability")


@pytest.mark.parametrize("urn", [WSO2, ENTERPRISE])
@pytest.mark.parametrize("value", [True, "True", "true"])
def test_the_wish_to_verify_is_heard_and_never_shown(application, urn, value):
    bob = add_person(application, v=())

    answer = bob.caller.patch("/scim2/Me", op("replace", {urn: {"verifyMobile": value}}))

    assert bob.numbers().pending == ANN
    shown = bob.caller.get(f"/scim2/Me?attributes={urn}:verifyMobile").get_json()
    assert b"verifyMobile" not in answer.data
    assert shown.keys() == {"schemas", "id"}


def test_the_wish_to_verify_is_heard_by_path(application):
    bob = add_person(application, v=())

    bob.caller.patch("/scim2/Me", op("replace", True, f"{ENTERPRISE}:verifyMobile"))

    assert bob.numbers().pending == ANN


def test_phoneverified_is_shown_while_there_is_a_primary(application):
    unverified = add_person(application, "bob", v=())
    without = add_person(application, "eve", p=None, v=())

    assert unverified.numbers().is_verified is False
    assert without.numbers().is_verified is None


# PUT


def test_put_without_the_lists_clears_them(bob):
    body = {name: value for name, value in bob.show().items() if name != WSO2}

    answer = bob.caller.put("/scim2/Me", body)

    assert answer.status_code == 200
    assert bob.numbers() == Numbers(ANN, is_verified=True)


def test_put_without_a_primary_removes_it(bob):
    bob.send(p=DAN)
    body = {name: value for name, value in bob.show().items() if name != "phoneNumbers"}

    bob.caller.put("/scim2/Me", body)

    assert bob.numbers() == Numbers(None, LISTED, PROVED)
    assert bob.live() is None


def test_put_of_what_was_read_changes_nothing(bob):
    bob.send(p=DAN)
    before = bob.show()

    answer = bob.caller.put("/scim2/Me", before)

    assert answer.get_json() == before
    assert bob.live() is not None


def test_put_of_a_new_primary_waits(bob):
    answer = bob.application.admin().put(bob.path, bob.show() | {"phoneNumbers": [mobile(DAN)]})

    assert answer.status_code == 200
    assert bob.numbers() == Numbers(ANN, LISTED, PROVED, DAN, is_verified=True)


def test_put_of_the_lists_obeys_the_table(bob):
    body = bob.show() | {WSO2: {"mobileNumbers": f"{ANN},{DAN}", "verifiedMobileNumbers": f"{ANN},{DAN}"}}

    bob.caller.put("/scim2/Me", body)

    assert bob.numbers() == Numbers(ANN, (ANN, DAN), (ANN,), DAN, is_verified=True)


def test_put_with_two_new_numbers_is_refused(bob):
    body = bob.show() | {WSO2: {"verifiedMobileNumbers": [CAT, DAN]}}

    answer = bob.caller.put("/scim2/Me", body)

    assert (answer.status_code, answer.get_json()["scimType"]) == (400, "invalidValue")
    assert "UMV-10002" in answer.get_json()["detail"]
    assert bob.version() == 'W/"1"'


# The policies of numbers


@pytest.mark.parametrize(
    ("policy", "number", "is_accepted"),
    [
        ("lenient", "0123456789", True),
        ("lenient", "tel:+94-77-123-4567", True),
        ("lenient", "(077) 123.4567", True),
        ("lenient", "1", True),
        ("lenient", "1234567890123456", False),
        ("lenient", "+", False),
        ("lenient", "077 123 4567 ext. 5", False),
        ("lenient", "call me", False),
        ("lenient", "٠١٢٣٤٥", False),
        ("lenient", "++94771234567", False),
        ("valid", "+94112345678", True),
        ("valid", "+9411", False),
        ("valid", "0123456789", False),
        ("mobile", "+94771234567", True),
        ("mobile", "+94112345678", False),
    ],
)
@pytest.mark.parametrize("place", ["p", "n", "v"])
def test_a_number_is_held_to_the_policy(start, policy, number, is_accepted, place):
    bob = add_person(start(phone_policy=policy), v=(), p=None)

    answer = bob.send(**{place: number if place == "p" else [number]})

    assert answer.status_code == (200 if is_accepted else 400)
    if not is_accepted:
        assert answer.get_json()["scimType"] == "invalidValue"
        assert number not in answer.get_data(as_text=True).replace("\\", "")
        assert bob.version() == 'W/"1"'


def test_what_is_stored_is_not_held_to_a_stricter_policy(start):
    bob = add_person(start(), n=(ANN, BEN), v=(ANN,))
    strict = start(phone_policy="valid")

    answer = strict.admin().replace(bob.path, {"displayName": "Bobby"})

    assert answer.status_code == 200
    assert bob.numbers() == Numbers(ANN, (ANN, BEN), (ANN,), is_verified=True)


def test_numbers_are_compared_with_their_region(start):
    bob = add_person(start(default_region="LK"), p="+94771234567", v=("+94771234567",))

    bob.send(p="077 123 4567")
    bob.send(v=["0771234567"])

    assert bob.numbers() == Numbers("+94771234567", ("+94771234567",), ("+94771234567",), is_verified=True)
    assert bob.version() == 'W/"1"'


def test_a_number_is_shown_as_sent_and_called_by_its_canonical_form(start):
    bob = add_person(start(default_region="LK"), p=None, v=())

    bob.send(p="077-123 4567")

    assert bob.numbers().pending == "077-123 4567"
    bob.application.deliver()
    assert bob.application.carrier.messages[-1].to == "+94771234567"
