"""The faults of the engine and what they tell a caller."""

from __future__ import annotations

import pytest

from verification import errors
from verification.errors import (
    Limit,
    LimitReached,
    MultipleNewAddresses,
    MultipleNewNumbers,
    MultipleNewValues,
    PermanentDeliveryError,
    TemporaryDeliveryError,
    VerificationError,
)


def _leaves(root):
    for child in root.__subclasses__():
        yield child
        yield from _leaves(child)


@pytest.mark.parametrize(
    "error",
    [
        e
        for e in _leaves(VerificationError)
        if e.__module__ == VerificationError.__module__ and not issubclass(e, LimitReached | MultipleNewValues)
    ],
)
def test_the_docstring_is_the_default_message(error):
    assert str(error()) == error.__doc__.strip()


def test_another_message_may_be_given():
    assert str(errors.InvalidKeys("Master key 2 is not base64.")) == "Master key 2 is not base64."


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.CodeInvalid, "18001"),
        (errors.CodeExpired, "18002"),
        (errors.PrivilegedValidationDisabled, "17007"),
        (errors.InvalidScenario, "UAR-10011"),
        (errors.NothingToResend, "UAR-10011"),
        (errors.UnknownUser, "UAR-10012"),
        (errors.NumberChanged, "NUMBER_CHANGED"),
        (errors.AmbiguousCode, "AMBIGUOUS_CODE"),
    ],
)
def test_the_codes_are_those_of_the_guides_product(error, code):
    assert error().code == code


def test_a_limit_tells_its_code_and_when_to_come_back():
    error = LimitReached(Limit.HOURLY, 17)

    assert (error.code, error.limit, error.retry_after) == ("OTP_HOURLY", Limit.HOURLY, 17)


def test_several_new_numbers_name_their_code_in_the_message():
    assert str(MultipleNewNumbers()).startswith("UMV-10002")
    assert str(MultipleNewAddresses()).startswith("UEV-10003")


def test_a_delivery_error_carries_a_reason():
    assert PermanentDeliveryError("bad number").reason == "bad number"


def test_a_temporary_error_may_carry_the_wait_the_gateway_asks_for():
    assert TemporaryDeliveryError("throttled", retry_after=7).retry_after == 7
    assert TemporaryDeliveryError("timeout").retry_after is None
