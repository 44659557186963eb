"""PATCH remove (RFC 7644 §3.5.2.2)."""

from __future__ import annotations

import pytest

from scim.errors import InvalidValue, Mutability
from tests.factories.patches import ENTERPRISE, HOME, WORK, WSO2, patched, remove, replace, user
from tests.factories.schemas import EXTRA, thing_type

LISTS = user(**{WSO2: {"mobileNumbers": ["071", "072", "A3"]}})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("title", user(emails=[WORK, HOME])),
        ("emails", user(title="Boss")),
        ('emails[type eq "work"]', user(title="Boss", emails=[HOME])),
        ("emails[value pr]", user(title="Boss")),
        ('emails[type eq "work"].value', user(title="Boss", emails=[HOME])),
        ('emails[type eq "home"].type', user(title="Boss", emails=[WORK, {"value": HOME["value"]}])),
        (
            "emails.type",
            user(title="Boss", emails=[{"value": WORK["value"], "primary": True}, {"value": HOME["value"]}]),
        ),
        ("emails.value", user(title="Boss")),
    ],
)
def test_value_is_removed(path: str, expected):
    assert patched(user(title="Boss", emails=[WORK, HOME]), remove(path)) == expected


@pytest.mark.parametrize(
    "path",
    [
        "title",
        "emails",
        "name.givenName",
        'emails[type eq "work"]',
        'emails[type eq "work"].value',
        f"{ENTERPRISE}:manager",
        f"{ENTERPRISE}:manager.value",
        ENTERPRISE,
    ],
)
def test_removing_what_is_not_there_is_no_fault(path: str):
    assert patched(user(), remove(path)) == user()
    assert patched(user(emails=[HOME]), remove(path))["userName"] == "mira"


def test_filter_that_finds_nothing_removes_nothing():
    assert patched(user(emails=[HOME]), remove('emails[type eq "work"].value')) == user(emails=[HOME])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("name.givenName", user(name={"familyName": "L"})),
        ("name", user()),
    ],
)
def test_part_of_an_object_is_removed(path: str, expected):
    assert patched(user(name={"givenName": "M", "familyName": "L"}), remove(path)) == expected


def test_last_part_of_an_object_takes_it_along():
    assert patched(user(name={"givenName": "M"}), remove("name.givenName")) == user()


def test_value_beside_a_single_value_does_not_matter():
    assert patched(user(title="Boss"), remove("title", "Chief")) == user()


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ([{"value": WORK["value"]}], [HOME]),
        ([{"$ref": None, "value": WORK["value"]}], [HOME]),
        ({"value": "MIRA@example.com", "display": "whatever"}, [HOME]),
        (WORK["value"], [HOME]),
        ([{"value": WORK["value"], "type": "work"}], [HOME]),
        ([{"value": WORK["value"], "type": "home"}], [WORK, HOME]),
        ([{"type": "home"}], [WORK]),
        ([{"type": "home", "display": "x"}], [WORK, HOME]),
        ([{"type": "home"}, {"value": WORK["value"]}], []),
        ([{"value": "other@example.com"}], [WORK, HOME]),
        ([], [WORK, HOME]),
        ([{}], [WORK, HOME]),
        ([{"value": None}], [WORK, HOME]),
        ([{"colour": "red"}], [WORK, HOME]),
        (None, []),
    ],
)
def test_only_listed_elements_are_removed(value, left):
    """Entra removes members like this."""
    document = patched(user(emails=[WORK, HOME]), remove("emails", value))

    assert document.get("emails", []) == left


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("071", ["072", "A3"]),
        ("071, a3", ["072"]),
        (["071", "072"], ["A3"]),
        (["071,072"], ["A3"]),
        ([], ["071", "072", "A3"]),
        ("", ["071", "072", "A3"]),
        (None, []),
    ],
)
def test_only_listed_plain_values_are_removed(value, left):
    document = patched(LISTS, remove(f"{WSO2}:mobileNumbers", value))

    assert document.get(WSO2, {}).get("mobileNumbers", []) == left


def test_plain_value_is_removed_by_a_filter():
    document = patched(LISTS, remove(f'{WSO2}:mobileNumbers[value eq "071" or value sw "a"]'))

    assert document == user(**{WSO2: {"mobileNumbers": ["072"]}})


def test_listed_value_may_be_compared_by_a_key():
    keys = {"mobileNumbers": lambda text: text.replace("-", "")}

    document = patched(LISTS, remove(f"{WSO2}:mobileNumbers", "07-1,07-2"), keys=keys)

    assert document == user(**{WSO2: {"mobileNumbers": ["A3"]}})


def test_listed_value_of_another_type_is_refused():
    with pytest.raises(InvalidValue):
        patched(LISTS, remove(f"{WSO2}:mobileNumbers", [5]))


RADIO = thing_type(
    {"name": "colour"},
    extension=({"name": "version", "required": True}, {"name": "serial", "mutability": "immutable"}),
)


def test_extension_is_removed_with_what_it_requires():
    document = {"colour": "red", EXTRA: {"version": "1"}}

    assert patched(document, remove(EXTRA), resource_type=RADIO) == {"colour": "red"}
    assert patched(document, replace(None, {EXTRA: None}), resource_type=RADIO) == {"colour": "red"}


def test_required_attribute_of_an_extension_is_not_removed_alone():
    """RFC 7644 §3.5.2.2."""
    with pytest.raises(Mutability, match=f"{EXTRA}:version is required"):
        patched({EXTRA: {"version": "1"}}, remove(f"{EXTRA}:version"), resource_type=RADIO)


def test_extension_with_an_immutable_value_stays():
    with pytest.raises(Mutability, match=f"{EXTRA}:serial cannot be changed"):
        patched({EXTRA: {"version": "1", "serial": "A"}}, remove(EXTRA), resource_type=RADIO)
