"""The requests that are measured one by one; phone numbers and members of groups have modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.benchmarks.calls import Call, compact
from tests.benchmarks.load import Mode
from tests.benchmarks.people import external_id, new_user, user_id, user_name
from tests.benchmarks.statements import NEW_NAME

if TYPE_CHECKING:
    from tests.benchmarks.sites import Site

PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USERS = "/scim2/Users"
_VARIETY = 2000
"""Different requests in a slot that repeats them."""
_POSTS = 300
"""Users that a slot adds: they stay, and a thousand users should not become ten thousand."""

_turns = count(1)

MakeCalls = Callable[["Site"], list[Call]]
MakeExample = Callable[["Site", int], Call]


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of request: `calls` are those of a slot, `example` is the one about a given user.

    An answer without the text `needs` is that of a service that does not do this yet.
    """

    name: str
    calls: MakeCalls
    example: MakeExample
    mode: Mode = Mode.CYCLE
    is_read: bool = True
    needs: str = ""


def patched(site: Site, path: str, *operations: Mapping[str, object]) -> Call:
    """PATCH a resource."""
    return Call("PATCH", path, compact({"schemas": [PATCH_SCHEMA], "Operations": operations}), site.admin)


def reading(name: str, query: Callable[[int], str], mode: Mode = Mode.CYCLE, needs: str = "") -> Measure:
    """Measure GETs about users picked at random, the same ones in each slot."""

    def example(site: Site, number: int) -> Call:
        return Call("GET", f"{USERS}{query(number)}", token=site.admin)

    def calls(site: Site) -> list[Call]:
        chance = Random(site.plan.users)  # noqa: S311 - to be repeatable
        return [example(site, chance.randrange(site.plan.users)) for _ in range(_VARIETY)]

    return Measure(name, calls, example, mode, needs=needs)


def _filter(attribute: str, value: str) -> str:
    return "?filter=" + quote(f'{attribute} eq "{value}"')


def _rename(site: Site, number: int) -> Call:
    # A name is never sent twice: a change that changes nothing is not written.
    operation = {"op": "replace", "path": "displayName", "value": f"Name {next(_turns)}"}
    return patched(site, f"{USERS}/{user_id(number)}", operation)


def _renames(site: Site) -> list[Call]:
    chance = Random(next(_turns))  # noqa: S311 - to be repeatable
    return [_rename(site, chance.randrange(site.plan.users)) for _ in range(_VARIETY)]


def _post(site: Site, name: str) -> Call:
    return Call("POST", USERS, compact(new_user(name)), site.admin)


GET = "GET by id"
LIST = "list of 100"
BY_USER_NAME = "filter by userName"
POST = "POST of a user"
BESIDE_BARE = (GET, BY_USER_NAME, LIST)
"""What a bare Flask route answers with the same bytes."""

MEASURES: tuple[Measure, ...] = (
    reading(GET, lambda number: f"/{user_id(number)}"),
    reading(BY_USER_NAME, lambda number: _filter("userName", user_name(number))),
    reading("filter by externalId", lambda number: _filter("externalId", external_id(number))),
    reading("filter by emails.value", lambda number: _filter("emails.value", user_name(number))),
    reading(LIST, lambda _: "?count=100"),
    reading("sorted list of 100", lambda _: "?count=100&sortBy=displayName"),
    reading("cursor walk, pages of 100", lambda _: "?count=100&cursor=", Mode.WALK, "nextCursor"),
    Measure("PATCH of displayName", _renames, _rename, is_read=False),
    Measure(
        POST,
        lambda site: [_post(site, f"posted-{next(_turns)}@example.com") for _ in range(_POSTS)],
        lambda site, _: _post(site, f"{NEW_NAME}-{next(_turns)}@example.com"),
        Mode.ONCE,
        is_read=False,
    ),
)
