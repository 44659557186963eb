"""The engine as a whole: whatever its users do in whatever order, no number counts without its proof."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.factories.engine import MemoryEngine
from tests.factories.verification import ANN, BEN, CAT, DAN, FrozenClock, contact, key_ring, number, numbers
from verification.decision import Actor, Contact
from verification.errors import (
    CodeExpired,
    CodeInvalid,
    LimitReached,
    MultipleNewNumbers,
    NothingToResend,
    NumberChanged,
)
from verification.policy import OtpRules, Policy
from verification.verifications import Status

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Tight limits, so that a short walk meets every one of them; long codes, so that no two are equal by chance.
RULES = OtpRules(
    length=8,
    lifetime=timedelta(seconds=60),
    max_attempts=3,
    max_sends=2,
    resend_cooldown=timedelta(seconds=10),
    max_sends_per_hour=6,
    max_wrong_per_day=8,
)
KEYS = st.sampled_from([ANN, BEN, CAT, DAN])
LISTS = st.lists(KEYS, max_size=4).map(tuple)
KEEP = st.none()


class AnyWalk(RuleBasedStateMachine):
    """Walk through requests, checks, resends, cancels and time, and remember what was proved by whom."""

    @initialize(
        has_lists=st.booleans(),
        has_skip=st.booleans(),
        primary=st.none() | KEYS,
        listed=LISTS,
        asserted=LISTS,
        wants=st.booleans(),
        actor=st.sampled_from([Actor.OWNER, Actor.PRIVILEGED]),
    )
    def create(self, has_lists, has_skip, primary, listed, asserted, wants, actor):
        self.policy = Policy(
            multiple_mobile_numbers=has_lists,
            privileged_skip=has_skip,
            pending_lifetime=timedelta(seconds=600),
            otp=RULES,
        )
        self.clock = FrozenClock()
        self.engine = MemoryEngine(self.policy, key_ring(), self.clock)
        self.engine.create(contact(primary, listed, asserted), wants_verification=wants, actor=actor)
        self.proved = set(asserted) if actor is Actor.PRIVILEGED and has_lists else set()
        self.given = {primary}
        self.wrong_by_id = Counter()

    @rule(
        primary=KEEP | st.tuples(st.none() | KEYS),
        listed=KEEP | LISTS,
        verified=KEEP | LISTS,
        wants=st.booleans(),
        actor=st.sampled_from([Actor.OWNER, Actor.PRIVILEGED]),
    )
    def update(self, primary, listed, verified, wants, actor):
        stored = self.engine.contact
        wanted = stored.primary if primary is None else number(primary[0]) if primary[0] else None
        requested = Contact(
            wanted,
            stored.listed if listed is None else numbers(*listed),
            stored.verified if verified is None else numbers(*verified),
            is_primary_verified=True,
        )
        if self.policy.privileged_skip and actor is Actor.PRIVILEGED:
            self.given.add(wanted.key if wanted else None)
        try:
            self.engine.update(requested, wants_verification=wants, actor=actor)
        except (MultipleNewNumbers, LimitReached):
            assert self.engine.contact is stored

    @rule(data=st.data())
    @precondition(lambda self: self.engine.outbox)
    def check_a_code_that_was_sent(self, data):
        """Submit any code that was ever sent: only the last one, and only while its verification is live, may do."""
        sms = data.draw(st.sampled_from(self.engine.outbox))
        live = self.engine.live
        is_current = live is not None and (sms.verification_id, sms.generation) == (live.id, live.generation)

        is_approved = self._check(sms.code)

        assert is_current or not is_approved
        if is_approved:
            assert sms.to == live.target.key
            self.proved.add(sms.to)

    @rule(code=st.sampled_from(["", "00000000", "no code", "1234567"]))
    def check_a_guess(self, code):
        assert not self._check(code)

    @rule()
    def resend(self):
        before = len(self.engine.outbox)
        try:
            self.engine.resend()
        except (NothingToResend, LimitReached):
            assert len(self.engine.outbox) == before

    @rule()
    def cancel(self):
        self.engine.cancel()

        assert self.engine.live is None

    @rule(seconds=st.sampled_from([1, 10, 59, 60, 599, 600, 3600, 86400]))
    def wait(self, seconds):
        self.clock.advance(seconds)

    def _check(self, code):
        live = self.engine.live
        wrong = len(self.engine.wrong)
        try:
            self.engine.check(code)
        except (CodeExpired, NumberChanged, LimitReached):
            return False
        except CodeInvalid:
            if live is not None:
                self.wrong_by_id[live.id] += len(self.engine.wrong) - wrong
            return False
        return True

    @invariant()
    def lists_are_consistent(self):
        now = self.engine.contact

        assert set(now.verified) <= set(now.listed)
        assert now.primary not in now.verified or now.is_primary_verified
        assert self.policy.multiple_mobile_numbers or not now.listed

    @invariant()
    def nothing_is_verified_without_its_own_code_or_an_assertion(self):
        now = self.engine.contact

        assert {target.key for target in now.verified} <= self.proved
        assert not now.is_primary_verified or now.primary.key in self.proved
        assert now.primary is None or now.primary.key in self.proved | self.given

    @invariant()
    def at_most_one_verification_is_live(self):
        assert sum(v.is_live for v in self.engine.verifications.values()) <= 1

    @invariant()
    def no_more_is_compared_than_allowed(self):
        assert all(wrong <= RULES.max_attempts for wrong in self.wrong_by_id.values())
        assert all(v.attempts <= RULES.max_attempts for v in self.engine.verifications.values())
        assert all(v.attempts >= self.wrong_by_id[v.id] for v in self.engine.verifications.values())
        assert self._within(self.engine.wrong, DAY) <= RULES.max_wrong_per_day

    @invariant()
    def no_more_is_sent_than_allowed(self):
        assert all(v.sends <= RULES.max_sends for v in self.engine.verifications.values())
        assert self._within(self.engine.sends, HOUR) <= RULES.max_sends_per_hour

    def _within(self, events, span):
        return sum(event > self.clock.now() - span for event in events)


AnyWalk.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
test_any_walk = AnyWalk.TestCase


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def engine(clock):
    made = MemoryEngine(Policy(), key_ring(), clock)
    made.create(contact(ANN, (), (ANN,)), wants_verification=False, actor=Actor.PRIVILEGED)
    return made


def _change_to(engine, primary):
    engine.update(
        Contact(number(primary), engine.contact.listed, engine.contact.verified),
        wants_verification=False,
        actor=Actor.OWNER,
    )


def test_the_guides_walk_changes_a_number_only_after_its_code(engine):
    _change_to(engine, BEN)
    before = engine.contact

    engine.check(engine.outbox[-1].code)

    assert before.primary == number(ANN)
    assert engine.contact == contact(BEN, (ANN, BEN), (ANN, BEN))
    assert engine.outbox[-1].to == BEN


def test_the_code_of_one_number_proves_no_other(engine):
    _change_to(engine, BEN)
    _change_to(engine, CAT)

    with pytest.raises(CodeInvalid):
        engine.check(engine.outbox[0].code)

    assert engine.contact.primary == number(ANN)


def test_going_back_to_the_old_number_ends_what_is_pending(engine):
    """The number in force is verified, so asking for it again after a change means: forget the change."""
    _change_to(engine, BEN)
    engine.check(engine.outbox[-1].code)
    _change_to(engine, CAT)

    _change_to(engine, ANN)

    assert engine.contact.primary == number(ANN)
    assert engine.live is None


def test_a_primary_changed_behind_the_engine_refuses_the_promotion(engine):
    _change_to(engine, BEN)
    engine.contact = contact(CAT, is_primary_verified=False)

    with pytest.raises(NumberChanged):
        engine.check(engine.outbox[-1].code)

    assert [v.status for v in engine.verifications.values()] == [Status.CANCELED]


def test_a_code_works_once(engine):
    _change_to(engine, BEN)
    engine.check(engine.outbox[-1].code)

    with pytest.raises(CodeInvalid):
        engine.check(engine.outbox[-1].code)


def test_a_day_of_wrong_codes_is_limited(engine, clock):
    for _ in range(6):
        _change_to(engine, BEN)
        for _ in range(5):
            with pytest.raises(CodeInvalid):
                engine.check("no code")
    clock.advance(86399)

    with pytest.raises(LimitReached) as caught:
        engine.check("no code")

    assert (caught.value.code, caught.value.retry_after) == ("OTP_DAILY", 1)
