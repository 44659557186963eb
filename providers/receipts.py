"""Receipts: what a gateway reports of a message later, once its signature has been checked.

A reader is made with the secret it checks by. What it returns says nothing that was not signed.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ReceiptRefused(Exception):
    """The signature of the receipt is missing or wrong."""


class ReceiptUnreadable(Exception):
    """The receipt is not of the form its gateway documents."""


class Outcome(StrEnum):
    """What became of a message."""

    UNDERWAY = "underway"  # nothing final yet
    DELIVERED = "delivered"  # it arrived
    FAILED = "failed"  # it will not arrive


@dataclass(frozen=True, slots=True)
class Callback:
    """A request by which a gateway reports.

    Attributes:
        url: The public URL it was sent to, with its query.
        headers: By lower-case name.
        fields: The parameters of the query and of a form, or the members of a JSON object.
        body: The raw body.
    """

    url: str
    headers: Mapping[str, str]
    fields: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a gateway says of one message.

    Attributes:
        references: Names of the message: the gateway's own, and ours where it brings that back.
        reason: Why it failed, in the words of `Reason`.
    """

    references: tuple[str, ...]
    outcome: Outcome
    reason: str | None = None


ReceiptReader = Callable[[Callback], Receipt]


def is_same(expected: str, given: str) -> bool:
    """Compare signatures in the same time whatever they hold."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))
