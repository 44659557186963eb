"""Where a form comes from, by what a browser says of it."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from api.pages.origins import is_from_here

BASE = "https://id.example"


def request(headers):
    return Request(EnvironBuilder(base_url="http://10.0.0.7:8080", headers=headers).get_environ())


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": BASE}, False),
        ({"Sec-Fetch-Site": "anything"}, False),
        ({"Origin": BASE}, True),
        ({"Origin": "http://10.0.0.7:8080"}, True),
        ({"Origin": "http://id.example"}, False),
        ({"Origin": "https://id.example.evil.example"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
    ],
    ids=str,
)
def test_only_pages_of_ours_send_forms(headers, expected):
    assert is_from_here(request(headers), BASE) is expected
