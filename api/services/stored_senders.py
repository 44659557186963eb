"""The senders that are stored, as every process follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.services.sender_values import unseal
from api.services.sources import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.services.sender_values import Sender
    from persistence.senders import StoredSender
    from verification.codes import KeyRing


class SenderSource(Source[tuple["StoredSender", ...]]):
    """Know the senders that are stored, opened once for each change of them."""

    def __init__(self, load: Callable[[], tuple[StoredSender, ...]], keys: KeyRing) -> None:
        super().__init__((), load)
        self._keys = keys
        self._opened: tuple[tuple[StoredSender, ...], tuple[Sender, ...]] = (), ()

    @property
    def senders(self) -> tuple[Sender, ...]:
        """Return them in their order; where there are any, those of the environment rest."""
        stored, opened = self._opened
        if stored is not self.value:
            stored = self.value
            opened = tuple(unseal(self._keys, each) for each in stored)
            self._opened = stored, opened
        return opened

    def find(self, name: str) -> Sender | None:
        """Return a sender, None where there is none of this name."""
        return next((sender for sender in self.senders if sender.name == name), None)

    @property
    def can_send(self) -> bool:
        """Tell whether there is none, or one at least that can be opened."""
        return not self.senders or any(sender.is_open for sender in self.senders)
