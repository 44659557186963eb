"""The independent authorization server of tests/peers/oidc-provider, run as a process of its own."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import subprocess
from typing import Any, Self
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

from tests.factories.npm import PEERS

FOLDER = PEERS / "oidc-provider"
AUDIENCE = "urn:lineproof"
CLIENT = ("shop", "shop:secret")
INTROSPECTION_CLIENT = ("lineproof", "lineproof:secret")

_CALLBACK = "http://127.0.0.1/callback"
_STEPS = 10


class OidcProvider:
    """A running server; `key_id` is part of the names of its keys, so that another one has other keys."""

    def __init__(self, *, port: int = 0, key_id: str = "a") -> None:
        self._process = subprocess.Popen(
            ["node", "server.js", str(port), key_id],
            cwd=FOLDER,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.issuer = self._process.stdout.readline().strip()
        self.port = urlsplit(self.issuer).port or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def client_token(self, form: str = "ES256") -> str:
        """Return an access token that a client got for itself, signed by an algorithm or `opaque`."""
        fields = {"grant_type": "client_credentials", "scope": "internal_user_mgt_view"}
        return str(self._tokens({**fields, "resource": f"{AUDIENCE}:{form}"})["access_token"])

    def user_tokens(self, login: str, form: str = "ES256") -> dict[str, Any]:
        """Log a user in by the authorization code flow, as a browser would; return all the tokens."""
        verifier = secrets.token_urlsafe(32)
        code = self._code(login, f"{AUDIENCE}:{form}", _url_base64(hashlib.sha256(verifier.encode()).digest()))
        fields = {"grant_type": "authorization_code", "redirect_uri": _CALLBACK}
        return self._tokens({**fields, "code": code, "code_verifier": verifier})

    def revoke(self, token: str) -> None:
        """Revoke an access token (RFC 7009)."""
        requests.post(f"{self.issuer}/token/revocation", {"token": token}, auth=_basic(CLIENT)).raise_for_status()

    def _tokens(self, fields: dict[str, str]) -> dict[str, Any]:
        response = requests.post(f"{self.issuer}/token", fields, auth=_basic(CLIENT))
        response.raise_for_status()
        tokens: dict[str, Any] = response.json()
        return tokens

    def _code(self, login: str, resource: str, challenge: str) -> str:
        query = {
            "client_id": CLIENT[0],
            "response_type": "code",
            "redirect_uri": _CALLBACK,
            "scope": "openid internal_login",
            "resource": resource,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        with requests.Session() as browser:
            page = browser.get(f"{self.issuer}/auth", params=query, allow_redirects=False)
            for _ in range(_STEPS):
                page = self._next_page(browser, page, login)
                location = page.headers.get("Location", "")
                if location.startswith(_CALLBACK):
                    return parse_qs(urlsplit(location).query)["code"][0]
        raise AssertionError(f"no code after {_STEPS} pages: {page.status_code}")

    def _next_page(self, browser: requests.Session, page: requests.Response, login: str) -> requests.Response:
        if page.is_redirect:
            return browser.get(urljoin(self.issuer, page.headers["Location"]), allow_redirects=False)
        action = re.search(r'action="([^"]+)"', page.text)
        prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
        assert action, page.text
        assert prompt, page.text
        form = {"prompt": prompt[1], "login": login, "password": "any"}
        return browser.post(action[1], form, allow_redirects=False)


def _basic(client: tuple[str, str]) -> tuple[str, str]:
    name, secret = client
    return name, secret.replace(":", "%3A")  # RFC 6749 §2.3.1


def _url_base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
