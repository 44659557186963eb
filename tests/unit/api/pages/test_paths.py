"""A browser is sent on to a path of ours, or to the front page."""

from __future__ import annotations

import pytest

from api.pages.paths import LONGEST_PATH, own_path


@pytest.mark.parametrize(
    "path",
    ["/", "/docs", "/oauth2/authorize?client_id=a&state=%2F%2Fb&x=https://c", "/a/b#c", "/a;b", "/?a=//b", "/a//b"],
)
def test_own_path_is_kept(path):
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "docs",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "/\t/evil.example",
        "/\n/evil.example",
        "/a b",
        " /a",
        "/ä",
        "/a\r\nSet-Cookie: a=b",
        "https://evil.example/",
        "https:/evil.example",
        "javascript:alert(1)",
        "?a=b",
        "/" + "a" * LONGEST_PATH,
    ],
)
def test_anything_else_leads_to_the_front_page(path):
    assert own_path(path) == "/"


def test_default_may_be_another_path():
    assert own_path("//evil.example", "/docs") == "/docs"
