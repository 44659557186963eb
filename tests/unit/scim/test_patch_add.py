"""PATCH add (RFC 7644 §3.5.2.1)."""

from __future__ import annotations

import pytest

from scim.errors import InvalidValue, NoTarget
from tests.factories.patches import ENTERPRISE, HOME, WORK, WSO2, add, patched, user


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("title", "Boss", user(title="Boss")),
        ("active", True, user(active=True)),
        ("active", "False", user(active=False)),
        ("title", ["Boss"], user(title="Boss")),
        ("title", [{"$ref": None, "value": "Boss"}], user(title="Boss")),
        ("name", {"givenName": "Mira"}, user(name={"givenName": "Mira"})),
        ("name", [{"givenName": "Mira"}], user(name={"givenName": "Mira"})),
        ("name.givenName", "Mira", user(name={"givenName": "Mira"})),
        ("emails", [HOME], user(emails=[HOME])),
        ("emails", HOME, user(emails=[HOME])),
        ("emails", "a@example.com", user(emails=[{"value": "a@example.com"}])),
        ("emails.value", "a@example.com", user(emails=[{"value": "a@example.com"}])),
        ("roles", [{"value": '{"id": 5}'}], user(roles=[{"value": '{"id": 5}'}])),
        (f"{WSO2}:mobileNumbers", "1, 2,,1", user(**{WSO2: {"mobileNumbers": ["1", "2"]}})),
        (f"{WSO2}:mobileNumbers", ["1", "2"], user(**{WSO2: {"mobileNumbers": ["1", "2"]}})),
        (f"{ENTERPRISE}:manager", "26", user(**{ENTERPRISE: {"manager": {"value": "26"}}})),
        (f"{ENTERPRISE}:manager", {"value": "26"}, user(**{ENTERPRISE: {"manager": {"value": "26"}}})),
    ],
)
def test_missing_attribute_is_added(path: str, value, expected):
    assert patched(user(), add(path, value)) == expected


def test_single_value_is_replaced():
    assert patched(user(title="Boss"), add("title", "Chief")) == user(title="Chief")


def test_object_keeps_what_is_not_given():
    document = patched(user(name={"givenName": "Mira", "familyName": "L"}), add("name", {"givenName": "Mia"}))

    assert document == user(name={"givenName": "Mia", "familyName": "L"})


def test_values_are_appended():
    assert patched(user(emails=[WORK]), add("emails", [HOME])) == user(emails=[WORK, HOME])


@pytest.mark.parametrize(
    "value",
    [
        WORK,
        {"value": "MIRA@example.com", "type": "Work"},
        {"value": "mira@example.com"},
        [WORK, WORK],
        "mira@example.com",
    ],
)
def test_value_that_is_there_is_not_added_again(value):
    assert patched(user(emails=[WORK]), add("emails", value)) == user(emails=[WORK])


def test_value_that_is_there_gains_what_it_lacks():
    document = patched(user(emails=[HOME]), add("emails", {"value": HOME["value"], "display": "H", "primary": True}))

    assert document == user(emails=[{"value": HOME["value"], "display": "H", "type": "home", "primary": True}])


def test_same_value_of_another_type_is_another_element():
    document = patched(user(emails=[WORK]), add("emails", {"value": WORK["value"], "type": "home"}))

    assert [email["type"] for email in document["emails"]] == ["work", "home"]


def test_elements_without_value_are_the_same_where_all_is():
    address = {"locality": "Karlskrona", "type": "work"}

    document = patched(user(addresses=[address]), add("addresses", [address, {"locality": "Karlskrona"}]))

    assert document == user(addresses=[address, {"locality": "Karlskrona"}])


def test_list_is_united_and_keeps_its_spelling():
    document = user(**{WSO2: {"mobileNumbers": ["A1", "2"]}})

    assert patched(document, add(f"{WSO2}:mobileNumbers", "a1,3")) == user(
        **{WSO2: {"mobileNumbers": ["A1", "2", "3"]}}
    )


@pytest.mark.parametrize("value", [None, [], [None], ""])
def test_adding_nothing_to_several_values_changes_nothing(value):
    assert patched(user(emails=[WORK]), add("emails", value)) == user(emails=[WORK])


@pytest.mark.parametrize("value", [None, [], [None]])
def test_adding_nothing_to_one_value_unassigns_it(value):
    assert patched(user(title="Boss"), add("title", value)) == user()


@pytest.mark.parametrize(
    ("path", "value", "element"),
    [
        ('emails[type eq "work"].value', "a@example.com", {"value": "a@example.com", "type": "work"}),
        ('emails[type eq "work"]', {"value": "a@example.com"}, {"value": "a@example.com", "type": "work"}),
        ('emails[type eq "work"]', [{"value": "a@example.com"}], {"value": "a@example.com", "type": "work"}),
        ('emails[type eq "work"]', "a@example.com", {"value": "a@example.com", "type": "work"}),
        (
            'emails[TYPE eq "office" and (primary eq "True")].value',
            "a@example.com",
            {"value": "a@example.com", "type": "office", "primary": True},
        ),
        ('emails[value eq "a@example.com"].type', "work", {"value": "a@example.com", "type": "work"}),
    ],
)
def test_filter_that_finds_nothing_makes_the_element(path: str, value, element):
    """Entra adds like this. The element carries what the filter asks for, so the next operation finds it."""
    document = patched(user(emails=[HOME]), add(path, value))

    assert document == user(emails=[HOME, element])


@pytest.mark.parametrize(
    "selector",
    [
        'type eq "work" or type eq "office"',
        'type co "work"',
        'type eq "work" and value pr',
        'not (type eq "home")',
        "type eq null",
        'type ne "home"',
    ],
)
def test_filter_that_does_not_say_what_to_make_has_no_target(selector: str):
    with pytest.raises(NoTarget, match="The filter of emails selects nothing"):
        patched(user(), add(f"emails[{selector}].value", "a@example.com"))


def test_element_made_must_be_what_the_filter_asks_for():
    with pytest.raises(InvalidValue, match="contradicts the filter of emails"):
        patched(user(), add('emails[type eq "work"]', {"type": "home", "value": "a@example.com"}))
    with pytest.raises(InvalidValue, match="contradicts the filter of emails"):
        patched(user(), add('emails[type eq "work"]', " "))


def test_element_found_is_written_over():
    document = patched(
        user(emails=[WORK, HOME]), add('emails[type eq "work"]', {"display": "W", "colour": "red", "primary": None})
    )

    assert document == user(emails=[{"value": WORK["value"], "display": "W", "type": "work"}, HOME])


def test_sub_attribute_of_all_elements_is_set_without_a_filter():
    document = patched(user(emails=[WORK, HOME]), add("emails.display", "Mira"))

    assert [email["display"] for email in document["emails"]] == ["Mira", "Mira"]


def test_filter_does_not_matter_for_plain_values():
    document = user(**{WSO2: {"mobileNumbers": ["1"]}})

    assert patched(document, add(f'{WSO2}:mobileNumbers[value eq "9"]', "2")) == user(
        **{WSO2: {"mobileNumbers": ["1", "2"]}}
    )


@pytest.mark.parametrize(
    "operation",
    [
        add("emails", {**HOME, "primary": True}),
        add('emails[type eq "home"]', {"value": HOME["value"], "primary": "true"}),
        add('emails[type eq "home" and primary eq true].value', HOME["value"]),
    ],
)
def test_new_primary_element_takes_the_place_of_the_old(operation):
    """RFC 7644 §3.5.2."""
    document = patched(user(emails=[WORK]), operation)

    assert document == user(emails=[{**WORK, "primary": False}, {**HOME, "primary": True}])


def test_two_new_primary_elements_are_refused():
    with pytest.raises(InvalidValue, match="more than one primary"):
        patched(user(), add("emails", [WORK, {**HOME, "primary": True}]))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title", 5),
        ("title", {"text": "Boss"}),
        ("title", ["a", "b"]),
        ("active", "yes"),
        ("name", "Mira"),
        ("name", [{}, {}]),
        ("emails", [["a"]]),
        ("emails", [{"value": 5}]),
        ('emails[type eq "work"]', ["a", "b"]),
        ('addresses[type eq "work"]', "Karlskrona"),
        (f"{WSO2}:mobileNumbers", {"value": "1"}),
    ],
)
def test_value_that_does_not_fit_is_refused(path: str, value):
    with pytest.raises(InvalidValue):
        patched(user(), add(path, value))


MOBILE = {"value": "0771", "type": "mobile"}
SINGLE = {"phoneNumbers": frozenset({"mobile"})}


@pytest.mark.parametrize(
    "operation",
    [
        add("phoneNumbers", {"type": "Mobile", "value": "0772"}),
        add(None, {"phoneNumbers": [{"type": "mobile", "value": "0772"}]}),
        add("mobileNumbers", [{"type": "mobile", "value": "0772"}]),
        add('phoneNumbers[type eq "mobile"].value', "0772"),
        add('phoneNumbers[type eq "mobile" and value eq "0772"].type', "mobile"),
    ],
)
def test_single_type_has_its_value_replaced(operation):
    numbers = [{"value": "055", "type": "work"}, {**MOBILE, "primary": True}]

    document = patched(user(phoneNumbers=numbers), operation, single_types=SINGLE)

    assert [number["value"] for number in document["phoneNumbers"]] == ["055", "0772"]
    assert document["phoneNumbers"][1]["primary"] is True


def test_several_values_may_be_added_beside_a_single_type():
    added = [{"value": "0772", "type": "mobile"}, {"value": "0771"}, {"value": "0772"}]

    document = patched(user(phoneNumbers=[MOBILE]), add("phoneNumbers", added), single_types=SINGLE)

    assert document == user(phoneNumbers=[{"value": "0772", "type": "mobile"}, {"value": "0771"}])


def test_two_of_a_single_type_in_one_value_are_refused():
    two = [MOBILE, {"value": "0772", "type": "MOBILE"}]

    with pytest.raises(InvalidValue, match="phoneNumbers may have one element of type mobile only"):
        patched(user(), add("phoneNumbers", two), single_types=SINGLE)


def test_two_of_a_single_type_in_the_result_are_refused():
    numbers = [MOBILE, {"value": "055", "type": "work"}]
    swap = add('phoneNumbers[type eq "work"].type', "mobile")

    with pytest.raises(InvalidValue, match="one element of type mobile only"):
        patched(user(phoneNumbers=numbers), swap, single_types=SINGLE)


def test_other_types_are_not_single():
    numbers = [{"value": "055", "type": "work"}, {"value": "056", "type": "work"}]

    assert patched(user(), add("phoneNumbers", numbers), single_types=SINGLE) == user(phoneNumbers=numbers)


def digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def test_values_may_be_compared_by_a_key():
    keys = {"mobileNumbers": digits, "phoneNumbers": digits}
    document = user(phoneNumbers=[{"value": "07-71", "type": "mobile"}], **{WSO2: {"mobileNumbers": ["07-71"]}})

    same = patched(document, add(f"{WSO2}:mobileNumbers", "0771"), add("phoneNumbers", {"value": "07 71"}), keys=keys)

    assert same == document
