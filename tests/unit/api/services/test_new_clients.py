"""A client that could not work, or that could do harm, is not added."""

from __future__ import annotations

import pytest

from api.services.clients import ClientRefused, NewClient

CALLBACK = "https://shop.example/callback"


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"name": "a\tb"}, "name", id="a name that breaks lines"),
        pytest.param({"name": "x" * 101}, "name", id="a long name"),
        pytest.param(
            {"redirect_uris": ("http://shop.example/",)}, "The redirect URI .* must be https", id="in the clear"
        ),
        pytest.param({"logout_uris": ("javascript:alert(1)",)}, "The logout URI .* scheme", id="a script"),
        pytest.param({"scopes": frozenset({"openid", "everything"})}, "no scope everything", id="unknown scope"),
        pytest.param(
            {"is_public": True, "redirect_uris": (CALLBACK,), "scopes": frozenset({"internal_user_mgt_list"})},
            "for users only",
            id="public, in its own name",
        ),
        pytest.param({"is_public": True}, "needs a redirect URI", id="public, without users"),
    ],
)
def test_it_is_said_what_is_wrong(attributes, told):
    with pytest.raises(ClientRefused, match=told):
        NewClient(**{"name": "Shop", **attributes}).check()


def test_what_is_well_is_let_pass():
    NewClient(name="Sync", scopes=frozenset({"internal_user_mgt_list"})).check()
    NewClient(name="Shop", redirect_uris=(CALLBACK,), scopes=frozenset({"openid", "phone"})).check()
    NewClient(name="App", redirect_uris=("com.example.app:/cb",), is_public=True).check()
