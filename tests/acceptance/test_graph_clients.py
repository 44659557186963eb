"""Clients of Microsoft Graph: the guide's own calls, and one Lineproof that resets the user of another."""

from __future__ import annotations

import re

import pytest
import requests

from tests.factories.servers import CALL_TIMEOUT, WSO2, Service

pytestmark = [pytest.mark.acceptance, pytest.mark.slow]

MAIL = "kim@contoso.test"
TENANT = "contoso.onmicrosoft.com"
SCOPES = "internal_user_mgt_view internal_user_mgt_update internal_mfa_reset"
MFA = "/api/identity/mfa/v1.0"


@pytest.fixture
def contoso(begin):
    """Start the service that holds kim: a verified mobile, an alternate one, and an authenticator, the default."""
    service = begin()
    admin, _ = service.printed()
    user = {
        "userName": MAIL,
        "emails": [{"value": MAIL}],
        "phoneNumbers": [{"type": "mobile", "value": "+12065555555"}],
        WSO2: {"verifiedMobileNumbers": ["+12065555555"]},
    }
    kim_id = admin.call("POST", "/scim2/Users", user).json()["id"]
    phone = {"phoneNumber": "+1 2065550100", "phoneType": "alternateMobile"}
    assert admin.call("POST", f"/v1.0/users/{MAIL}/authentication/phoneMethods", phone).status_code == 201
    app = {"type": "microsoftAuthenticator", "attributes": {"displayName": "Pixel"}}
    assert admin.call("POST", f"{MFA}/users/{kim_id}/methods", app).status_code == 201
    return service


@pytest.fixture
def client(contoso):
    """Register an application there, and return its id and its secret."""
    printed = contoso.command("client", "add", "Help desk", "--scope", SCOPES)
    return re.findall(r"client_(?:id|secret)=(\S+)", printed)


def token_of(contoso, client):
    form = {
        "grant_type": "client_credentials",
        "client_id": client[0],
        "client_secret": client[1],
        "resource": "https://graph.microsoft.com",
    }
    answer = requests.post(f"{contoso.url}/{TENANT}/oauth2/token", data=form, timeout=CALL_TIMEOUT)
    answer.raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def reset_one_authenticator(contoso, client, mail):
    """Do what the function of the guide does, its variable mended: remove the first authenticator that is listed."""
    headers = token_of(contoso, client)
    url = f"{contoso.url}/v1.0/users/{mail}/authentication/microsoftAuthenticatorMethods"
    listed = requests.get(url, headers=headers, timeout=CALL_TIMEOUT)
    listed.raise_for_status()
    method_id = listed.json()["value"][0]["id"]
    return requests.delete(f"{url}/{method_id}", headers=headers, timeout=CALL_TIMEOUT).status_code


def methods_of(contoso):
    admin, _ = contoso.printed()
    answer = admin.call("GET", f"/v1.0/users/{MAIL}/authentication/methods")
    return {element["@odata.type"].rpartition(".")[2] for element in answer.json()["value"]}


def test_the_calls_of_the_guide(contoso, client):
    headers = token_of(contoso, client)
    phones = f"{contoso.url}/v1.0/users/{MAIL}/authentication/phoneMethods"

    # The default method does not go while others are there, which the guide's function does not foresee.
    assert reset_one_authenticator(contoso, client, MAIL) == 400
    office = {"phoneNumber": "+1 2065555555", "phoneType": "office"}
    added = requests.post(phones, json=office, headers=headers, timeout=CALL_TIMEOUT)
    listed = requests.get(phones, headers=headers, timeout=CALL_TIMEOUT).json()["value"]
    for method in sorted(listed, key=lambda each: each["phoneType"] == "mobile"):
        gone = requests.delete(f"{phones}/{method['id']}", headers=headers, timeout=CALL_TIMEOUT)
        assert gone.status_code == 204

    assert (added.status_code, added.json()["phoneType"]) == (201, "office")
    assert reset_one_authenticator(contoso, client, MAIL) == 204
    assert methods_of(contoso) == set()


def test_a_user_of_one_service_is_reset_through_another(contoso, client, tmp_path):
    settings = {
        "graph_tenant_id": TENANT,
        "graph_client_id": client[0],
        "graph_client_secret": client[1],
        "graph_base_url": f"{contoso.url}/v1.0",
        "graph_login_url": contoso.url,
    }
    desk = Service(tmp_path / "desk", settings=settings).start()
    try:
        body = {"email": MAIL, "directory": "graph", "issueTemporaryAccessPass": True, "reason": "Phone lost"}
        answer = desk.admin().call("POST", f"{MFA}/reset", body)
    finally:
        desk.process.kill()

    report = answer.json()
    assert (answer.status_code, report["overall"], report["directory"]) == (200, "complete", "graph")
    outcomes = {(method["type"], method["phoneType"]): method["outcome"] for method in report["methods"]}
    assert outcomes == {
        ("microsoftAuthenticator", None): "removed",
        ("phone", "alternateMobile"): "removed",
        ("phone", "mobile"): "removed",
    }
    assert (report["sessionsRevoked"], len(report["temporaryAccessPass"]["temporaryAccessPass"])) == (True, 12)
    assert methods_of(contoso) == {"temporaryAccessPassAuthenticationMethod"}
