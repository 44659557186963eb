"""A filter finds the same resources in SQL as in memory, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from persistence.resources import Query
from scim.errors import InvalidFilter
from scim.evaluation import matches
from scim.filter_binding import bind
from scim.filters import parse_filter
from scim.versions import weak_etag
from tests.factories.filters import render
from tests.factories.schemas import CORE, EXTRA
from tests.factories.stored import AT, new_id
from tests.factories.things import documents, everything_type, filters

THING = everything_type()
# One database serves all examples: each takes back what it has added.
EXAMPLES = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TakenBack(Exception):
    """The resources of an example are to go again."""

    def __init__(self, found):
        self.found = found


def full(stored):
    """Return the document as a client sees it."""
    document = stored.document()
    return {
        "schemas": [CORE, *([EXTRA] if EXTRA in document else [])],
        "id": stored.id,
        **document,
        "meta": {
            "resourceType": "Thing",
            "created": stored.created_at.isoformat(),
            "lastModified": stored.last_modified_at.isoformat(),
            "version": weak_etag(stored.version),
        },
    }


def found_in_both(database, contents, query):
    """Return what a query finds among some documents, and those documents."""

    def work(unit):
        stored = [
            unit.resources.add(new_id(), THING, {"title": f"t{number}", **content}, AT + timedelta(hours=number))
            for number, content in enumerate(contents)
        ]
        page = unit.resources.page(query)
        raise TakenBack((page, stored))

    with pytest.raises(TakenBack) as caught:
        database.transact(work)
    return caught.value.found


def assert_agree(database, contents, text):
    bound = bind(parse_filter(text), THING)

    page, stored = found_in_both(database, contents, Query((THING,), filter=bound))

    expected = {item.id for item in stored if matches(bound, full(item))}
    assert {item.id for item in page.rows} == expected
    assert page.total == len(expected)


@EXAMPLES
@given(contents=st.lists(documents(), min_size=1, max_size=5), node=filters())
def test_a_filter_finds_the_same_in_sql_as_in_memory(database, contents, node):
    assert_agree(database, contents, render(node))


CONTENTS = [
    {},
    {"displayName": "", "nick": "", "tags": ["", "x"], "active": False, "name": {"value": ""}, "externalId": "E"},
    {"displayName": "Ab", "nick": "a%b", "token": "Ab", "active": True, "level": 3, "score": 0.1},
    {"emails": [{"type": "work", "value": "A@b.c"}, {"type": "home", "value": "d@b.c"}], "name": {"rank": 0}},
    {"emails": [{"type": "work", "value": "d@b.c", "words": ["x", "Y"]}, {"type": "home"}], "flag": False},
    {"born": "2026-11-22T14:00:00+02:00", "items": [{"since": "2026-11-22T12:00:00Z", "primary": True}]},
    {EXTRA: {"title": "Sales", "level": 2, "tags": ["a", "b"], "items": [{"value": "x", "rank": 1}]}},
    {"nick": "ǅ Σς İI ẞß", "tags": ["É"], "token": "\U0010ffffz", "displayName": "\U0010ffffz"},
]


@pytest.mark.parametrize(
    "text",
    [
        'title eq "T1"',
        'title sw "t"',
        'not (externalId eq "E")',
        'externalId eq "e"',
        "displayName pr",
        'not (displayName eq "ab")',
        'displayName sw ""',
        'displayName sw "\U0010ffff"',
        'token sw "\U0010ffff"',
        'displayName ew ""',
        'nick co ""',
        'nick co "%"',
        'nick sw "A_"',
        'nick ew "%B"',
        'nick co "ǆ \u03c3\u03c3 İi ßß"',
        'token eq "ab"',
        'token eq "Ab"',
        "active eq true",
        'active ne "true"',
        "flag pr",
        "name pr",
        "name.rank eq 0",
        'name[rank eq 0 and not (value eq "x")]',
        "score eq 0.1",
        "score gt 0",
        "level le 3.5",
        'born eq "2026-11-22T12:00:00Z"',
        'born lt "2026-11-22T12:00:01Z"',
        "tags pr",
        'tags eq "É"',
        'not (tags eq "x")',
        'tags ne "x"',
        'emails eq "D@B.C"',
        'emails.value co "@"',
        'emails[type eq "work" and value eq "d@b.c"]',
        'emails[type eq "home" and value eq "a@b.c"]',
        'emails[type eq "WORK"].value sw "d"',
        'emails[type eq "home"].value ne "d@b.c"',
        'not (emails[type eq "work"])',
        'emails[not (type eq "work")]',
        'emails.words eq "y"',
        'emails[words co "X"]',
        'items[since ge "2026-11-22T12:00:00Z" and primary eq true]',
        "items.primary ne true",
        f'{EXTRA}:title eq "sales"',
        f'{EXTRA}:tags eq "B" and {EXTRA}:level gt 1',
        f'{EXTRA}:items[rank eq 1].value eq "X"',
        f"{EXTRA}:level eq null",
        f'schemas eq "{EXTRA}"',
        f'schemas sw "{CORE}"',
        "schemas pr and meta pr and id pr",
        'meta.created gt "2026-11-22T14:30:00+00:00"',
        'meta.lastModified le "2026-11-22T13:00:00Z" or title eq "t7"',
        'meta.resourceType eq "Thing" and meta.version eq "W/\\"1\\""',
        'meta[created lt "2026-11-22T14:00:00Z"]',
        'not (title gt "t3" or displayName pr)',
    ],
)
def test_each_kind_of_condition_finds_the_same(database, text):
    assert_agree(database, CONTENTS, text)


def test_what_depends_on_the_address_of_the_service_cannot_be_asked(database):
    bound = bind(parse_filter('meta.location eq "x"'), THING)

    with pytest.raises(InvalidFilter, match="location"):
        database.read(lambda unit: unit.resources.page(Query((THING,), filter=bound)))
