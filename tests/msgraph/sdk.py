"""What the official client of Microsoft Graph does with the twin; tests.msgraph.run runs it in its own environment."""

from __future__ import annotations

import asyncio
import os

import requests
from azure.core.credentials import AccessToken
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.authentication_phone_type import AuthenticationPhoneType
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.phone_authentication_method import PhoneAuthenticationMethod
from msgraph.generated.models.temporary_access_pass_authentication_method import (
    TemporaryAccessPassAuthenticationMethod,
)
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core.tasks.page_iterator import PageIterator

URL = os.environ["TWIN_URL"]
USER = os.environ["TWIN_USER"]
DEFAULT = "https://graph.microsoft.com/.default"
EMAIL_ID = "3ddfcfc8-9383-446f-83cc-3ab9be4be18f"


class Credential:
    """The credential of azure-identity wants TLS; this one posts the same form."""

    def get_token(self, *scopes, **_):
        """Ask for a token."""
        form = {
            "grant_type": "client_credentials",
            "client_id": os.environ["TWIN_CLIENT_ID"],
            "client_secret": os.environ["TWIN_CLIENT_SECRET"],
            "scope": " ".join(scopes),
        }
        answer = requests.post(f"{URL}/contoso.onmicrosoft.com/oauth2/v2.0/token", data=form, timeout=20).json()
        return AccessToken(answer["access_token"], answer["expires_in"])

    def close(self):
        """Do nothing."""


def graph_client():
    """Return the client, pointed at the twin."""
    provider = AzureIdentityAuthenticationProvider(
        Credential(), scopes=[DEFAULT], allowed_hosts=["127.0.0.1", "localhost"]
    )
    adapter = GraphRequestAdapter(provider)
    adapter.base_url = f"{URL}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


async def check():
    """See, add, change and remove methods of a user."""
    client = graph_client()
    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(filter=f"mail eq '{USER}'", select=["id", "mail"])
    found = await client.users.get(request_configuration=RequestConfiguration(query_parameters=query))
    assert [user.mail for user in found.value] == [USER], found
    authentication = client.users.by_user_id(USER).authentication

    office = PhoneAuthenticationMethod(phone_number="+1 2065555555", phone_type=AuthenticationPhoneType.Office)
    added = await authentication.phone_methods.post(office)
    assert (added.phone_number, added.phone_type) == ("+1 2065555555", AuthenticationPhoneType.Office)
    await authentication.phone_methods.by_phone_authentication_method_id(added.id).patch(
        PhoneAuthenticationMethod(phone_number="+1 2065550199x7")
    )
    changed = await authentication.phone_methods.by_phone_authentication_method_id(added.id).get()
    assert changed.phone_number == "+1 2065550199x7"

    types = []
    pages = PageIterator(await authentication.methods.get(), client.request_adapter)
    await pages.iterate(lambda method: types.append(type(method).__name__) or True)
    assert sorted(types) == ["MicrosoftAuthenticatorAuthenticationMethod", *["PhoneAuthenticationMethod"] * 3], types

    apps = (await authentication.microsoft_authenticator_methods.get()).value
    app = authentication.microsoft_authenticator_methods.by_microsoft_authenticator_authentication_method_id(apps[0].id)
    refusal = await _refusal(app.delete())
    assert (refusal.response_status_code, refusal.error.code) == (400, "badRequest"), refusal
    for phone in sorted((await authentication.phone_methods.get()).value, key=_is_mobile):
        await authentication.phone_methods.by_phone_authentication_method_id(phone.id).delete()
    await app.delete()

    wanted = TemporaryAccessPassAuthenticationMethod(lifetime_in_minutes=60, is_usable_once=True)
    issued = await authentication.temporary_access_pass_methods.post(wanted)
    assert len(issued.temporary_access_pass) == 12
    revoked = await client.users.by_user_id(USER).revoke_sign_in_sessions.post()
    assert revoked.value is True
    gone = await _refusal(authentication.email_methods.by_email_authentication_method_id(EMAIL_ID).get())
    assert (gone.response_status_code, gone.error.code) == (404, "resourceNotFound"), gone
    assert gone.error.inner_error.request_id
    print("msgraph: the official client works")


async def _refusal(call):
    try:
        await call
    except ODataError as error:
        return error
    raise AssertionError("it was not refused")


def _is_mobile(phone):
    return phone.phone_type == AuthenticationPhoneType.Mobile


asyncio.run(check())
