"""Resets of authentication methods, and the connector to Microsoft Graph."""

from __future__ import annotations

from dataclasses import dataclass

from api import setting_readers as read
from api.setting_fields import setting, unset
from providers import base_urls

_MANY = 1_000_000


@dataclass(frozen=True, kw_only=True)
class MethodSettings:
    """Resets of authentication methods, and the connector to Microsoft Graph."""

    reset_needs_confirmation: bool = setting(
        read.boolean, "false", "Whether a reset of all methods wants the confirmation token of a dry run."
    )
    resets_per_hour: int = setting(
        read.integer(0, _MANY), "60", "Resets one caller may ask for within an hour; 0 for no limit."
    )
    graph_tenant_id: str = unset(
        read.text, "", "Tenant whose users can be reset in Microsoft Graph; without it there is no such directory."
    )
    graph_client_id: str = unset(
        read.text,
        "",
        "Application that asks Graph; it needs `UserAuthenticationMethod.ReadWrite.All`, `User.Read.All` and "
        "`User.RevokeSessions.All`.",
    )
    graph_client_secret: str = unset(read.text, "", "Secret of that application.", is_secret=True)
    graph_base_url: str = setting(
        read.base_url, base_urls.GRAPH, "URL of Graph; that of another Lineproof with `/v1.0` behind it will do."
    )
    graph_login_url: str = setting(read.base_url, base_urls.GRAPH_LOGIN, "URL of the endpoint that gives out tokens.")
