"""The demonstration: a first user on an empty database, and the guide's commands ready to paste."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from api.auth.issuer import TokenIssuer
from api.auth.scopes import ALL_SCOPES, Scope
from api.core_wiring import build_core
from api.demo_administrator import NAME, add_administrator, hash_of, password_in_force
from api.identifiers import new_resource_id
from api.keys import load_keys
from api.services.contact_attributes import MOBILE_NUMBERS
from api.services.contacts import NO_CONTACT, requested_contact, with_contact
from scim.validation import read_resource

if TYPE_CHECKING:
    from api.services.core import Core
    from api.settings import Settings
    from persistence.unit_of_work import UnitOfWork

USER_NAME = "bob"
ADMIN = "demo"
TOKEN_LIFETIME = timedelta(days=1)
DEMO_USER = {
    "userName": USER_NAME,
    "name": {"givenName": "Bob", "familyName": "Smith"},
    "emails": [{"value": "bobsmith@abc.com", "type": "work", "primary": True}],
    "phoneNumbers": [{"type": "mobile", "value": "0111111111"}],
    "roles": [{"type": "default", "value": "Internal/everyone"}],
}


def ensure_demo_user(core: Core) -> str | None:
    """Add bob and an administrator where the database holds no user.

    Return bob's id; None where others are there and he is not.
    """
    document = read_resource(DEMO_USER, core.user_type)
    contact = requested_contact(document, MOBILE_NUMBERS, core.policy, before={}, stored=NO_CONTACT)
    document = with_contact(document, MOBILE_NUMBERS, replace(contact, is_primary_verified=True), None, before={})
    at = core.clock.now()
    user_id = new_resource_id(at)

    def find(unit: UnitOfWork) -> str | None:
        found = unit.resources.find(core.user_type.name, USER_NAME)
        return found.id if found else None

    def add(unit: UnitOfWork) -> str | None:
        if unit.resources.count(core.user_type.name):
            return find(unit)
        add_administrator(core, unit, hashed, at)
        return unit.resources.add(user_id, core.user_type, document, at).id

    if core.database.read(lambda unit: unit.resources.count(core.user_type.name)):
        return core.database.read(find)
    # No transaction is open meanwhile: this is meant to take its time.
    hashed = hash_of(core)
    return core.database.transact(add)


def demo_text(settings: Settings) -> str:
    """Add the demonstration's user where there is none, and return what the terminal shows."""
    keys = load_keys(settings)
    core = build_core(settings, keys, pool_size=1)
    try:
        user_id = ensure_demo_user(core)
        password = password_in_force(core)
    finally:
        core.database.close()
    if user_id is None:
        return ""
    issuer = TokenIssuer(issuer=settings.base_url, keys=keys.issuer, clock=core.clock)
    admin = issuer.mint_for_client(ADMIN, scopes=ALL_SCOPES, lifetime=TOKEN_LIFETIME)
    user = issuer.mint_for_user(user_id, client_id=ADMIN, scopes={Scope.LOGIN}, lifetime=TOKEN_LIFETIME)
    return walkthrough(settings.base_url, user_id, admin, user) + console_hint(settings.base_url, password)


def console_hint(base_url: str, password: str | None) -> str:
    """Return how to sign in to the Console, empty where nobody knows it here."""
    if password is None:
        return ""
    return f"""
The Console is at {base_url}/console

Sign in as {NAME} with the password {password}; the code of the second step appears here, too.
"""


def walkthrough(base_url: str, user_id: str, admin_token: str, user_token: str) -> str:
    """Return the text that `lineproof serve --demo` prints: two tokens and the guide's walks, each with its number."""
    return f"""
Two access tokens, good for a day:

ADMIN={admin_token}

BOB={user_token}

Each command below can be pasted as it is into another terminal; the code of each walk appears here, after "SMS to".

1. Update the primary mobile number; it stays pending until its code comes back

curl -X PATCH {base_url}/scim2/Users/{user_id} \\
  -d '{_phone_patch("0123456789")}' \\
  --header "Content-Type:application/json" --header "Authorization: Bearer {admin_token}"

curl -X POST {base_url}/api/identity/user/v1.0/me/validate-code \\
  -H "Authorization: Bearer {user_token}" -H "Content-Type: application/json" \\
  -d '{{"code": "<code>", "properties": []}}'

2. The same by the user; a second code can be had 30 seconds after the first

curl -X PATCH {base_url}/scim2/Me \\
  -d '{_phone_patch("0123456780")}' \\
  --header "Content-Type:application/json" --header "Authorization: Bearer {user_token}"

curl -X POST {base_url}/api/identity/user/v1.0/me/resend-code \\
  -H "Authorization: Bearer {user_token}" -H "Content-Type: application/json" \\
  -d '{_scenario("MOBILE_VERIFICATION_ON_UPDATE")}'

3. Add a number to the verified list, checked by the administrator

curl -X PATCH {base_url}/scim2/Users/{user_id} \\
  -d '{_list_patch("0111111111,0123456781")}' \\
  --header "Content-Type:application/json" --header "Authorization: Bearer {admin_token}"

curl -X POST {base_url}/api/identity/user/v1.0/validate-code \\
  -H "Authorization: Bearer {admin_token}" -H "Content-Type: application/json" \\
  -d '{{"code": "<code>", "properties": []}}'

4. Send the code again on behalf of the user, 30 seconds after the first

curl -X PATCH {base_url}/scim2/Users/{user_id} \\
  -d '{_phone_patch("0123456782")}' \\
  --header "Content-Type:application/json" --header "Authorization: Bearer {admin_token}"

curl -X POST {base_url}/api/identity/user/v1.0/resend-code \\
  -H "Authorization: Bearer {admin_token}" -H "Content-Type: application/json" \\
  -d '{{"user": {{"username": "{USER_NAME}", "realm": "PRIMARY"}}, {_scenario("MOBILE_VERIFICATION_ON_UPDATE")[1:]}'

See what became of it

curl {base_url}/scim2/Me --header "Authorization: Bearer {user_token}"
"""


def _phone_patch(number: str) -> str:
    return _patch(f'{{"phoneNumbers": [{{"type": "mobile", "value": "{number}"}}]}}')


def _list_patch(numbers: str) -> str:
    return _patch(f'{{"urn:scim:wso2:schema": {{"verifiedMobileNumbers": "{numbers}"}}}}')


def _patch(value: str) -> str:
    schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    return f'{{"schemas": ["{schema}"], "Operations": [{{"op": "replace", "value": {value}}}]}}'


def _scenario(name: str) -> str:
    return f'{{"properties": [{{"key": "RecoveryScenario", "value": "{name}"}}]}}'
