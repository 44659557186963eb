"""PATCH replace (RFC 7644 §3.5.2.3)."""

from __future__ import annotations

import pytest

from scim.errors import InvalidValue, NoTarget
from tests.factories.patches import ENTERPRISE, HOME, WORK, WSO2, patched, replace, user


@pytest.mark.parametrize(
    ("document", "path", "value", "expected"),
    [
        (user(title="Boss"), "title", "Chief", user(title="Chief")),
        (user(), "title", "Chief", user(title="Chief")),
        (user(title="Boss"), "title", None, user()),
        (user(title="Boss"), "title", [], user()),
        (user(active=True), "active", "False", user(active=False)),
        (user(emails=[WORK]), "emails", [HOME], user(emails=[HOME])),
        (user(emails=[WORK]), "emails", HOME, user(emails=[HOME])),
        (user(emails=[WORK]), "emails", [], user()),
        (user(emails=[WORK]), "emails", None, user()),
        (user(emails=[WORK]), "emails", [{}], user()),
        (user(name={"givenName": "M"}), "name", None, user()),
        (user(name={"givenName": "M"}), "name.givenName", None, user()),
        (user(name={"givenName": "M"}), "name", {"givenName": None}, user()),
        (user(name={"givenName": "M"}), "name", {}, user(name={"givenName": "M"})),
        (
            user(**{WSO2: {"mobileNumbers": ["1"]}}),
            f"{WSO2}:mobileNumbers",
            "2,3",
            user(**{WSO2: {"mobileNumbers": ["2", "3"]}}),
        ),
        (user(**{WSO2: {"mobileNumbers": ["1"]}}), f"{WSO2}:mobileNumbers", "", user()),
    ],
)
def test_value_is_replaced(document, path: str, value, expected):
    assert patched(document, replace(path, value)) == expected


def test_object_keeps_what_is_not_given():
    document = patched(user(name={"givenName": "Mira", "familyName": "L"}), replace("name", {"familyName": "M"}))

    assert document == user(name={"givenName": "Mira", "familyName": "M"})


@pytest.mark.parametrize(
    ("path", "value", "emails"),
    [
        ('emails[type eq "work"].value', "x@example.com", [{**WORK, "value": "x@example.com"}, HOME]),
        ('emails[type eq "WORK"]', {"value": "x@example.com"}, [{**WORK, "value": "x@example.com"}, HOME]),
        ('emails[type eq "work"]', "x@example.com", [{**WORK, "value": "x@example.com"}, HOME]),
        (
            'emails[type eq "work"]',
            {"type": "other", "primary": False},
            [{"value": WORK["value"], "type": "other", "primary": False}, HOME],
        ),
        ('emails[type eq "work"].primary', None, [{"value": WORK["value"], "type": "work"}, HOME]),
        ("emails[value pr].display", "M", [{**WORK, "display": "M"}, {**HOME, "display": "M"}]),
        ('emails[type eq "work"]', None, [HOME]),
        ('emails[type eq "work"]', "", [HOME]),
        ('emails[type eq "work"].value', None, [HOME]),
        ('emails[type eq "work"]', {"value": None, "display": "gone"}, [HOME]),
        ('emails[type eq "home"].primary', True, [{**WORK, "primary": False}, {**HOME, "primary": True}]),
    ],
)
def test_elements_that_a_filter_finds_are_written_over(path: str, value, emails):
    assert patched(user(emails=[WORK, HOME]), replace(path, value)) == user(emails=emails)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ('emails[type eq "work"].value', "a@x", user(emails=[{"value": "a@x", "type": "work"}])),
        (
            'emails[type eq "Work" and primary eq true].value',
            "a@x",
            user(emails=[{"value": "a@x", "type": "Work", "primary": True}]),
        ),
        (
            'addresses[type eq "home"].locality',
            "Karlskrona",
            user(addresses=[{"locality": "Karlskrona", "type": "home"}]),
        ),
        ('roles[primary eq "True"].value', '{"id": 5}', user(roles=[{"value": '{"id": 5}', "primary": True}])),
        ("emails.value", "a@x", user(emails=[{"value": "a@x"}])),
    ],
)
def test_missing_element_of_a_canonical_type_is_made(path: str, value, expected):
    """Entra replaces where there is nothing yet."""
    assert patched(user(), replace(path, value)) == expected


@pytest.mark.parametrize(
    "path",
    [
        'emails[type eq "nonexistent"].value',
        'emails[value eq "a@x"].display',
        'roles[type eq "admin"].value',
        "emails[primary eq false].value",
        'emails[type ne "work"].value',
        'emails[type eq "work" or type eq "home"].value',
        f'{WSO2}:mobileNumbers[value eq "1"]',
    ],
)
def test_any_other_missing_element_has_no_target(path: str):
    """RFC 7644 §3.5.2.3."""
    with pytest.raises(NoTarget):
        patched(user(), replace(path, "a@x"))


@pytest.mark.parametrize("path", ['mobileNumbers[value eq "1"]', 'mobileNumbers[value eq "1"].value'])
@pytest.mark.parametrize("value", ["3", ["3"], [{"value": "3"}]])
def test_plain_element_that_a_filter_finds_is_replaced(path: str, value):
    document = user(**{WSO2: {"mobileNumbers": ["1", "2"]}})

    assert patched(document, replace(f"{WSO2}:{path}", value)) == user(**{WSO2: {"mobileNumbers": ["3", "2"]}})


def test_whole_list_with_two_primary_elements_is_refused():
    with pytest.raises(InvalidValue, match="more than one primary"):
        patched(user(emails=[WORK]), replace("emails", [WORK, {**HOME, "primary": True}]))


@pytest.mark.parametrize(
    "value", ["", " ", None, {}, {"value": ""}, {"value": "", "$ref": ""}, {"value": None}, [], [""]]
)
def test_blank_manager_is_none(value):
    """Entra sends such values to say that somebody has no manager any more."""
    document = user(**{ENTERPRISE: {"manager": {"value": "26"}, "division": "North"}})
    expected = user(**{ENTERPRISE: {"division": "North"}}) if value != {} else document

    assert patched(document, replace(f"{ENTERPRISE}:manager", value)) == expected


def test_blank_manager_value_is_none():
    document = user(**{ENTERPRISE: {"manager": {"value": "26", "$ref": "../Users/26"}}})

    assert patched(document, replace(f"{ENTERPRISE}:manager.value", "")) == user()


def test_new_value_takes_the_reference_of_the_old_one_away():
    document = user(**{ENTERPRISE: {"manager": {"value": "26", "$ref": "../Users/26", "displayName": "Kim"}}})

    changed = patched(document, replace(f"{ENTERPRISE}:manager", {"value": "27"}))

    assert changed == user(**{ENTERPRISE: {"manager": {"value": "27"}}})


@pytest.mark.parametrize("manager", [{"value": "26"}, {"value": "27", "$ref": "../Users/27"}, {"$ref": "../Users/27"}])
def test_reference_that_is_right_or_given_stays(manager):
    before = {"value": "26", "$ref": "../Users/26"}

    changed = patched(user(**{ENTERPRISE: {"manager": before}}), replace(f"{ENTERPRISE}:manager", manager))

    assert changed == user(**{ENTERPRISE: {"manager": before | manager}})


def test_pathless_replace_of_the_numbers_replaces_all_of_them():
    """The guide's sample request."""
    document = user(phoneNumbers=[{"value": "0111111111", "type": "mobile"}, {"value": "055", "type": "work"}])

    changed = patched(document, replace(None, {"phoneNumbers": [{"type": "mobile", "value": "0123456789"}]}))

    assert changed == user(phoneNumbers=[{"value": "0123456789", "type": "mobile"}])


def test_blank_number_is_kept_for_its_meaning():
    """My Account deletes the mobile with it; what that means is for the verification to say."""
    document = user(phoneNumbers=[{"value": "0111111111", "type": "mobile"}])

    changed = patched(document, replace(None, {"phoneNumbers": [{"type": "mobile", "value": ""}]}))

    assert changed == user(phoneNumbers=[{"value": "", "type": "mobile"}])


def test_two_of_a_single_type_are_refused():
    two = [{"value": "1", "type": "mobile"}, {"value": "2", "type": "mobile"}]

    with pytest.raises(InvalidValue, match="one element of type mobile only"):
        patched(user(), replace("phoneNumbers", two), single_types={"phoneNumbers": frozenset({"mobile"})})
