"""What has been kept for long enough is removed, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.services.callers import Caller
from api.services.notices import Owner, tell
from api.services.pruning import PruneService, Retention
from persistence.pruning import Heap
from persistence.resets import StoredReset
from tests.factories.people import ANN, BEN, add_person, person, wrong
from verification.conversion import Area, Block
from verification.templates import Template

OPERATOR = Caller("command-line", None, "r1")
RETENTION = Retention(
    audit=timedelta(days=400), verifications=timedelta(days=90), limits=timedelta(days=31), changes=timedelta(days=90)
)


@pytest.fixture
def busy(application):
    """Let users ask for codes: the first one in the past, the second one now."""
    for name in ("ann", "bob"):
        user_id = application.add_verified_user(name)
        application.user(user_id).set_mobile("/scim2/Me", "0123456789")
        code = application.last_code()
        application.user(user_id).validate(wrong(code))
        application.user(user_id).validate(code)
        application.clock.move(days=100)
        application.user(user_id).set_mobile("/scim2/Me", "0123456788")
        application.deliver()
    return application


def pruner(application, batch=500, retention=RETENTION):
    return PruneService(application.services.core.database, retention, batch)


def states(application):
    shown = application.admin().get("/api/identity/user/v1.0/verifications").get_json()["verifications"]
    return [item["state"] for item in shown]


def trail(application):
    return application.admin().get("/api/server/v1/audit").get_json()["events"]


def test_what_is_old_is_removed_and_counted(busy):
    before = states(busy)
    found = pruner(busy).survey(busy.clock.now())

    removed = pruner(busy).prune(OPERATOR, busy.clock.now())

    assert removed == found
    assert removed[Heap.VERIFICATIONS] == 2
    assert removed[Heap.LIMITS] > 0
    assert removed[Heap.AUDIT] == removed[Heap.SESSIONS] == 0
    # What is live stays, however old it is.
    assert sorted(states(busy)) == sorted(before)[2:] == ["pending", "pending"]


def test_to_look_first_removes_nothing(busy):
    before = states(busy)

    pruner(busy).survey(busy.clock.now())

    assert states(busy) == before


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_it_goes_on_until_nothing_old_is_left(busy, batch):
    busy.clock.move(days=401)

    removed = pruner(busy, batch).prune(OPERATOR, busy.clock.now())

    assert removed[Heap.AUDIT] > 5
    assert set(pruner(busy).survey(busy.clock.now()).values()) == {0}


def test_what_was_removed_is_on_record(busy):
    busy.clock.move(days=401)
    removed = pruner(busy).prune(OPERATOR, busy.clock.now())

    (left,) = trail(busy)

    assert (left["event"], left["actor"]) == ("records.pruned", "command-line")
    assert left["detail"] == {heap.name.lower(): count for heap, count in removed.items() if count}


def test_to_remove_nothing_is_not_on_record(application):
    pruner(application).prune(OPERATOR, application.clock.now())

    assert trail(application) == []


def test_what_is_kept_for_ever_stays(busy):
    busy.clock.move(days=10_000)

    removed = pruner(busy, retention=Retention(None, None, None, None)).prune(OPERATOR, busy.clock.now())

    assert removed == dict.fromkeys((Heap.SESSIONS, Heap.PLACES, Heap.GRANTS, Heap.RESETS, Heap.BLOCKS), 0)


def test_deliveries_go_with_their_verifications(busy):
    database = busy.services.core.database

    def deliveries():
        return database.read(lambda unit: [unit.deliveries.latest(item[0].id) for item in past])

    past = database.read(lambda unit: unit.histories.list(limit=10))
    assert None not in deliveries()

    pruner(busy).prune(OPERATOR, busy.clock.now())

    assert deliveries().count(None) == 2


def changes(application, user_id):
    return application.services.reverts.list_of(user_id)


def test_old_changes_go_with_their_notices(application):
    bob = add_person(application, n=(ANN, BEN), v=(ANN, BEN), emails=[{"value": "bob@example.com"}])
    bob.send(p=BEN)
    application.deliver()
    application.clock.move(days=89)
    person(application, bob.id).send(p=ANN)
    application.clock.move(days=1)

    removed = pruner(application).prune(OPERATOR, application.clock.now())

    assert (removed[Heap.CHANGES], removed[Heap.NOTICES]) == (1, 2)
    (left,) = changes(application, bob.id)
    assert left.before.primary == BEN


def test_notices_of_other_things_go_as_well(application):
    bob = add_person(application)
    core = application.services.core
    document = {"emails": [{"value": "bob@example.com"}]}
    core.database.transact(
        lambda unit: tell(core, unit, Owner(bob.id, document), Template.FACTOR_ADDED, core.clock.now())
    )
    application.clock.move(days=90)

    assert pruner(application).survey(application.clock.now())[Heap.NOTICES] == 1
    assert pruner(application).prune(OPERATOR, application.clock.now())[Heap.NOTICES] == 1


def test_a_change_that_was_taken_back_late_goes_on_blocking_others(application):
    bob = add_person(application, n=(ANN, BEN), v=(ANN, BEN))
    bob.send(p=BEN)
    application.clock.move(days=90)
    (change,) = changes(application, bob.id)
    application.services.reverts.revert_for_another(change.id, OPERATOR)

    removed = pruner(application).prune(OPERATOR, application.clock.now())

    assert removed[Heap.CHANGES] == 0
    assert changes(application, bob.id)


def test_old_resets_and_blocks_are_removed(application):
    core, at = application.services.core, application.clock.now()
    reset = StoredReset("r1", "local", "bob", "tests", None, "digest", started_at=at, lease_until=at)
    block = Block("b1", Area.of_key("country:LK"), at, at, 0, 20, 0)

    def write(unit):
        unit.resets.add(reset)
        unit.blocks.add(block)

    core.database.transact(write)
    early = pruner(application).survey(application.clock.now())
    application.clock.move(days=90)

    removed = pruner(application).prune(OPERATOR, application.clock.now())

    assert (early[Heap.RESETS], early[Heap.BLOCKS]) == (0, 0)
    assert (removed[Heap.RESETS], removed[Heap.BLOCKS]) == (1, 1)
