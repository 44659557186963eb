"""Bodies of requests to the twin, read strictly; members that are not known are ignored, as Graph does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from api.services.errors import InvalidRequest
from api.services.methods import Pass
from verification.graph_numbers import read_graph_number
from verification.methods import PhoneType

if TYPE_CHECKING:
    from verification.policy import PhonePolicy

PASS_MINUTES = range(10, 43201)
"""From ten minutes to thirty days, as in Graph."""
DEFAULT_MINUTES = 60
LONGEST_START = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as a request describes it."""

    number: str
    phone_type: PhoneType


def read_phone(body: object, policy: PhonePolicy, *, known_type: PhoneType | None = None) -> Phone:
    """Read a phone; a change need not repeat its type, and cannot make it another.

    Raises:
        InvalidRequest, InvalidPhoneNumber: the body is none.
    """
    members = _members(body)
    named = members.get("phoneType", known_type)
    if not isinstance(named, str) or named not in set(PhoneType):
        raise InvalidRequest(f"phoneType: one of {', '.join(PhoneType)}.")
    phone_type = PhoneType(named)
    if known_type not in {None, phone_type}:
        raise InvalidRequest("phoneType: the type of a phone cannot change.")
    number = _text(members, "phoneNumber")
    return Phone(read_graph_number(number, policy, may_have_extension=phone_type is PhoneType.OFFICE), phone_type)


def read_email(body: object) -> str:
    """Read the address of an e-mail method; whether it is one is for the use case to say."""
    return _text(_members(body), "emailAddress")


def read_pass(body: object, at: datetime) -> Pass:
    """Read what pass is asked for; all of it may be left out."""
    members = _members(body)
    minutes = _given(members, "lifetimeInMinutes", default=DEFAULT_MINUTES)
    once = _given(members, "isUsableOnce", default=False)
    if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes not in PASS_MINUTES:
        raise InvalidRequest(f"lifetimeInMinutes: a number from {PASS_MINUTES[0]} to {PASS_MINUTES[-1]}.")
    if not isinstance(once, bool):
        raise InvalidRequest("isUsableOnce: true or false.")
    return Pass(timedelta(minutes=minutes), once, _start(members.get("startDateTime"), at))


def _start(text: object, at: datetime) -> datetime | None:
    if text is None:
        return None
    try:
        start = datetime.fromisoformat(str(text))
        start = start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidRequest("startDateTime: a moment, as in 2026-11-26T12:00:00Z.") from error
    if not at - timedelta(days=1) <= start <= at + LONGEST_START:
        raise InvalidRequest("startDateTime: a moment within thirty days.")
    return max(start, at)


def _members(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise InvalidRequest("The body must be a JSON object.")
    return body


def _text(members: dict[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise InvalidRequest(f"{name}: a text.")
    return value


def _given(members: dict[str, Any], name: str, *, default: object) -> object:
    value = members.get(name)
    return default if value is None else value
