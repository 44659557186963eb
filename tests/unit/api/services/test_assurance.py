"""Two factors are worth more than one."""

from __future__ import annotations

from api.services.assurance import Acr, Amr, acr_of


def test_one_method_is_one_factor():
    assert acr_of([Amr.PASSWORD]) is Acr.ONE_FACTOR


def test_several_methods_are_two_factors_only_where_they_are_said_to_be():
    assert acr_of([Amr.ONE_TIME_CODE, Amr.SMS]) is Acr.ONE_FACTOR
    assert acr_of([Amr.PASSWORD, Amr.SMS, Amr.SEVERAL_FACTORS]) is Acr.TWO_FACTORS
