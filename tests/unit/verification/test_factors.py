"""When a second factor is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.verification import MOMENT
from verification.factors import KNOWN_PLACE, RECENT_CHANGE, History, MfaPolicy, is_risky, policy_for

OFF, RISKY, ON = MfaPolicy.OFF, MfaPolicy.RISKY, MfaPolicy.ON
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("default", "client", "user", "policy"),
    [
        (ON, None, None, ON),
        (OFF, None, None, OFF),
        (ON, OFF, None, OFF),
        (OFF, RISKY, None, RISKY),
        (ON, OFF, RISKY, RISKY),
        (OFF, None, ON, ON),
        (ON, None, OFF, ON),
        (RISKY, ON, OFF, ON),
    ],
)
def test_clients_replace_the_default_and_users_strengthen_it(default, client, user, policy):
    assert policy_for(default, client, user) is policy


@pytest.mark.parametrize(
    ("seen", "changed", "risky"),
    [
        pytest.param(timedelta(days=1), None, False, id="known place"),
        pytest.param(None, None, True, id="unknown place"),
        pytest.param(KNOWN_PLACE, None, True, id="known once"),
        pytest.param(KNOWN_PLACE - A_MOMENT, None, False, id="just known"),
        pytest.param(timedelta(0), RECENT_CHANGE, False, id="changed a day ago"),
        pytest.param(timedelta(0), RECENT_CHANGE - A_MOMENT, True, id="changed within the day"),
    ],
)
def test_risk_is_a_new_place_or_a_recent_change(seen, changed, risky):
    history = History(MOMENT - seen if seen is not None else None, MOMENT - changed if changed else None)

    assert is_risky(history, MOMENT) is risky
