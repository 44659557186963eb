"""A form's token is good for one browser."""

from __future__ import annotations

import base64

import pytest

from api.pages.form_tokens import FormTokens
from tests.factories.verification import key_ring


@pytest.fixture
def tokens():
    return FormTokens(key_ring("k1"))


def test_a_token_is_good_where_it_was_given(tokens):
    assert tokens.is_good(tokens.make("browser"), "browser")


def test_a_token_is_good_nowhere_else(tokens):
    assert not tokens.is_good(tokens.make("browser"), "another")


def test_no_two_tokens_are_alike(tokens):
    assert tokens.make("browser") != tokens.make("browser")


@pytest.mark.parametrize("token", ["", "a", "ä", "====", base64.urlsafe_b64encode(bytes(48)).decode(), "\ud800"])
def test_what_is_no_token_is_not_good(tokens, token):
    assert not tokens.is_good(token, "browser")


def test_a_changed_token_is_not_good(tokens):
    raw = bytearray(base64.urlsafe_b64decode(tokens.make("browser")))
    for place in range(len(raw)):
        changed = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
        assert not tokens.is_good(base64.urlsafe_b64encode(changed).decode(), "browser")


def test_a_token_of_an_earlier_key_is_good():
    earlier = FormTokens(key_ring("k1")).make("browser")

    assert FormTokens(key_ring("k2", "k1")).is_good(earlier, "browser")
    assert not FormTokens(key_ring("k2")).is_good(earlier, "browser")
