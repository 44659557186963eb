"""The two dialects on the wire, and a deployment without number lists."""

from __future__ import annotations

import pytest

from tests.factories.people import ANN, BEN, CODES, DAN, ON_LIST, Numbers, add_person, numbers_of, scenario
from tests.factories.servers import ENTERPRISE, WSO2

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.fixture
def current(start):
    """Start the application in the current dialect, with a number pending."""
    bob = add_person(start(dialect="current"), n=(BEN,), v=(ANN,))
    bob.send(v=[ANN, DAN])
    return bob


def _schema(application, urn):
    found = application.app.test_client().get(f"/scim2/Schemas/{urn}").get_json()
    return {attribute["name"]: attribute for attribute in found["attributes"]}


# The guide's


def test_the_guide_shows_lists_as_strings_and_the_rest_under_enterprise(bob):
    bob.send(p=DAN)

    shown = bob.show()

    assert shown["schemas"] == [CORE, ENTERPRISE, WSO2]
    assert shown[ENTERPRISE] == {"pendingMobileNumber": DAN, "phoneVerified": True}
    assert shown[WSO2] == {"mobileNumbers": f"{ANN},{BEN},0133333333", "verifiedMobileNumbers": f"{ANN},{BEN}"}


def test_the_guide_keeps_what_else_is_in_the_enterprise_extension(application):
    bob = add_person(application, v=(), **{ENTERPRISE: {"department": "Sales", "manager": {"value": "eve"}}})

    assert bob.show()[ENTERPRISE] == {"department": "Sales", "manager": {"value": "eve"}, "phoneVerified": False}


def test_the_guide_names_only_extensions_that_are_there(application):
    bob = add_person(application, p=None, v=(), n=(BEN,))

    assert bob.show()["schemas"] == [CORE, WSO2]


def test_the_guide_declares_its_forms(application):
    assert _schema(application, WSO2).keys() == {"mobileNumbers", "verifiedMobileNumbers"}
    assert [item["multiValued"] for item in _schema(application, WSO2).values()] == [False, False]
    enterprise = _schema(application, ENTERPRISE)
    assert {"pendingMobileNumber", "phoneVerified", "verifyMobile"} <= enterprise.keys()
    assert [enterprise[name]["mutability"] for name in ("pendingMobileNumber", "phoneVerified", "verifyMobile")] == [
        "readOnly",
        "readOnly",
        "writeOnly",
    ]


# The current one


def test_the_current_dialect_shows_arrays_and_both_urns(current):
    shown = current.show()

    singles = {"pendingMobileNumber": DAN, "phoneVerified": True}
    assert shown["schemas"] == [CORE, ENTERPRISE, WSO2]
    assert shown[ENTERPRISE] == singles
    assert shown[WSO2] == {"mobileNumbers": [BEN, ANN], "verifiedMobileNumbers": [ANN], **singles}


def test_the_current_dialect_declares_its_forms(current):
    ours = _schema(current.application, WSO2)

    assert ours.keys() == {
        "mobileNumbers",
        "verifiedMobileNumbers",
        "pendingMobileNumber",
        "phoneVerified",
        "verifyMobile",
    }
    assert [ours[name]["multiValued"] for name in ("mobileNumbers", "verifiedMobileNumbers")] == [True, True]


def test_the_current_dialect_accepts_a_right_code_with_202(current):
    answer = current.validate(current.application.last_code())

    assert (answer.status_code, answer.data) == (202, b"")
    assert current.show()[WSO2]["verifiedMobileNumbers"] == [ANN, DAN]


def test_the_current_dialect_accepts_a_privileged_code_with_202(current):
    code = current.application.last_code()

    answer = current.application.admin().post(f"{CODES}/validate-code", {"code": code})

    assert answer.status_code == 202
    assert answer.get_json() == {
        "username": "bob",
        "realm": "PRIMARY",
        "tenant-domain": "carbon.super",
        "userId": current.id,
    }


def test_the_current_dialect_resends_with_201(current):
    current.application.clock.move(seconds=30)

    answer = current.caller.post(f"{CODES}/me/resend-code", scenario(ON_LIST))

    assert (answer.status_code, answer.data) == (201, b"")


@pytest.mark.parametrize("form", [f"{ANN},{DAN}", [ANN, DAN]], ids=["string", "array"])
@pytest.mark.parametrize("dialect", ["guide", "current"])
def test_either_form_is_read_in_either_dialect(start, dialect, form):
    bob = add_person(start(dialect=dialect))

    bob.send(v=form)

    assert bob.show()[ENTERPRISE]["pendingMobileNumber"] == DAN


@pytest.mark.parametrize("dialect", ["guide", "current"])
def test_what_is_shown_can_be_put_back(start, dialect):
    bob = add_person(start(dialect=dialect), n=(BEN,), v=(ANN,))
    bob.send(p=DAN)
    before = bob.show()

    bob.application.admin().put(bob.path, before)

    assert bob.show() == before


@pytest.mark.parametrize("dialect", ["guide", "current"])
@pytest.mark.parametrize("urn", [ENTERPRISE, WSO2])
def test_the_pending_number_is_found_by_either_urn(start, dialect, urn):
    bob = add_person(start(dialect=dialect))
    bob.send(p=DAN)
    admin = bob.application.admin()

    projected = admin.get(f"{bob.path}?attributes={urn}:pendingMobileNumber").get_json()
    found = admin.get(f'/scim2/Users?filter={urn}:pendingMobileNumber eq "{DAN}"').get_json()

    shown = {urn: extension for urn, extension in projected.items() if urn.startswith("urn:")}
    assert shown[ENTERPRISE] == {"pendingMobileNumber": DAN}
    assert shown.keys() == ({ENTERPRISE} if dialect == "guide" else {ENTERPRISE, WSO2})
    assert found["totalResults"] == 1


@pytest.mark.parametrize("dialect", ["guide", "current"])
def test_a_list_has_the_same_form(start, dialect):
    bob = add_person(start(dialect=dialect), n=(BEN,))

    listed = bob.application.admin().get("/scim2/Users").get_json()["Resources"]

    assert listed == [bob.show()]


def test_the_lists_can_be_projected(bob):
    shown = bob.caller.get(f"/scim2/Me?attributes={WSO2}:mobileNumbers").get_json()
    rest = bob.caller.get(f"/scim2/Me?excludedAttributes={WSO2}:mobileNumbers,phoneNumbers").get_json()

    assert shown[WSO2] == {"mobileNumbers": f"{ANN},{BEN},0133333333"}
    assert rest[WSO2] == {"verifiedMobileNumbers": f"{ANN},{BEN}"}
    assert "phoneNumbers" not in rest


def test_a_number_is_found_by_filter(bob):
    admin = bob.application.admin()

    found = admin.get(f'/scim2/Users?filter=phoneNumbers[type eq "mobile" and value eq "{ANN}"]').get_json()
    listed = admin.get(f'/scim2/Users?filter={WSO2}:verifiedMobileNumbers eq "{BEN}"').get_json()

    assert [found["totalResults"], listed["totalResults"]] == [1, 1]


# Without lists


@pytest.fixture
def listless(start):
    """Start the application without number lists."""
    return add_person(start(multiple_mobile_numbers="false"), n=(BEN,), v=(ANN,))


def test_without_lists_they_are_not_declared(listless):
    declared = {name for urn in (CORE, ENTERPRISE, WSO2) for name in _attributes(listless.application, urn)}

    assert not declared & {"mobileNumbers", "verifiedMobileNumbers"}
    assert {"pendingMobileNumber", "phoneVerified", "verifyMobile"} <= declared


def _attributes(application, urn):
    answer = application.app.test_client().get(f"/scim2/Schemas/{urn}")
    return [item["name"] for item in answer.get_json()["attributes"]] if answer.status_code == 200 else []


def test_without_lists_they_are_dropped_from_requests(listless):
    assert listless.numbers() == Numbers(ANN, is_verified=False)

    answer = listless.send(n=[BEN], v=[ANN, BEN, DAN])

    assert answer.status_code == 200
    assert listless.numbers() == Numbers(ANN, is_verified=False)
    assert listless.live() is None


def test_without_lists_their_path_is_unknown(listless):
    answer = listless.caller.patch("/scim2/Me", {"op": "add", "path": f"{WSO2}:verifiedMobileNumbers", "value": [DAN]})

    assert (answer.status_code, answer.get_json()["scimType"]) == (400, "invalidPath")


def test_without_lists_a_primary_still_waits(listless):
    listless.send(p=DAN)

    assert listless.numbers() == Numbers(ANN, pending=DAN, is_verified=False)
    listless.validate(listless.application.last_code())
    assert listless.numbers() == Numbers(DAN, is_verified=True)


def test_lists_that_are_stored_are_not_shown_once_they_are_off(start):
    bob = add_person(start(), n=(BEN,), v=(ANN,))
    off = start(multiple_mobile_numbers="false")

    assert numbers_of(off.admin().get(bob.path).get_json()) == Numbers(ANN, is_verified=True)
    assert off.admin().get(f"{bob.path}?attributes={WSO2}").get_json().get(WSO2) is None


def test_a_list_verification_from_before_is_no_riddle(start):
    bob = add_person(start(), n=(BEN,), v=(ANN,))
    bob.send(v=[ANN, BEN])
    code = bob.application.last_code()
    off = start(multiple_mobile_numbers="false")

    answer = off.user(bob.id).validate(code)

    assert answer.status_code == 200
    shown = numbers_of(off.admin().get(bob.path).get_json())
    assert (shown.primary, shown.pending, shown.is_verified) == (ANN, None, True)
