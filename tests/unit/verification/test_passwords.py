"""Which passwords are good enough (NIST SP 800-63B-4 §3.1.1)."""

from __future__ import annotations

import pytest

from verification.errors import PasswordRefused
from verification.passwords import LEAST_ALONE, LONGEST, PasswordRules, normalise, require_good

CONTEXT = ("bobsmith", "robert.smith@example.com", "Al")


def is_good(password: str, min_length: int = 8) -> bool:
    """Tell whether a password is taken."""
    try:
        require_good(normalise(password), CONTEXT, PasswordRules(min_length))
    except PasswordRefused:
        return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        "Correct-Horse-7",
        "t1meMa$heen",
        "1mz050nq",
        "all small and with spaces",
        "κωδικός πρόσβασης",
        "一二三四五六七八",
        "my als are many",
        "x" * 3 + "yz" * 2 + "vwutsrq",
        "lineproof is a service",
        "a1b2c3d4e5f6-?",
        "z" + "kq7!" * 20,
    ],
)
def test_good_passwords(password):
    assert is_good(password)


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("sevench", id="short"),
        pytest.param("password", id="common"),
        pytest.param("PassWord2024!", id="common, with ends"),
        pytest.param("p@ssw0rd!", id="common, with signs for letters"),
        pytest.param("1qaz2wsx", id="common, beginning with a digit"),
        pytest.param("monkeymonkey", id="common, twice"),
        pytest.param("aaaaaaaaaaaa", id="one letter"),
        pytest.param("abababababab", id="two letters"),
        pytest.param("xyz9xyz9xyz9", id="a few, again and again"),
        pytest.param("abcdefghijklmno", id="up the alphabet"),
        pytest.param("nmlkjihgfedcba", id="down the alphabet"),
        pytest.param("234567890123", id="up the digits"),
        pytest.param("321098765432", id="down the digits"),
        pytest.param("bobsmith", id="user name"),
        pytest.param("Al123456", id="a short name and digits"),
        pytest.param("BobSmith1234", id="user name and little else"),
        pytest.param("robert.smith", id="the address before its domain"),
        pytest.param("robert.smith@example.com", id="the address"),
        pytest.param("Lineproof2026", id="the service"),
        pytest.param("k" + "x7!" * 100, id="long"),
    ],
)
def test_bad_passwords(password):
    assert not is_good(password)


def test_length_is_counted_in_characters():
    assert is_good("日本語の長い合言葉です", min_length=11)
    assert not is_good("日本語の長い合言葉です", min_length=12)


def test_longest_password_is_taken_and_one_more_is_not():
    longest = "".join(chr(ord("a") + n * 7 % 26) + chr(ord("a") + n * 5 % 23) for n in range(LONGEST // 2))

    assert len(longest) == LONGEST
    assert is_good(longest)
    assert not is_good(longest + "!")


def test_alone_a_password_is_longer():
    assert not is_good("fourteen chars", LEAST_ALONE)
    assert is_good("fifteen charact", LEAST_ALONE)


def test_refusal_does_not_repeat_the_password():
    with pytest.raises(PasswordRefused) as refused:
        require_good("qwertyuiop", (), PasswordRules())

    assert "qwerty" not in str(refused.value)


def test_empty_password_is_short():
    assert not is_good("")


def test_same_letters_are_the_same_password():
    """NFKC: a full-width letter, or one made of two parts, is the one everybody else types."""
    assert normalise("\uff50\uff41\uff53\uff53 e\u0301") == normalise("pass é")
