"""Methods come and go in an order."""

from __future__ import annotations

from itertools import combinations

import pytest

from verification.errors import MethodRefused
from verification.method_rules import (
    ALTERNATE_GOES_FIRST,
    MOBILE_COMES_FIRST,
    ONE_PER_TYPE,
    default_of,
    refusal_to_add_phone,
    refusal_to_remove,
)
from verification.methods import Method, MethodKind, PhoneType
from verification.resetting import Overall, reset

PASSWORD = Method(MethodKind.PASSWORD, "p")
MOBILE = Method(MethodKind.PHONE, "m", phone_type=PhoneType.MOBILE)
ALTERNATE = Method(MethodKind.PHONE, "a", phone_type=PhoneType.ALTERNATE_MOBILE)
OFFICE = Method(MethodKind.PHONE, "o", phone_type=PhoneType.OFFICE)
OATH = Method(MethodKind.SOFTWARE_OATH, "t")
APP = Method(MethodKind.MICROSOFT_AUTHENTICATOR, "app")
KEY = Method(MethodKind.FIDO2, "key")
CODES = Method(MethodKind.RECOVERY_CODES, "codes")
ALL = (PASSWORD, MOBILE, ALTERNATE, OFFICE, OATH, APP, KEY, CODES)


@pytest.mark.parametrize(
    ("methods", "expected"),
    [
        ((), None),
        ((PASSWORD, KEY, CODES), None),
        ((OFFICE, ALTERNATE, MOBILE), MOBILE),
        ((OFFICE,), OFFICE),
        ((MOBILE, OATH), OATH),
        ((OATH, APP, MOBILE), APP),
    ],
)
def test_the_default_is_what_a_sign_in_asks_for_first(methods, expected):
    assert default_of(methods) == expected


def test_the_default_goes_last():
    assert "[app]" in refusal_to_remove(APP, (APP, MOBILE))
    assert refusal_to_remove(MOBILE, (APP, MOBILE)) is None
    assert refusal_to_remove(APP, (PASSWORD, APP, KEY)) is None


def test_a_mobile_goes_after_the_alternate_one():
    assert refusal_to_remove(MOBILE, (MOBILE, ALTERNATE)) == ALTERNATE_GOES_FIRST
    assert refusal_to_remove(ALTERNATE, (MOBILE, ALTERNATE)) is None


@pytest.mark.parametrize(
    ("phone_type", "methods", "expected"),
    [
        (PhoneType.MOBILE, (), None),
        (PhoneType.OFFICE, (), None),
        (PhoneType.MOBILE, (MOBILE,), ONE_PER_TYPE),
        (PhoneType.ALTERNATE_MOBILE, (OFFICE,), MOBILE_COMES_FIRST),
        (PhoneType.ALTERNATE_MOBILE, (MOBILE,), None),
    ],
)
def test_one_phone_of_each_type_and_the_mobile_first(phone_type, methods, expected):
    assert refusal_to_add_phone(phone_type, methods) == expected


@pytest.mark.parametrize("size", range(1, len(ALL) + 1))
def test_a_reset_gets_along_with_the_order_whatever_is_there(size):
    for methods in combinations(ALL, size):
        there = list(methods)

        def remove(method, there=there):
            if refusal := refusal_to_remove(method, there):
                raise MethodRefused(refusal)
            there.remove(method)

        assert reset(methods, remove).overall is Overall.COMPLETE
        assert there == [method for method in methods if method is PASSWORD]
