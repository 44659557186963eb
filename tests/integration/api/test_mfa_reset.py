"""Resetting methods: each is told of, one reset of a user at a time, and a repeated request changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.services.callers import Caller
from api.services.errors import (
    ConfirmationRefused,
    ConfirmationRequired,
    KeyUsedOtherwise,
    ResetUnderWay,
    UnknownDirectory,
)
from api.services.mfa_reset import LEASE, ResetService, Wanted
from tests.factories.directories import APP, KEY, KIM, MOBILE, PASSWORD, MemoryDirectory
from verification.errors import DirectoryUnavailable, LimitReached, MethodRefused, UserNotFound
from verification.methods import MethodKind

ADMIN = Caller("admin-1", None, "request-1", "192.0.2.1")
WANTED = Wanted("kim@contoso.test", "memory", reason="lost phone")


@pytest.fixture
def directory():
    return MemoryDirectory()


@pytest.fixture
def service(application, directory):
    return ResetService(
        application.services.core, {"memory": lambda _caller: directory}, needs_confirmation=False, per_hour=3
    )


def outcomes(answered):
    return {item["id"]: item["outcome"] for item in answered.report["methods"]}


def raising(error):
    def act(*_arguments):
        raise error

    return act


def events(application):
    core = application.services.core
    trail = core.database.read(lambda unit: unit.audit.list(application.clock.now().replace(year=2999)))
    return [(event.event, event.actor, event.subject_id, event.detail) for event in trail]


def test_all_methods_go_and_sessions_end(service, directory):
    answered = service.reset(WANTED, ADMIN)

    assert directory.there == [PASSWORD]
    assert directory.revoked == 1
    assert answered.report == {
        "id": answered.report["id"],
        "directory": "memory",
        "user": {"id": KIM.id, "user_name": KIM.user_name},
        "overall": "complete",
        "methods": [
            {"type": "password", "id": "p", "label": None, "phone_type": None, "outcome": "kept"}
            | {"reason": "cannot be removed"},
            {"type": "phone", "id": "m", "label": "********55", "phone_type": "mobile", "outcome": "removed"}
            | {"reason": None},
            {"type": "microsoftAuthenticator", "id": "app", "label": "Pixel", "phone_type": None}
            | {"outcome": "removed", "reason": None},
            {"type": "fido2", "id": "key", "label": "Red key", "phone_type": None, "outcome": "removed"}
            | {"reason": None},
        ],
        "sessions_revoked": True,
        "notes": {},
    }


def test_it_is_on_record_before_and_after(application, service):
    reset_id = service.reset(WANTED, ADMIN).report["id"]

    begun = {"reset_id": reset_id, "directory": "memory", "reason": "lost phone"}
    assert sorted(events(application), key=lambda event: event[0]) == [
        ("mfa.reset", "admin-1", KIM.id, {**begun, "overall": "complete", "removed": 3}),
        ("mfa.reset_begun", "admin-1", KIM.id, begun),
    ]


def test_only_the_kinds_asked_for_go(service, directory):
    wanted = replace(WANTED, kinds=frozenset({MethodKind.FIDO2}), revokes_sessions=False)

    answered = service.reset(wanted, ADMIN)

    assert directory.there == [PASSWORD, MOBILE, APP]
    assert (answered.report["overall"], answered.report["sessions_revoked"], directory.revoked) == (
        "complete",
        False,
        0,
    )


def test_a_method_that_stays_is_told_with_its_reason(service, directory):
    directory.on_remove = lambda method: raising(MethodRefused("by policy"))() if method == KEY else None

    answered = service.reset(WANTED, ADMIN)

    assert outcomes(answered) == {"p": "kept", "m": "removed", "app": "removed", "key": "refused"}
    assert (answered.report["overall"], answered.report["methods"][3]["reason"]) == ("partial", "by policy")


def test_an_outage_on_the_way_is_told_with_what_had_been_done(service, directory):
    directory.on_remove = lambda method: raising(DirectoryUnavailable())() if method == KEY else None

    answered = service.reset(WANTED, ADMIN)

    assert (answered.report["overall"], directory.revoked) == ("interrupted", 0)
    assert outcomes(answered) == {"p": "kept", "m": "notTried", "app": "removed", "key": "failed"}


@pytest.mark.parametrize("act", ["on_revoke", "on_issue"])
def test_what_fails_after_the_methods_is_told(service, directory, act):
    setattr(directory, act, raising(DirectoryUnavailable("down")))

    answered = service.reset(replace(WANTED, issues_pass=True), ADMIN)

    name = {"on_revoke": "sessions", "on_issue": "temporaryAccessPass"}[act]
    assert (answered.report["overall"], answered.report["notes"]) == ("partial", {name: "down"})


def test_a_pass_is_told_once_and_kept_nowhere(application, service):
    wanted = replace(WANTED, issues_pass=True, idempotency_key="key-1")

    first, again = service.reset(wanted, ADMIN), service.reset(wanted, ADMIN)

    assert (first.access_pass.code, again.access_pass) == ("TAP-once", None)
    assert "TAP-once" not in str(first.report) + str(events(application))


def test_a_repeated_request_is_answered_as_before_and_changes_nothing(service, directory):
    wanted = replace(WANTED, idempotency_key="key-1")
    first = service.reset(wanted, ADMIN)
    directory.there.append(APP)

    again = service.reset(wanted, ADMIN)

    assert again.report == first.report
    assert directory.there == [PASSWORD, APP]


def test_a_key_is_its_callers_own(service, directory):
    service.reset(replace(WANTED, idempotency_key="key-1"), ADMIN)
    directory.there.append(APP)

    service.reset(replace(WANTED, idempotency_key="key-1"), Caller("admin-2", None, "request-2"))

    assert directory.there == [PASSWORD]


def test_a_key_names_one_request(service):
    service.reset(replace(WANTED, idempotency_key="key-1"), ADMIN)

    with pytest.raises(KeyUsedOtherwise):
        service.reset(replace(WANTED, idempotency_key="key-1", reason="another"), ADMIN)


@pytest.mark.parametrize("key", [None, "key-1"])
def test_one_user_is_reset_once_at_a_time(service, directory, key):
    refused = []

    def meanwhile(_method):
        if not refused:
            with pytest.raises(ResetUnderWay) as refusal:
                service.reset(replace(WANTED, idempotency_key=key), ADMIN)
            refused.append(refusal)

    directory.on_remove = meanwhile

    assert service.reset(replace(WANTED, idempotency_key=key), ADMIN).report["overall"] == "complete"
    assert len(refused) == 1


def test_a_reset_whose_process_died_gives_way_after_its_lease(application, service, directory):
    wanted = replace(WANTED, idempotency_key="key-1")
    directory.on_remove = raising(SystemExit)
    with pytest.raises(SystemExit):
        service.reset(wanted, ADMIN)
    directory.on_remove = lambda _method: None
    with pytest.raises(ResetUnderWay):
        service.reset(wanted, ADMIN)
    with pytest.raises(ResetUnderWay):
        service.reset(WANTED, ADMIN)

    application.clock.move(seconds=LEASE.total_seconds())

    assert service.reset(wanted, ADMIN).report["overall"] == "complete"


def test_a_dry_run_tells_what_would_go_and_removes_nothing(application, service, directory):
    answered = service.reset(replace(WANTED, is_dry_run=True), ADMIN)

    assert (answered.report["overall"], answered.report["id"]) == ("planned", None)
    assert outcomes(answered) == {"app": "planned", "key": "planned", "m": "planned", "p": "kept"}
    assert len(directory.there) == 4
    assert events(application) == []


def test_a_confirmation_is_needed_where_the_deployment_says_so(service, directory):
    strict = replace(service, needs_confirmation=True)
    with pytest.raises(ConfirmationRequired):
        strict.reset(WANTED, ADMIN)
    token = strict.reset(replace(WANTED, is_dry_run=True), ADMIN).confirmation

    assert strict.reset(replace(WANTED, confirmation=token), ADMIN).report["overall"] == "complete"
    assert directory.there == [PASSWORD]


@pytest.mark.parametrize("change", ["methods", "caller", "time", "forged", "form", "key"])
def test_a_confirmation_is_good_for_what_was_shown_and_for_a_while(application, service, directory, change):
    token = service.reset(replace(WANTED, is_dry_run=True), ADMIN).confirmation
    caller = ADMIN
    if change == "methods":
        directory.there.remove(KEY)
    elif change == "caller":
        caller = Caller("admin-2", None, "request-2")
    elif change == "time":
        application.clock.move(seconds=600)
    else:
        kid, expires, mac = token.split("~")
        token = {"forged": f"{kid}~{expires}~{mac[::-1]}", "form": "yes", "key": f"other~{expires}~{mac}"}[change]

    with pytest.raises(ConfirmationRefused):
        service.reset(replace(WANTED, confirmation=token), caller)


def test_a_caller_has_so_many_an_hour(application, service):
    for _ in range(3):
        service.reset(WANTED, ADMIN)

    with pytest.raises(LimitReached) as refusal:
        service.reset(WANTED, ADMIN)

    assert (refusal.value.code, refusal.value.retry_after) == ("MFA_RESETS", 3600)
    application.clock.move(seconds=3600)
    assert service.reset(WANTED, ADMIN).report["overall"] == "complete"


def test_what_cannot_be_reset_is_told(service, directory):
    with pytest.raises(UnknownDirectory):
        service.reset(replace(WANTED, directory="elsewhere"), ADMIN)
    with pytest.raises(UserNotFound):
        service.reset(replace(WANTED, name="nobody"), ADMIN)
    directory.on_find = raising(DirectoryUnavailable())
    with pytest.raises(DirectoryUnavailable):
        service.reset(WANTED, ADMIN)


def test_resets_that_no_one_asks_about_any_more_are_removed(application, service):
    service.reset(replace(WANTED, idempotency_key="key-1"), ADMIN)
    core = application.services.core

    removed = core.database.transact(lambda unit: unit.resets.prune(application.clock.now(), 10))

    assert removed == 1
    assert core.database.read(lambda unit: unit.resets.find_by_key("admin-1", "any")) is None
