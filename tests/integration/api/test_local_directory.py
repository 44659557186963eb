"""Our own directory: the mobile phone is the verified number itself, and everything else a record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.services.access_passes import ONE_AT_A_TIME, fault_of, issue_pass, use_pass
from api.services.callers import Caller
from api.services.local_directory import LocalDirectory
from persistence.methods import MethodRecord
from tests.factories.people import ANN, BEN
from verification.errors import MethodGone, MethodRefused, UserAmbiguous, UserNotFound
from verification.graph_ids import PASSWORD_ID, PHONE_IDS
from verification.methods import DirectoryUser, Method, MethodKind, PhoneType
from verification.resetting import reset

ADMIN = Caller("admin-1", None, "request-1")
WSO2 = "urn:scim:wso2:schema"
MOBILE = Method(MethodKind.PHONE, PHONE_IDS[PhoneType.MOBILE])


@pytest.fixture
def core(application):
    return application.services.core


@pytest.fixture
def directory(core):
    return LocalDirectory(core, ADMIN)


@pytest.fixture
def kim(application):
    """Add kim, whose number is verified beside another one."""
    user_id = application.add_user(
        "kim",
        password="correct horse battery staple",
        emails=[{"value": "kim@example.com", "primary": True}],
        phoneNumbers=[{"type": "mobile", "value": ANN}],
        **{WSO2: {"verifiedMobileNumbers": [ANN, BEN]}},
    )
    return DirectoryUser(user_id, "kim", "kim@example.com")


def record(core, user, kind, method_id, **detail):
    added = MethodRecord(user.id, kind, method_id, core.clock.now(), detail)
    core.database.transact(lambda unit: unit.methods.add(added))


def kinds(directory, user):
    return [(method.kind.value, method.id) for method in directory.methods(user)]


def events(core, user):
    trail = core.database.read(lambda unit: unit.audit.list(core.clock.now().replace(year=2999), subject_id=user.id))
    return [event.event for event in trail]


@pytest.mark.parametrize("name", ["kim", "KIM", "kim@example.com"])
def test_a_user_is_found_by_name_and_by_address(directory, kim, name):
    assert directory.find(name) == kim


def test_a_user_is_found_by_id(directory, kim):
    assert directory.find(kim.id) == kim


def test_an_address_of_several_names_nobody(application, directory):
    for name in ("ann", "ben"):
        application.add_user(name, emails=[{"value": "shared@example.com"}])

    with pytest.raises(UserAmbiguous):
        directory.find("shared@example.com")
    with pytest.raises(UserNotFound):
        directory.find("nobody")


def test_methods_are_what_a_user_has(core, directory, kim):
    record(core, kim, MethodKind.FIDO2, "key-1", displayName="Red key")
    record(core, kim, MethodKind.PHONE, PHONE_IDS[PhoneType.OFFICE], phoneNumber="+12065550100", phoneType="office")

    methods = {method.id: method for method in directory.methods(kim)}

    assert [method.kind.value for method in methods.values()][:2] == ["password", "phone"]
    assert set(methods) == {PASSWORD_ID, MOBILE.id, "key-1", PHONE_IDS[PhoneType.OFFICE]}
    assert (methods[MOBILE.id].label, methods[MOBILE.id].phone_type) == ("********11", "mobile")
    assert (methods["key-1"].label, methods[PHONE_IDS[PhoneType.OFFICE]].label) == ("Red key", "*********00")


def test_a_number_that_is_not_verified_is_no_method(application, directory):
    user_id = application.add_user("ann", phoneNumbers=[{"type": "mobile", "value": ANN}])

    assert kinds(directory, DirectoryUser(user_id, "ann")) == []


def test_an_authenticator_and_recovery_codes_are_methods_and_go(core, directory, kim):
    def give(unit):
        unit.factors.save_authenticator(kim.id, "sealed", last_step=1, at=core.clock.now())
        unit.factors.replace_codes(kim.id, ("one", "two"), core.clock.now())

    core.database.transact(give)
    methods = directory.methods(kim)

    report = reset(methods, lambda method: directory.remove(kim, method))

    found = [(method.kind.value, method.label) for method in methods if method.kind not in {"password", "phone"}]
    assert (found, report.overall) == ([("softwareOath", ""), ("recoveryCodes", "2 left")], "complete")
    assert kinds(directory, kim) == [("password", PASSWORD_ID)]


def test_a_reset_takes_the_numbers_part_and_mark_and_leaves_the_number(application, core, directory, kim):
    record(core, kim, MethodKind.MICROSOFT_AUTHENTICATOR, "app-1", displayName="Pixel")
    record(core, kim, MethodKind.PHONE, MOBILE.id)

    report = reset(directory.methods(kim), lambda method: directory.remove(kim, method))

    assert report.overall == "complete"
    assert kinds(directory, kim) == [("password", PASSWORD_ID)]
    user = application.admin().get(f"/scim2/Users/{kim.id}").get_json()
    assert user["phoneNumbers"] == [{"type": "mobile", "value": ANN}]
    assert user[WSO2]["verifiedMobileNumbers"] == BEN
    assert user["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["phoneVerified"] is False
    assert events(core, kim).count("method.removed") == 2


def test_the_default_goes_last(core, directory, kim):
    record(core, kim, MethodKind.MICROSOFT_AUTHENTICATOR, "app-1")

    with pytest.raises(MethodRefused, match=r"\[app-1\]"):
        directory.remove(kim, Method(MethodKind.MICROSOFT_AUTHENTICATOR, "app-1"))

    assert len(directory.methods(kim)) == 3


def test_an_office_phone_goes_by_itself(core, directory, kim):
    office = PHONE_IDS[PhoneType.OFFICE]
    record(core, kim, MethodKind.PHONE, office, phoneNumber="+12065550100", phoneType="office")

    directory.remove(kim, Method(MethodKind.PHONE, office))

    assert kinds(directory, kim) == [("password", PASSWORD_ID), ("phone", MOBILE.id)]


def test_who_and_what_is_not_there_is_told(directory, kim):
    nobody = DirectoryUser("nobody", "nobody")

    with pytest.raises(MethodGone):
        directory.remove(kim, Method(MethodKind.FIDO2, "key-1"))
    with pytest.raises(UserNotFound):
        directory.remove(nobody, MOBILE)
    with pytest.raises(UserNotFound):
        directory.methods(nobody)
    with pytest.raises(UserNotFound):
        directory.issue_pass(nobody)


def test_sessions_and_tokens_end(application, directory, kim):
    token = application.user(kim.id)
    application.clock.move(seconds=1)

    directory.revoke_sessions(kim)

    application.clock.move(seconds=2)
    assert token.get("/scim2/Me").status_code == 401


def test_a_pass_is_good_once_for_a_while_and_kept_as_a_digest(application, core, directory, kim):
    issued = directory.issue_pass(kim)

    def use(code):
        at = core.clock.now()
        return core.database.transact(lambda unit: use_pass(unit, core, kim.id, code, at))

    assert (len(issued.code), issued.minutes) == (12, 60)
    assert ("temporaryAccessPass" in dict(kinds(directory, kim)), use("WRONG")) == (True, False)
    stored = core.database.read(lambda unit: unit.methods.list(kim.id))
    assert issued.code not in str(stored)
    assert use(f" {issued.code.lower()[:6]}-{issued.code.lower()[6:]}") is True
    assert use(issued.code) is False


@pytest.mark.parametrize(
    ("seconds", "starts_in", "fault"), [(0, 0, None), (3599, 0, None), (3600, 0, "Expired"), (0, 60, "NotYetValid")]
)
def test_a_pass_is_good_from_its_start_to_its_end(application, core, kim, seconds, starts_in, fault):
    at = core.clock.now()
    starts_at = at + timedelta(seconds=starts_in)
    made, issued = issue_pass(
        core, kim.id, ADMIN, at, lifetime=timedelta(hours=1), is_usable_once=False, starts_at=starts_at
    )

    application.clock.move(seconds=seconds)
    later = core.clock.now()

    assert fault_of(made, later) == fault
    for _ in range(2):
        assert core.database.transact(lambda unit: use_pass(unit, core, kim.id, issued.code, later)) is (not fault)


def test_a_user_has_one_pass_at_a_time(application, core, directory, kim):
    directory.issue_pass(kim)
    with pytest.raises(MethodRefused, match=ONE_AT_A_TIME):
        directory.issue_pass(kim)

    application.clock.move(seconds=3600)
    directory.issue_pass(kim)

    assert [kind for kind, _ in kinds(directory, kim)].count("temporaryAccessPass") == 1
