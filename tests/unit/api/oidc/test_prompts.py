"""When a session will do, and when the user has to sign in again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from authlib.oauth2.rfc6749 import InvalidRequestError

from api.oidc.prompts import Wishes
from persistence.browser_sessions import Session

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SIGNED_IN = NOW - timedelta(minutes=10)


def session(acr="aal1"):
    return Session("s", "bob", ("pwd",), acr, SIGNED_IN, SIGNED_IN, NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("wished", "has_to_sign_in"),
    [
        pytest.param({}, False, id="nothing"),
        pytest.param({"prompt": "consent"}, False, id="consent"),
        pytest.param({"prompt": "none"}, False, id="silence"),
        pytest.param({"prompt": "login"}, True, id="a sign-in"),
        pytest.param({"prompt": "login consent"}, True, id="both"),
        pytest.param({"max_age": "600"}, False, id="fresh enough"),
        pytest.param({"max_age": "599"}, True, id="too old"),
        pytest.param({"max_age": "0"}, True, id="now"),
        pytest.param({"acr_values": "aal1"}, False, id="one factor"),
        pytest.param({"acr_values": "aal2"}, True, id="two factors"),
        pytest.param({"acr_values": "aal2 aal1"}, False, id="one at least"),
        pytest.param({"acr_values": "gold"}, False, id="a level there is not"),
        pytest.param({"prompt": "login", "signed_in_after": str(int(SIGNED_IN.timestamp()))}, False, id="come back"),
        pytest.param({"acr_values": "aal2", "signed_in_after": str(int(SIGNED_IN.timestamp()))}, False, id="tried"),
        pytest.param({"prompt": "login", "signed_in_after": str(int(NOW.timestamp()))}, True, id="not come back"),
    ],
)
def test_what_a_client_wishes(wished, has_to_sign_in):
    assert Wishes.of(wished).need_sign_in(session(), NOW) is has_to_sign_in


def test_two_factors_are_enough_for_one_and_for_two():
    for acr_values in ("aal1", "aal2", "aal1 aal2"):
        assert not Wishes.of({"acr_values": acr_values}).need_sign_in(session("aal2"), NOW)


def test_nobody_is_never_signed_in():
    assert Wishes.of({"signed_in_after": "0"}).need_sign_in(None, NOW)


@pytest.mark.parametrize(
    "wished",
    [
        {"prompt": "none login"},
        {"max_age": "-1"},
        {"max_age": "soon"},
        {"max_age": "٣"},
        {"max_age": "9" * 12},
        {"signed_in_after": "x"},
    ],
)
def test_what_is_no_wish(wished):
    with pytest.raises(InvalidRequestError):
        Wishes.of(wished)
