"""Stand-ins for the gateways of the providers, answering in the real forms.

As a process of its own it prints each received message as one JSON line, and on standard error where it listens:

    python -m tests.factories.gateways --port 9090 --kind custom --first 503 --first hang
"""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import re
import sys
import threading
from typing import TYPE_CHECKING

from tests.factories.http_gateway import GARBAGE, Behaviour, Gateway, Misbehaviour, Received, Reply, too_many

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "GARBAGE",
    "Behaviour",
    "Gateway",
    "Misbehaviour",
    "Received",
    "Reply",
    "TwilioGateway",
    "VonageGateway",
    "too_many",
    "twilio_error",
]

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN = "a-twilio-token"
API_KEY = "abcd1234"
API_SECRET = "a-vonage-secret"

# Twilio's documented test numbers: what each answers as a recipient, and as a sender.
MAGIC_RECIPIENTS = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_SENDERS = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}

_MOMENT = "Sun, 22 Nov 2026 08:00:00 +0000"
_MSISDN = re.compile(r"[0-9]{7,15}")
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


def twilio_error(status: int, code: int, message: str = "refused") -> Reply:
    """Return Twilio's form of a refusal."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Reply(status, {"code": code, "message": message, "more_info": more, "status": status})


class TwilioGateway(Gateway):
    """Answer as Twilio's Programmable Messaging does, test numbers included."""

    def __init__(
        self,
        *,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = AUTH_TOKEN,
        port: int = 0,
        on_receive: Callable[[Received], None] | None = None,
    ) -> None:
        self.account_sid = account_sid
        self._authorization = _basic(account_sid, auth_token)
        self._numbers = itertools.count(1)
        super().__init__(self._respond, port=port, on_receive=on_receive)

    def _respond(self, received: Received) -> Reply:
        if received.path != f"/2010-04-01/Accounts/{self.account_sid}/Messages.json" or received.method != "POST":
            return twilio_error(404, 20404, "The requested resource was not found")
        if received.headers.get("authorization") != self._authorization:
            return twilio_error(401, 20003, "Authenticate")
        code = _twilio_fault(received.body)
        if code is not None:
            return twilio_error(429 if code == 21611 else 400, code)
        return Reply(201, self._message(received.body))

    def _message(self, fields: Mapping[str, str]) -> dict[str, object]:
        sid = f"SM{next(self._numbers):032x}"
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{sid}"
        return {
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "body": fields["Body"],
            "date_created": _MOMENT,
            "date_sent": None,
            "date_updated": _MOMENT,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": fields.get("From"),
            "messaging_service_sid": fields.get("MessagingServiceSid"),
            "num_media": "0",
            "num_segments": "1" if "From" in fields else "0",
            "price": None,
            "price_unit": None,
            "sid": sid,
            "status": "queued" if "From" in fields else "accepted",
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": fields["To"],
            "uri": f"{uri}.json",
        }


def _twilio_fault(fields: Mapping[str, str]) -> int | None:
    text, period, sender = fields.get("Body", ""), fields.get("ValidityPeriod", "36000"), fields.get("From", "")
    faults = {
        21604: "To" not in fields,
        21603: not sender and "MessagingServiceSid" not in fields,
        21602: not text,
        21617: len(text) > 1600,
        20001: not period.isdecimal() or not 1 <= int(period) <= 36000,
        21211: not _E164.fullmatch(fields.get("To", "")),
    }
    first = next((code for code, holds in faults.items() if holds), None)
    return first or MAGIC_SENDERS.get(sender) or MAGIC_RECIPIENTS.get(fields["To"])


class VonageGateway(Gateway):
    """Answer as Vonage's SMS API does: always 200, with the outcome of each part in the body.

    `statuses` says which status a recipient gets (digits only, as in the request).
    """

    def __init__(
        self,
        *,
        api_key: str = API_KEY,
        api_secret: str = API_SECRET,
        statuses: Mapping[str, str] | None = None,
        port: int = 0,
        on_receive: Callable[[Received], None] | None = None,
    ) -> None:
        self._authorization = _basic(api_key, api_secret)
        self._statuses = dict(statuses or {})
        self._numbers = itertools.count(1)
        super().__init__(self._respond, port=port, on_receive=on_receive)

    def _respond(self, received: Received) -> Reply:
        if received.path != "/sms/json" or received.method != "POST":
            return Reply(404, b"Not found", {"Content-Type": "text/html"})
        fields = received.body
        status, fault = self._verdict(received)
        if status != "0":
            return Reply(200, {"message-count": "1", "messages": [{"status": status, "error-text": fault}]})
        parts = [self._part(fields) for _ in range(_part_count(fields))]
        return Reply(200, {"message-count": str(len(parts)), "messages": parts})

    def _verdict(self, received: Received) -> tuple[str, str]:
        fields = received.body
        if received.headers.get("authorization") != self._authorization:
            return "4", "Bad Credentials"
        if missing := [name for name in ("to", "from", "text") if not fields.get(name)]:
            return "2", f"Missing {missing[0]} param"
        if (
            not re.fullmatch(r"[0-9]{7,15}", fields["to"])
            or not 20_000 <= int(fields.get("ttl", 20_000)) <= 604_800_000
        ):
            return "3", "Invalid value for a param"
        status = self._statuses.get(fields["to"], "0")
        return status, "refused" if status != "1" else "Throughput Rate Exceeded - please wait [ 200 ] and retry"

    def _part(self, fields: Mapping[str, str]) -> dict[str, str]:
        part = {
            "to": fields["to"],
            "message-id": f"{next(self._numbers):016X}",
            "status": "0",
            "remaining-balance": "3.14159265",
            "message-price": "0.03330000",
            "network": "41301",
        }
        return part | ({"client-ref": fields["client-ref"]} if "client-ref" in fields else {})


def _part_count(fields: Mapping[str, str]) -> int:
    single, joined = (70, 67) if fields.get("type") == "unicode" else (160, 153)
    length = len(fields["text"])
    return 1 if length <= single else -(-length // joined)


def _basic(user: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


def _print_line(received: Received) -> None:
    line = {
        "method": received.method,
        "path": received.path,
        "headers": dict(received.headers),
        "body": received.body,
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _behaviour(word: str) -> Behaviour:
    if word.isdecimal():
        return Reply(int(word), {})
    return GARBAGE if word == "garbage" else Misbehaviour(word)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one gateway until the process is ended."""
    parser = argparse.ArgumentParser(description="A message gateway that prints what it receives as JSON lines.")
    parser.add_argument("--port", type=int, default=0, help="where to listen on 127.0.0.1; 0 takes a free port")
    parser.add_argument("--kind", choices=["custom", "twilio", "vonage"], default="custom")
    parser.add_argument(
        "--first",
        action="append",
        default=[],
        metavar="STATUS|hang|close|garbage",
        help="behave so once before the usual answers; may be repeated",
    )
    chosen = parser.parse_args(arguments)
    kinds = {"custom": Gateway, "twilio": TwilioGateway, "vonage": VonageGateway}
    with kinds[chosen.kind](port=chosen.port, on_receive=_print_line) as gateway:
        gateway.then(*map(_behaviour, chosen.first))
        sys.stderr.write(f"gateway ready on {gateway.url}\n")
        sys.stderr.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
