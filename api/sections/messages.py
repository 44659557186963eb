"""What messages say."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import setting_readers as read
from api.setting_fields import setting, unset

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class MessageSettings:
    """What messages say."""

    service_name: str = setting(read.name, "Lineproof", "Name by which messages speak of the service.")
    text_dir: Path | None = unset(
        read.directory,
        None,
        "Directory of texts of your own (JSON, a file per locale), laid over the packaged ones: docs/texts.md.",
    )
    webotp_domain: str = unset(
        read.domain, "", "Domain of the WebOTP line at the end of an SMS with a code; without it no line."
    )
