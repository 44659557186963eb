"""Who reads the receipts of which provider, those that are set up at run time among them."""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING

from api.services.sender_values import ProviderName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.services.stored_senders import SenderSource
    from api.settings import Settings
    from providers.custom_receipts import CustomReceipts
    from providers.receipts import ReceiptReader
    from providers.twilio_receipts import TwilioReceipts
    from providers.vonage_receipts import VonageReceipts
    from verification.ports import Clock


def build_receipt_readers(settings: Settings, clock: Clock) -> dict[str, ReceiptReader]:
    """Return the readers of receipts by provider; one without a secret to check by would believe anybody.

    Each is loaded where it is used: with it come its provider and the HTTP client.
    """
    readers: dict[str, ReceiptReader] = {}
    if settings.twilio_auth_token or settings.twilio_webhook_secret:
        twilio: type[TwilioReceipts] = resolve_name("providers.twilio_receipts:TwilioReceipts")
        readers["twilio"] = twilio(settings.twilio_auth_token, settings.twilio_webhook_secret)
    if settings.vonage_signature_secret:
        vonage: type[VonageReceipts] = resolve_name("providers.vonage_receipts:VonageReceipts")
        readers["vonage"] = vonage(settings.vonage_signature_secret, clock)
    if settings.custom_secret:
        custom: type[CustomReceipts] = resolve_name("providers.custom_receipts:CustomReceipts")
        readers["custom"] = custom(settings.custom_secret, clock)
    return readers


def find_receipt_reader(name: str, readers: Mapping[str, ReceiptReader], senders: SenderSource) -> ReceiptReader | None:
    """Return who reads the receipts of a sender that is stored, or else of a provider of the environment.

    Of the senders Twilio's are signed by a secret that is kept here; those of the others are not. Anybody may ask: the
    database is not read.
    """
    sender = senders.find(name)
    if sender is None:
        return readers.get(name)
    if sender.provider != ProviderName.TWILIO or not sender.secret:
        return None
    twilio: type[TwilioReceipts] = resolve_name("providers.twilio_receipts:TwilioReceipts")
    return twilio(sender.secret)
