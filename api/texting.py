"""The texts of messages that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from verification.texts import Texts

if TYPE_CHECKING:
    from api.settings import Settings

_log = structlog.get_logger()


def load_texts(settings: Settings) -> Texts:
    """Read the packaged texts and those of the deployment.

    Raises:
        InvalidTexts: those of the deployment are faulty; all faults are named.
    """
    return Texts.load(settings.text_dir, service=settings.service_name, webotp_domain=settings.webotp_domain or None)


def warn_of_size(texts: Texts) -> None:
    """Log each short message that takes more parts than it should: each part is paid for."""
    for item in texts.oversized():
        _log.warning(
            "text takes several parts",
            locale=item.locale,
            template=item.template,
            encoding=item.size.encoding,
            units=item.size.units,
            parts=item.size.parts,
        )
