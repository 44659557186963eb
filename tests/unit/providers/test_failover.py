"""Which provider carries a message, and when no other is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers.breakers import BreakerRules, Circuit
from providers.failover import Carried, FailoverProvider
from tests.factories.messages import ScriptedProvider, message
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError


class Stopwatch:
    """Seconds that pass only when told."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds

    def passing(self, seconds):
        def pass_by():
            self.seconds += seconds

        return pass_by


def throttled(retry_after=None):
    return TemporaryDeliveryError("throttled", retry_after=retry_after)


def test_the_first_that_takes_it_carries_it():
    first, second = ScriptedProvider("first", "gw-1"), ScriptedProvider("second")
    delivery = message()

    assert FailoverProvider([first, second]).send(delivery) == Carried("first", "gw-1")
    assert (first.sent, second.sent) == ([delivery], [])


def test_a_carrier_may_give_no_reference():
    assert FailoverProvider([ScriptedProvider("console", None)]).send(message()) == Carried("console", None)


def test_a_temporary_fault_goes_on_to_the_next():
    first, second = ScriptedProvider("first", throttled()), ScriptedProvider("second", "gw-2")
    delivery = message()

    assert FailoverProvider([first, second]).send(delivery) == Carried("second", "gw-2")
    assert second.sent == [delivery]


@pytest.mark.parametrize(
    "reason",
    ["invalid number", "recipient opted out", "blocked by fraud guard", "region not enabled", "request refused"],
)
def test_a_refusal_of_the_message_ends_it(reason):
    """Another provider would send to a wrong number, against a STOP or past the guard."""
    first, second = ScriptedProvider("first", PermanentDeliveryError(reason)), ScriptedProvider("second", "gw-2")

    with pytest.raises(PermanentDeliveryError, match=reason):
        FailoverProvider([first, second]).send(message())

    assert second.sent == []


@pytest.mark.parametrize("error", [TemporaryDeliveryError, PermanentDeliveryError])
def test_refused_credentials_are_that_provider_s_alone(error):
    first, second = ScriptedProvider("first", error("credentials refused")), ScriptedProvider("second", "gw-2")

    assert FailoverProvider([first, second]).send(message()) == Carried("second", "gw-2")


def test_refused_credentials_everywhere_stay_permanent():
    refused = [ScriptedProvider(name, PermanentDeliveryError("credentials refused")) for name in ("first", "second")]

    with pytest.raises(PermanentDeliveryError, match="credentials refused"):
        FailoverProvider(refused).send(message())


def test_a_round_with_a_passing_fault_may_be_repeated():
    refused = ScriptedProvider("first", PermanentDeliveryError("credentials refused"))

    with pytest.raises(TemporaryDeliveryError, match="throttled"):
        FailoverProvider([ScriptedProvider("second", throttled()), refused]).send(message())


def test_the_last_passing_fault_speaks_for_the_round():
    first = ScriptedProvider("first", TemporaryDeliveryError("gateway timed out"))

    with pytest.raises(TemporaryDeliveryError, match="throttled"):
        FailoverProvider([first, ScriptedProvider("second", throttled())]).send(message())


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        pytest.param([30], 30, id="the one provider's"),
        pytest.param([30, 10], 10, id="the shortest"),
        pytest.param([30, None], None, id="one may be asked at any time"),
        pytest.param([None, 30], None, id="in either order"),
    ],
)
def test_the_pause_of_a_round_is_that_of_the_first_provider_ready(waits, expected):
    providers = [ScriptedProvider(f"p{wait}", throttled(wait)) for wait in waits]

    with pytest.raises(TemporaryDeliveryError) as caught:
        FailoverProvider(providers).send(message())

    assert caught.value.retry_after == expected


def test_one_provider_gets_all_the_time():
    only = ScriptedProvider("only", "gw-1")

    FailoverProvider([only], monotonic=Stopwatch()).send(message())

    assert only.shares == [10]


def test_the_time_is_shared_among_those_still_to_come():
    stopwatch = Stopwatch()
    first = ScriptedProvider("first", throttled(), on_send=stopwatch.passing(4))
    second = ScriptedProvider("second", throttled(), on_send=stopwatch.passing(0))
    third = ScriptedProvider("third", "gw-3")

    FailoverProvider([first, second, third], budget=timedelta(seconds=12), monotonic=stopwatch).send(message())

    assert (first.shares, second.shares, third.shares) == ([4], [4], [8])


def test_nobody_is_asked_when_the_time_is_up():
    stopwatch = Stopwatch()
    first = ScriptedProvider("first", throttled(), on_send=stopwatch.passing(10))
    second = ScriptedProvider("second", "gw-2")

    with pytest.raises(TemporaryDeliveryError, match="throttled"):
        FailoverProvider([first, second], monotonic=stopwatch).send(message())

    assert second.sent == []


def test_the_names_are_in_order():
    assert FailoverProvider([ScriptedProvider("b"), ScriptedProvider("a")]).names == ("b", "a")


def test_there_is_at_least_one_provider():
    with pytest.raises(ValueError, match="needs a provider"):
        FailoverProvider([])


def test_each_call_is_told_with_its_outcome_and_its_time():
    watch, calls = Stopwatch(), []
    slow = ScriptedProvider("slow", throttled(), on_send=watch.passing(3))
    fine = ScriptedProvider("fine", "gw-2")

    FailoverProvider([slow, fine], monotonic=watch, on_call=lambda *call: calls.append(call)).send(message())

    assert calls == [("slow", "postponed", 3.0), ("fine", "accepted", 0.0)]


def test_a_call_that_refuses_the_message_is_told():
    calls = []
    refusing = ScriptedProvider("strict", PermanentDeliveryError("invalid number"))

    with pytest.raises(PermanentDeliveryError):
        FailoverProvider([refusing], on_call=lambda *call: calls.append(call[:2])).send(message())
    assert calls == [("strict", "refused")]


class Guarded:
    """Two providers, of which the first fails until it is mended, and what was told of their circuits."""

    def __init__(self, failures, *after, second=None):
        self.watch = Stopwatch()
        self.first = ScriptedProvider("first", *(throttled() for _ in range(failures)), *after)
        self.second = ScriptedProvider("second", *(second or [f"gw-{n}" for n in range(20)]))
        self.told = []
        self.failover = FailoverProvider(
            [self.first, self.second],
            monotonic=self.watch,
            rules=BreakerRules(failures=3, window=timedelta(seconds=60), pause=timedelta(seconds=30)),
            on_circuit=lambda name, state: self.told.append((name, state)),
        )
        self.told.clear()

    def send(self, times=1):
        return [self.failover.send(message()).provider for _ in range(times)]


def test_a_provider_that_fails_again_and_again_is_not_asked_first():
    guarded = Guarded(3)

    assert guarded.send(10) == ["second"] * 10
    assert len(guarded.first.sent) == 3
    assert guarded.told == [("first", Circuit.OPEN)]


def test_one_message_finds_out_that_it_is_well_again():
    guarded = Guarded(3, "gw-a", "gw-b")
    guarded.send(3)
    guarded.watch.seconds += 30

    assert guarded.send(2) == ["first", "first"]
    assert guarded.told == [("first", Circuit.OPEN), ("first", Circuit.CLOSED)]


def test_the_message_that_finds_out_that_it_is_not_is_carried_by_another():
    guarded = Guarded(4)
    guarded.send(3)
    guarded.watch.seconds += 30

    assert guarded.send(2) == ["second", "second"]
    assert len(guarded.first.sent) == 4


def test_no_message_is_given_up_for_an_open_circuit():
    guarded = Guarded(3, "gw-a", second=["gw-1", "gw-2", "gw-3", throttled()])
    guarded.send(3)

    assert guarded.send() == ["first"]


def test_a_number_that_is_refused_is_no_fault_of_the_provider():
    first = ScriptedProvider("first", *(PermanentDeliveryError("invalid number") for _ in range(5)), "gw-1")
    failover = FailoverProvider([first], rules=BreakerRules(failures=1))
    for _ in range(5):
        with pytest.raises(PermanentDeliveryError):
            failover.send(message())

    assert failover.send(message()) == Carried("first", "gw-1")


def test_refused_credentials_open_the_circuit():
    first = ScriptedProvider("first", PermanentDeliveryError("credentials refused"))
    second = ScriptedProvider("second", "gw-1", "gw-2")
    failover = FailoverProvider([first, second], rules=BreakerRules(failures=1))

    assert [failover.send(message()).provider for _ in range(2)] == ["second", "second"]


def test_at_the_start_every_circuit_is_told_closed():
    told = []

    FailoverProvider([ScriptedProvider("a"), ScriptedProvider("b")], on_circuit=lambda *circuit: told.append(circuit))

    assert told == [("a", Circuit.CLOSED), ("b", Circuit.CLOSED)]
