"""What a deployment may add, and how it is watched."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import setting_readers as read
from api.logs import LEVELS
from api.setting_fields import setting, unset

if TYPE_CHECKING:
    from pathlib import Path

    from api.setting_readers import Address


@dataclass(frozen=True, kw_only=True)
class ExtraSettings:
    """What a deployment may add, and how it is watched."""

    allow_private_urls: bool = setting(
        read.boolean, "false", "Whether URLs stored through the API may lead to private or loopback addresses."
    )
    schema_dir: Path | None = unset(read.directory, None, "Directory of further SCIM schemas (JSON) to load.")
    metrics_token: str = unset(
        read.text,
        "",
        "Bearer token that a scraper may ask `/metrics` with; without it only an access token with the scope "
        "`internal_governance_view` will do.",
        is_secret=True,
    )
    metrics_bind: Address | None = unset(
        read.address,
        None,
        "Address, as `host:port`, where `/metrics` is served besides, to everybody who reaches it. `lineproof worker` "
        "serves its metrics nowhere else.",
    )
    log_level: str = setting(
        read.one_of(*LEVELS),
        "info",
        "Least level of the lines that are logged: `info` has one for each request, `warning` and `error` have not.",
    )
