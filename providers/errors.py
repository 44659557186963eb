"""The faults of configuration, of authorization servers and of APIs; those of a delivery are the engine's own."""

from __future__ import annotations


class ProviderConfigError(Exception):
    """The configuration of the message providers is faulty.

    Each fault is a sentence that names its setting, and never holds a value: those may be secrets.
    """

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


class OAuthUnavailable(Exception):
    """The authorization server did not give a usable answer."""


class ForeignAddress(Exception):
    """An answer of the API leads to another host."""
