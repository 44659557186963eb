"""Where the service runs, and what it keeps its data and secrets in."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api import setting_readers as read
from api.setting_fields import setting, unset

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

    from verification.codes import KeyRing


@dataclass(frozen=True, kw_only=True)
class DeploymentSettings:
    """Where the service runs, and what it keeps its data and secrets in."""

    env: str = setting(
        read.one_of("development", "production"),
        "development",
        "`production` refuses to start with generated keys, with test numbers, or with the console as the only SMS "
        "provider.",
    )
    host: str = setting(read.text, "127.0.0.1", "Address the server binds to.")
    port: int = setting(read.integer(1, 65535), "8080", "TCP port the server binds to.")
    base_url: str = unset(
        read.base_url,
        "",
        "Public URL of the service: the beginning of every location, and issuer and audience of its own tokens.",
        shown="`http://HOST:PORT`",
    )
    trusted_proxies: int = setting(
        read.integer(0, 10), "0", "Number of proxies in front of the service whose `X-Forwarded-For` is believed."
    )
    data_dir: Path = setting(Path, "var", "Directory of the embedded database and of generated keys.")
    database_url: str = unset(
        read.database_url,
        "",
        "SQLite, or `postgresql+psycopg://user:password@host/name` (several hosts are allowed).",
        shown="SQLite in the data directory",
        is_secret=True,
    )
    master_keys: KeyRing | None = unset(
        read.master_keys,
        None,
        "Keys from which codes and digests are derived, as `kid:base64,…` of 32 bytes each "
        "(`openssl rand -base64 32`): the first one is used for what is new, all for what is there. "
        "Required on PostgreSQL and in production.",
        shown="generated in the data directory",
        is_secret=True,
    )
    issuer_keys: KeySet | None = unset(
        read.issuer_keys,
        None,
        "Keys of the embedded issuer as a JWK set of private P-256 keys with a `kid` each (a generated `issuer.jwks` "
        "will do): the first one signs, all verify. Required on PostgreSQL and in production.",
        shown="generated in the data directory",
        is_secret=True,
    )
