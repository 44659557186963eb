"""The gateways of an HTTP process, which is to be small: loaded with the first request that needs them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from api.loading import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.sender_gateways import SenderGateways
    from api.services.delivering import Carrier
    from api.services.sender_values import Sender
    from api.settings import Settings
    from verification.channels import Channel
    from verification.templates import Template
    from verification.texts import Text


class LateGateways:
    """What stands for the gateways until they are needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loaded: SenderGateways | None = None

    def check(self, sender: Sender) -> None:
        """Raise SenderRefused where no message can be sent by a sender."""
        self._gateways().check(sender)

    def carrier(self, senders: Sequence[Sender]) -> Carrier:
        """Return who carries by these senders; without any, by the providers of the environment."""
        return self._gateways().carrier(senders)

    def mail_carrier(self) -> Carrier:
        """Return who carries mail."""
        return self._gateways().mail_carrier()

    def write(self, template: Template, channel: Channel, locale: str | None) -> Text:
        """Write a message."""
        return self._gateways().write(template, channel, locale)

    def _gateways(self) -> SenderGateways:
        if self._loaded is None:
            # Two threads may both do this: the one more does no harm.
            self._loaded = load("api.sender_gateways:SenderGateways")(self._settings, sys.stdout)
        return self._loaded
