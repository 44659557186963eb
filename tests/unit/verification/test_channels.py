"""Each purpose has its channel."""

from __future__ import annotations

import pytest

from verification.channels import Channel
from verification.verifications import Purpose


@pytest.mark.parametrize("purpose", Purpose)
def test_a_code_of_each_purpose_travels_somehow(purpose):
    assert purpose.channel in Channel


def test_a_code_for_a_number_travels_by_sms():
    assert Purpose.MOBILE.channel is Channel.SMS
