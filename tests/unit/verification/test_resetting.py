"""All methods go, whatever the order a directory insists on, and what stays is told."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.errors import DirectoryUnavailable, MethodGone, MethodRefused
from verification.methods import KEPT_KINDS, Method, MethodKind, PhoneType
from verification.resetting import Outcome, Overall, plan, reset

PASSWORD = Method(MethodKind.PASSWORD, "p")
MOBILE = Method(MethodKind.PHONE, "m", phone_type=PhoneType.MOBILE)
ALTERNATE = Method(MethodKind.PHONE, "a", phone_type=PhoneType.ALTERNATE_MOBILE)
APP = Method(MethodKind.MICROSOFT_AUTHENTICATOR, "app")
KEY = Method(MethodKind.FIDO2, "key")


@dataclass
class Refusing:
    """Removes methods as Graph does: the default last, a mobile after the alternate one."""

    there: list[Method]
    default: Method | None = None
    down_at: int | None = None
    asked: list[Method] = field(default_factory=list)

    def remove(self, method):
        """Remove a method, or refuse to."""
        self.asked.append(method)
        if self.down_at == len(self.asked):
            raise DirectoryUnavailable
        if method not in self.there:
            raise MethodGone
        others = [other for other in self.there if other != method and other.is_removable]
        if method == self.default and others:
            raise MethodRefused("the default method")
        if method == MOBILE and ALTERNATE in self.there:
            raise MethodRefused("an alternate mobile is there")
        self.there.remove(method)


def outcomes(report):
    """Return the outcomes by the ids of the methods."""
    return {result.method.id: result.outcome.value for result in report.results}


@pytest.mark.parametrize("default", [None, MOBILE, APP, KEY], ids=["none", "m", "app", "key"])
def test_all_methods_go_whichever_is_the_default(default):
    methods = [PASSWORD, MOBILE, APP, ALTERNATE, KEY]
    directory = Refusing(list(methods), default)

    report = reset(methods, directory.remove)

    assert directory.there == [PASSWORD]
    assert outcomes(report) == {"p": "kept", "m": "removed", "app": "removed", "a": "removed", "key": "removed"}
    assert report.overall is Overall.COMPLETE


@given(st.lists(st.sampled_from([PASSWORD, MOBILE, APP, ALTERNATE, KEY]), unique=True), st.data())
def test_any_set_of_methods_is_removed_but_for_what_is_kept(methods, data):
    # An alternate mobile that is the default and waits for the mobile, which waits for it, is the test below.
    default = data.draw(st.sampled_from([None, *(method for method in methods if method is not ALTERNATE)]))
    directory = Refusing(list(methods), default)

    report = reset(methods, directory.remove)

    assert [method for method in directory.there if method.kind not in KEPT_KINDS] == []
    assert [result.method for result in report.results] == methods


def test_two_methods_that_wait_for_each_other_stay():
    methods = [MOBILE, ALTERNATE, KEY]

    report = reset(methods, Refusing(list(methods), default=ALTERNATE).remove)

    assert outcomes(report) == {"m": "refused", "a": "refused", "key": "removed"}
    assert report.overall is Overall.PARTIAL


def test_without_progress_it_ends_and_tells_why():
    methods = [APP, KEY]

    def refuse(_method):
        raise MethodRefused("by policy")

    report = reset(methods, refuse)

    assert [(result.outcome, result.reason) for result in report.results] == [(Outcome.REFUSED, "by policy")] * 2
    assert report.overall is Overall.PARTIAL


def test_only_the_kinds_asked_for_go():
    methods = [APP, KEY, MOBILE]
    directory = Refusing(list(methods))

    report = reset(methods, directory.remove, {MethodKind.FIDO2})

    assert directory.there == [APP, MOBILE]
    assert [result.reason for result in report.results] == ["not asked for", None, "not asked for"]
    assert report.overall is Overall.COMPLETE


def test_what_is_gone_already_counts_as_removed():
    report = reset([APP], Refusing([]).remove)

    assert [(result.outcome, result.reason) for result in report.results] == [(Outcome.REMOVED, "was gone already")]


def test_an_outage_ends_it_and_tells_what_had_been_done():
    methods = [APP, KEY, ALTERNATE]
    directory = Refusing(list(methods), down_at=2)

    report = reset(methods, directory.remove)

    assert outcomes(report) == {"app": "removed", "key": "failed", "a": "notTried"}
    assert report.overall is Overall.INTERRUPTED
    assert directory.asked == [APP, KEY]


def test_what_was_refused_before_an_outage_is_told_as_refused():
    methods = [APP, KEY, ALTERNATE]
    directory = Refusing(list(methods), default=APP, down_at=4)

    report = reset(methods, directory.remove)

    assert outcomes(report) == {"app": "failed", "key": "removed", "a": "removed"}


def test_a_refusal_stands_where_the_next_round_breaks_off_before_it():
    methods = [APP, KEY, ALTERNATE]
    calls = []

    def remove(method):
        calls.append(method)
        if len(calls) == 4:
            raise DirectoryUnavailable
        if method is not ALTERNATE:
            raise MethodRefused("not yet")

    report = reset(methods, remove)

    assert outcomes(report) == {"app": "failed", "key": "refused", "a": "removed"}


def test_a_plan_tells_what_would_go_and_in_which_order():
    kept, leaving = plan([MOBILE, PASSWORD, APP], None)

    assert leaving == (APP, MOBILE)
    assert [(result.method, result.reason) for result in kept.results] == [(PASSWORD, "cannot be removed")]


def test_nothing_to_remove_is_complete():
    assert reset([], Refusing([]).remove).overall is Overall.COMPLETE
