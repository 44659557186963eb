"""Values that are unique beside the name of a resource."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scim.errors import InvalidValue, Uniqueness
from tests.factories.races import race
from tests.factories.schemas import EXTRA, thing_type, user_type
from tests.factories.stored import AT, add_resource, add_user, new_id

PART = {"name": "code", "uniqueness": "server", "caseExact": True}
THING = thing_type(
    {"name": "title", "uniqueness": "server"},
    {"name": "serial", "uniqueness": "server"},
    {"name": "link", "type": "reference", "uniqueness": "global"},
    {"name": "number", "type": "integer", "uniqueness": "server"},
    {"name": "tags", "multiValued": True, "uniqueness": "server"},
    {"name": "parts", "type": "complex", "multiValued": True, "subAttributes": [PART, {"name": "note"}]},
    {"name": "origin", "type": "complex", "subAttributes": [PART]},
    extension=({"name": "badge", "uniqueness": "server"},),
)
GADGET = replace(THING, id="Gadget", name="Gadget", endpoint="/Gadgets")


def save(database, stored, document):
    return database.transact(lambda unit: unit.resources.save(stored, THING, document, AT))


def holder(database, document, resource_id=""):
    return database.read(lambda unit: unit.resources.find_holder(resource_id, THING, document))


@pytest.mark.parametrize(
    ("taken", "wanted"),
    [
        ({"title": "A"}, {"title": "a"}),
        ({"serial": "A"}, {"serial": "a"}),
        ({"link": "https://a.example"}, {"link": "https://a.example"}),
        ({"number": 7}, {"number": 7}),
        ({"tags": ["x", "y"]}, {"tags": ["z", "Y"]}),
        ({"parts": [{"code": "A"}]}, {"parts": [{"note": "n"}, {"code": "A"}]}),
        ({"origin": {"code": "A"}}, {"origin": {"code": "A"}}),
        ({EXTRA: {"badge": "B"}}, {EXTRA: {"badge": "b"}}),
    ],
    ids=["name", "text", "reference", "integer", "list", "element", "object", "extension"],
)
def test_a_unique_value_is_taken_once(database, taken, wanted):
    first = add_resource(database, THING, taken)
    second = add_resource(database, THING, {})

    with pytest.raises(Uniqueness):
        add_resource(database, THING, wanted)
    with pytest.raises(Uniqueness):
        save(database, second, wanted)

    assert save(database, first, wanted).version == 2


@pytest.mark.parametrize(
    "wanted",
    [
        {"link": "https://A.example"},
        {"parts": [{"code": "a"}]},
        {"origin": {"code": "A"}},
        {"serial": "7"},
        {EXTRA: {"badge": "S"}},
        {},
    ],
    ids=["reference in another case", "text that is case exact", "another place", "another attribute", "URN", "none"],
)
def test_other_values_are_free(database, wanted):
    add_resource(
        database, THING, {"serial": "S", "link": "https://a.example", "number": 7, "parts": [{"code": "A"}] * 2}
    )

    assert add_resource(database, THING, wanted).version == 1


def test_a_value_is_unique_among_its_resource_type_only(database):
    for resource_type in (THING, GADGET):
        add_resource(database, resource_type, {"title": "T", "serial": "S"})

    with pytest.raises(Uniqueness):
        add_resource(database, GADGET, {"serial": "s"})


def test_a_value_that_is_given_back_is_free(database):
    first = add_resource(database, THING, {"serial": "S", "tags": ["x", "y"]})

    first = save(database, first, {"serial": "T", "tags": ["y"]})
    second = add_resource(database, THING, {"serial": "S", "tags": ["x"]})
    database.transact(lambda unit: unit.resources.remove(second))

    assert save(database, first, {"serial": "S", "tags": ["y", "x"]}).version == 3


def test_one_change_may_take_and_give_back_at_once(database):
    stored = add_resource(database, THING, {"serial": "S", "number": 1})

    for count in (2, 3):
        stored = save(database, stored, {"serial": f"S{count}", "number": count})

    assert (holder(database, {"serial": "S"}), holder(database, {"number": 3})) == (None, ("number", stored))


def test_the_holder_of_a_value_is_found_with_its_path(database):
    first = add_resource(database, THING, {"title": "A", EXTRA: {"badge": "B"}})

    assert holder(database, {"title": "a"}) == ("title", first)
    assert holder(database, {"title": "b", EXTRA: {"badge": "b"}}) == (f"{EXTRA}:badge", first)
    assert holder(database, {"title": "a"}, first.id) is None
    assert holder(database, {EXTRA: {"badge": "b"}}, first.id) is None
    assert holder(database, {}) is None


def test_work_done_again_meets_its_own_values(database):
    resource_id, document = new_id(), {"serial": "S", "tags": [f"t{number}" for number in range(50)]}

    for _ in range(2):
        database.transact(lambda unit: unit.resources.add(resource_id, THING, document, AT))

    assert holder(database, {"tags": ["t49"]})[0] == "tags"


def test_a_value_too_long_for_an_index_is_refused(database):
    with pytest.raises(InvalidValue, match="serial"):
        add_resource(database, THING, {"serial": "x" * 3000})


def test_of_two_at_once_one_gets_a_value(database):
    def take(_number):
        try:
            return add_resource(database, THING, {"serial": "S"}).version
        except Uniqueness:
            return None

    assert sorted(race(take, 4), key=str) == [1, None, None, None]


def test_users_have_no_unique_value_beside_their_name(database):
    """So that writing one costs nothing more."""
    add_user(database, "bob")

    holder_of = database.read(lambda unit: unit.resources.find_holder(new_id(), user_type(), {"userName": "BOB"}))

    assert holder_of[0] == "userName"
