"""People who stand in front of a browser: how they come to have an account, and how they sign in."""

from __future__ import annotations

from secrets import randbelow
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.factories.chromium import Visitor
    from tests.factories.servers import Client, Service

PASSWORD = "a horse with batteries"
WSO2 = "urn:scim:wso2:schema"


def a_number() -> str:
    """Return a number that hardly anybody else has."""
    return f"+1415555{randbelow(10_000):04}"


def add_user(admin: Client, name: str, number: str | None = None, **extension: object) -> str:
    """Add somebody with a password and a mail address; return the id."""
    user = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", WSO2],
        "userName": name,
        "password": PASSWORD,
        "emails": [{"value": f"{name}@example.com", "primary": True}],
        **({"phoneNumbers": [{"type": "mobile", "value": number}]} if number else {}),
        WSO2: extension,
    }
    answer = admin.call("POST", "/scim2/Users", user)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def add_member(admin: Client, name: str = "ann") -> tuple[str, str]:
    """Add somebody whose number and mail address are proved; return the name, which is a new one, and the number."""
    number = a_number()
    name = f"{name}{number[-4:]}{randbelow(1000)}"
    add_user(admin, name, number, verifiedMobileNumbers=[number], verifiedEmailAddresses=[f"{name}@example.com"])
    return name, number


def sign_in(visitor: Visitor, service: Service, name: str, number: str, path: str = "/sign-in") -> None:
    """Sign in with a code and arrive where the path says."""
    seen = len(service.process.lines)
    visitor.go(path)
    visitor.fill(user_name=name, password=PASSWORD)
    visitor.fill(code=service.code_for(number, after=seen))
