"""Independent OpenID clients sign a user in at the real service, and use all that it offers."""

from __future__ import annotations

import json
import subprocess
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.factories.browsing import parse
from tests.factories.npm import PEERS, install, missing_tool
from tests.factories.servers import CALL_TIMEOUT, WSO2, Service

pytestmark = [pytest.mark.acceptance, pytest.mark.slow]

CALLBACK = "http://127.0.0.1/callback"
GOODBYE = "http://127.0.0.1/goodbye"
PASSWORD = "correct horse battery staple"
PEER = PEERS / "openid-client"
ADDRESS = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Start the service with bob, who has a password and a verified number."""
    arguments = ("serve", "--workers", "1", "--no-delivery")
    running = Service(tmp_path_factory.mktemp("openid"), settings={"mfa": "off"}, arguments=arguments).start()
    number = "+94771234567"
    body = {
        "userName": "bob",
        "password": PASSWORD,
        "phoneNumbers": [{"type": "mobile", "value": number}],
        WSO2: {"verifiedMobileNumbers": [number]},
    }
    assert running.admin().call("POST", "/scim2/Users", body).status_code == 201
    yield running
    running.process.stop()


@pytest.fixture(scope="module")
def client(service):
    """Register a client."""
    told = service.command(
        *("client", "add", "Shop", "--redirect", CALLBACK, "--logout", GOODBYE),
        *("--scope", "openid profile phone offline_access internal_login"),
    )
    found = dict(line.split("=", 1) for line in told.splitlines())
    return found["client_id"], found["client_secret"]


class Browser:
    """What a user does: signs in, allows, and is sent back."""

    def __init__(self):
        self.session = requests.Session()

    def go(self, url):
        """Follow an address to where it leaves the service, filling in the forms on the way."""
        answer = self.session.get(url, headers=ADDRESS, allow_redirects=False, timeout=CALL_TIMEOUT)
        for _ in range(12):
            if answer.is_redirect:
                target = urljoin(answer.url, answer.headers["Location"])
                if target.startswith((CALLBACK, GOODBYE)):
                    return target
                answer = self.session.get(target, headers=ADDRESS, allow_redirects=False, timeout=CALL_TIMEOUT)
            else:
                answer = self._fill_in(answer)
        raise AssertionError(f"no way back: {answer.status_code} {answer.url}")

    def _fill_in(self, page):
        form = next(
            form
            for form in parse(page.text).iter("form")
            if form.get("action", "").startswith(("/sign-in", "/consent"))
        )
        values = {entry.get("name"): entry.get("value", "") for entry in form.iter("input")}
        values |= {"user_name": "bob", "password": PASSWORD, "answer": "allow"}
        return self.session.post(
            urljoin(page.url, form.get("action")),
            values,
            headers={**ADDRESS, "Sec-Fetch-Site": "same-origin"},
            allow_redirects=False,
            timeout=CALL_TIMEOUT,
        )


def test_openid_client_of_npm(service, client):
    missing = missing_tool()
    if missing:
        pytest.skip(missing)
    install(PEER)
    browser = Browser()
    command = ["node", "client.js", service.url, *client, CALLBACK, GOODBYE]

    with subprocess.Popen(
        command, cwd=PEER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as peer:
        callback = browser.go(peer.stdout.readline().strip())
        output, errors = peer.communicate(f"{callback}\n", timeout=CALL_TIMEOUT)

    assert peer.returncode == 0, errors
    found = json.loads(output)
    assert found["claims"]["preferred_username"] == "bob"
    assert found["claims"]["amr"] == ["pwd"]
    assert (found["userinfo"]["phone_number"], found["userinfo"]["phone_number_verified"]) == ("+94771234567", True)
    assert found["refreshed"]["auth_time"] == found["claims"]["auth_time"]
    assert found["introspected"]["active"]
    assert (found["reused"], found["afterReuse"]) == ("invalid_grant", "invalid_grant")
    assert browser.go(found["logout"]) == f"{GOODBYE}?state=bye"
    again = browser.session.get(f"{service.url}/", timeout=CALL_TIMEOUT)
    assert "/sign-in" in again.text


def test_client_of_authlib(service, client):
    client_id, client_secret = client
    metadata = requests.get(f"{service.url}/.well-known/openid-configuration", timeout=CALL_TIMEOUT).json()
    keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=CALL_TIMEOUT).json())
    with OAuth2Session(
        client_id, client_secret, scope="openid internal_login", redirect_uri=CALLBACK, code_challenge_method="S256"
    ) as party:
        verifier = "v" * 43
        url, state = party.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=verifier, nonce="n-1"
        )
        callback = Browser().go(url)
        tokens = party.fetch_token(
            metadata["token_endpoint"], authorization_response=callback, code_verifier=verifier, state=state
        )
        claims = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"]).claims
        me = party.get(f"{service.url}/scim2/Me", timeout=CALL_TIMEOUT).json()

    assert parse_qs(urlsplit(callback).query)["iss"] == [service.url] == [metadata["issuer"]]
    assert (claims["nonce"], claims["aud"]) == ("n-1", client_id)
    assert (me["id"], me["userName"]) == (claims["sub"], "bob")
