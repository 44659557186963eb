"""The twin of the authorization servers, where the settings name none."""

from __future__ import annotations

import pytest

from api.auth.ports import NoAuthorizationServers
from providers.errors import OAuthUnavailable


def test_where_no_issuer_is_trusted_there_is_nobody_to_ask():
    nobody = NoAuthorizationServers()

    with pytest.raises(OAuthUnavailable):
        nobody.get_json("https://issuer.example.com/jwks")
    with pytest.raises(OAuthUnavailable):
        nobody.post_form("https://issuer.example.com/introspect", {}, client_id="c", client_secret="s")
