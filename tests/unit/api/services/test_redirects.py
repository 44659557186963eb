"""A response goes exactly where it was registered to go; only the port of a loopback address is free."""

from __future__ import annotations

import pytest

from api.services.redirects import fault_in, is_registered


@pytest.mark.parametrize(
    ("uri", "public", "confidential"),
    [
        ("https://shop.example/callback", True, True),
        ("https://shop.example:8443/callback?tenant=1", True, True),
        ("http://127.0.0.1/callback", True, True),
        ("http://127.0.0.1:8080/callback", True, True),
        ("http://[::1]:8080/callback", True, True),
        ("http://localhost:3000/callback", True, True),
        ("com.example.app:/callback", True, False),
        ("http://shop.example/callback", False, False),
        ("https://shop.example/callback#part", False, False),
        ("https://*.shop.example/callback", False, False),
        ("https://user@shop.example/callback", False, False),
        ("https:///callback", False, False),
        ("https://shop.example:port/", False, False),
        ("https://shop.example:0/", False, False),
        ("https://[::1/", False, False),
        ("javascript:alert(1)", False, False),
        ("data:text/html,x", False, False),
        ("myapp://callback", False, False),
        ("/callback", False, False),
        ("callback", False, False),
        ("", False, False),
        ("https://shop.example/ callback", False, False),
        ("https://shop.example\\callback", False, False),
        ("https://shöp.example/", False, False),
        ("https://shop.example/\n", False, False),
        ("https://shop.example/" + "x" * 2000, False, False),
    ],
)
def test_what_may_be_registered(uri, public, confidential):
    assert (fault_in(uri, is_public=True) is None) is public
    assert (fault_in(uri, is_public=False) is None) is confidential


@pytest.mark.parametrize(
    "uri",
    [
        "https://shop.example/callback/",
        "https://shop.example/Callback",
        "https://shop.example/callback?x=1",
        "https://shop.example:443/callback",
        "http://shop.example/callback",
        "https://shop.example.evil.example/callback",
        "https://shop.example/callback/../callback",
        "https://shop.example/callback%2F",
    ],
)
def test_nothing_but_what_was_registered_will_do(uri):
    for is_public in (True, False):
        assert is_registered("https://shop.example/callback", ["https://shop.example/callback"], is_public=is_public)
        assert not is_registered(uri, ["https://shop.example/callback"], is_public=is_public)


@pytest.mark.parametrize(
    ("registered", "uri", "matches"),
    [
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", True),
        ("http://127.0.0.1:8000/cb", "http://127.0.0.1:51004/cb", True),
        ("http://[::1]/cb", "http://[::1]:51004/cb", True),
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/other", False),
        ("http://127.0.0.1/cb", "http://[::1]:51004/cb", False),
        ("http://127.0.0.1/cb", "https://127.0.0.1:51004/cb", False),
        ("http://127.0.0.1/cb", "http://user@127.0.0.1:51004/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:/cb", False),
        ("http://localhost/cb", "http://localhost:51004/cb", False),
        ("https://shop.example/cb", "https://shop.example:51004/cb", False),
    ],
)
def test_a_native_application_takes_whatever_port_is_free(registered, uri, matches):
    """RFC 8252 §7.3; a client with a secret is none."""
    assert is_registered(uri, [registered], is_public=True) is matches
    assert not is_registered(uri, [registered], is_public=False)
