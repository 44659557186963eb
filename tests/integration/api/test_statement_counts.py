"""How many statements a request costs: a number that does not grow with what it answers."""

from __future__ import annotations

import pytest

from tests.factories.people import BEN, CODES, DAN, EVE, add_person
from tests.factories.statement_log import statement_log

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
# Statements of a change of a number, of a check by its owner, and of one by somebody else. A check that is right
# looks for changes that are open or were taken back, and tells of its own.
MOST = {"sqlite": (9, 19, 22), "postgresql": (4, 14, 17)}
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture
def admin(application):
    """Return a caller with every scope, whose token is known."""
    caller = application.admin()
    caller.get("/scim2/Users?count=1")
    return caller


@pytest.fixture
def people(application):
    """Add people, half of whom are in a group, which is in another."""

    def make(count):
        admin = application.admin()
        ids = [application.add_user(f"user{number}") for number in range(count)]
        inner = admin.post("/scim2/Groups", {"displayName": "Inner", "members": members(*ids[::2])}).get_json()["id"]
        admin.post("/scim2/Groups", {"displayName": "Outer", "members": members(inner)})
        return ids

    return make


@pytest.fixture
def log(application):
    """Listen to the database."""
    with statement_log(application.services.core.database) as heard:
        yield heard


def members(*ids):
    return [{"value": each} for each in ids]


def answered(answers, status=200):
    assert [answer.status_code for answer in answers] == [status] * len(answers), answers[0].get_data(as_text=True)
    return answers


def cost(log, *acts, status=200):
    """Return what each request costs, after one that warms up what is remembered."""
    answers = []
    costs = [log.count(lambda act=act: answers.append(act())) for act in acts]
    answered(answers, status)
    return costs


READS = {
    "one user": (lambda admin, ids: admin.get(f"/scim2/Users/{ids[0]}"), 2),
    "one user in no group": (lambda admin, ids: admin.get(f"/scim2/Users/{ids[1]}"), 1),
    "one user without groups": (lambda admin, ids: admin.get(f"/scim2/Users/{ids[0]}?excludedAttributes=groups"), 1),
    "Me": (lambda admin, ids: admin.application.user(ids[0]).get("/scim2/Me"), 2),
    "list of users": (lambda admin, ids: admin.get("/scim2/Users?count=100"), 3),
    "filtered list": (lambda admin, ids: admin.get('/scim2/Users?filter=userName sw "user"&count=100'), 2),
    "sorted list": (lambda admin, ids: admin.get("/scim2/Users?sortBy=userName&count=100"), 3),
    "search": (lambda admin, ids: admin.post("/scim2/Users/.search", {"schemas": [SEARCH], "count": 100}), 3),
    "list of groups": (lambda admin, ids: admin.get("/scim2/Groups"), 3),
    "root": (lambda admin, ids: admin.get("/scim2/?count=100"), 6),
    "cursor": (lambda admin, ids: admin.get("/scim2/Users?cursor&count=100"), 3),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_costs_the_same_for_few_and_for_many(application, admin, people, log, name):
    """The bound is that of a list whose page does not hold all, as its total is counted besides."""
    act, most = READS[name]
    few = people(4)
    act(admin, few)
    before = cost(log, lambda: act(admin, few))
    more = [application.add_user(f"more{number}") for number in range(60)]
    application.admin().post("/scim2/Groups", {"displayName": "More", "members": members(*more)})
    act(admin, few)

    after = cost(log, lambda: act(admin, few))

    assert before == after
    assert after[0] <= most, log.statements


def test_each_page_of_a_walk_costs_the_same(admin, people, log):
    people(30)
    costs, pages = [], [{"nextCursor": ""}]

    def next_page():
        answer = admin.get("/scim2/Users", query_string={"cursor": pages[-1]["nextCursor"], "count": 7})
        pages.append(answer.get_json())
        return answer

    while "nextCursor" in pages[-1]:
        costs += cost(log, next_page)

    assert [len(page["Resources"]) for page in pages[1:]] == [7, 7, 7, 7, 2]
    assert max(costs) <= 3


@pytest.fixture
def person(application):
    """Add somebody whose requests have been made once, so that nothing is new."""
    found = add_person(application)
    found.send(p=BEN)
    found.validate(application.last_code())
    return found


def test_a_change_of_a_number_and_its_proof_cost_a_fixed_number(application, admin, person, log):
    """SQLite runs one by one what PostgreSQL is given as one statement; both have some room left."""
    own, code = cost(log, lambda: person.send(p=DAN)), application.last_code()
    proved = cost(log, lambda: person.validate(code))
    others, code = cost(log, lambda: person.send(p=EVE, by=admin)), application.last_code()
    proved_by_others = cost(log, lambda: admin.post(f"{CODES}/validate-code", {"code": code}))

    counts = (max(*own, *others), proved[0], proved_by_others[0])
    most = MOST[application.services.core.database.url.get_backend_name()]
    assert all(count <= bound for count, bound in zip(counts, most, strict=True)), counts


def test_the_size_of_a_user_changes_nothing_in_what_a_patch_costs(admin, application, log):
    small = application.add_user("small")
    emails = [{"value": f"large{number}@example.com", "type": "work"} for number in range(15)]
    large = application.add_user("large", emails=emails, title="Dr")
    rename = {"op": "replace", "path": "displayName", "value": "Renamed"}
    admin.patch(f"/scim2/Users/{application.add_user('warm')}", rename)

    one, other = cost(
        log,
        lambda: admin.patch(f"/scim2/Users/{small}", rename),
        lambda: admin.patch(f"/scim2/Users/{large}", rename),
    )

    assert one == other


def test_a_bulk_costs_as_much_as_its_operations(admin, log):
    def run(first, count):
        operations = [
            {"method": "POST", "path": "/Users", "bulkId": f"b{number}", "data": {"userName": f"bulk{number}"}}
            for number in range(first, first + count)
        ]
        return admin.post("/scim2/Bulk", {"schemas": [BULK], "Operations": operations})

    run(0, 1)
    one, ten, twenty = cost(log, lambda: run(1, 1), lambda: run(2, 10), lambda: run(12, 20))

    assert one <= 4
    assert (ten, twenty) == (10 * one, 20 * one)


def test_a_bulk_of_patches_costs_as_much_as_its_operations(admin, people, log):
    ids = people(22)

    def run(some, name):
        operation = {"op": "replace", "path": "displayName", "value": name}
        operations = [
            {"method": "PATCH", "path": f"/Users/{each}", "data": {"Operations": [operation]}} for each in some
        ]
        return admin.post("/scim2/Bulk", {"schemas": [BULK], "Operations": operations})

    run(ids[:1], "warm")
    one, ten, twenty = cost(log, lambda: run(ids[1:2], "a"), lambda: run(ids[2:12], "b"), lambda: run(ids[2:22], "c"))

    assert one <= 5
    assert (ten, twenty) == (10 * one, 20 * one)


@pytest.mark.parametrize("count", [1, 50])
def test_members_given_at_once_are_looked_up_at_once(admin, people, log, count):
    """What is written grows with the members; what is read does not."""
    ids = people(52)
    group = admin.post("/scim2/Groups", {"displayName": "Staff"}).get_json()["id"]
    operation = {"op": "add", "path": "members", "value": members(*ids[:count])}

    cost(log, lambda: admin.patch(f"/scim2/Groups/{group}", operation))

    read = [text for text in log.statements if text.startswith(("SELECT", "WITH RECURSIVE"))]
    assert len(read) <= 6
