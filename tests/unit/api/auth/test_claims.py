"""Scopes come in more forms than one."""

from __future__ import annotations

import pytest

from api.auth.claims import scopes


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        pytest.param({"scope": "a b"}, {"a", "b"}, id="RFC 8693"),
        pytest.param({"scope": ["a", "b", 3]}, {"a", "b"}, id="list"),
        pytest.param({"scp": "a b"}, {"a", "b"}, id="scp"),
        pytest.param({"scp": ["a", "b"]}, {"a", "b"}, id="list of scp"),
        pytest.param({"scope": ""}, set(), id="empty"),
        pytest.param({"scope": 7}, set(), id="neither text nor list"),
        pytest.param({}, set(), id="none"),
    ],
)
def test_scopes_are_read_from_each_form(claims, expected):
    assert scopes(claims) == expected
