"""A stand-in for an SMS gateway: takes messages as the custom provider sends them and shows them on a page.

It needs nothing but Python. Messages are kept in memory, the newest hundred. It asks nobody who they are, and every
reader of the page reads the codes: it belongs beside a service that is being tried, never beside a real one.

    POST or PUT /messages   JSON or a form, with the members `to` and `content`; 200 {"reference": "..."}
    GET /messages           the messages as JSON, newest first
    GET /                   the messages as a page
    GET /healthz            200
"""

from __future__ import annotations

import argparse
import html
import itertools
import json
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

KEPT = 100
LONGEST_BODY = 64 * 1024

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>Messages received</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border-bottom: 1px solid #999; padding: 0.5rem; text-align: left; vertical-align: top; }}
td:last-child {{ white-space: pre-wrap; }}
</style>
</head>
<body>
<h1>Messages received</h1>
{content}
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came."""

    reference: str
    at: str
    to: str
    content: str


class BadMessage(ValueError):
    """A message is a JSON object or a form with the members `to` and `content`."""


class Inbox:
    """The newest messages, safe to be used by several threads."""

    def __init__(self) -> None:
        self._messages: deque[Received] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def receive(self, to: str, content: str) -> Received:
        """Keep a message and return it with the reference it got."""
        with self._lock:
            message = Received(f"message-{next(self._numbers)}", time.strftime("%H:%M:%S"), to, content)
            self._messages.appendleft(message)
        return message

    def newest_first(self) -> list[Received]:
        """Return what was received, newest first."""
        with self._lock:
            return list(self._messages)


def read_message(body: bytes, content_type: str) -> tuple[str, str]:
    """Return number and text of a message, whatever of the two forms it came in."""
    is_json = content_type.partition(";")[0].strip().lower().endswith("json")
    try:
        members = json.loads(body) if is_json else dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError as exc:
        raise BadMessage(str(exc)) from exc
    if not isinstance(members, dict) or not members.get("to") or not members.get("content"):
        raise BadMessage(BadMessage.__doc__)
    return str(members["to"]), str(members["content"])


def page(messages: list[Received]) -> str:
    """Return the page that shows the messages."""
    if not messages:
        return PAGE.format(content="<p>None so far. This page looks again every two seconds.</p>")
    rows = "\n".join(
        f"<tr><td>{message.at}</td><td>{html.escape(message.to)}</td><td>{html.escape(message.content)}</td></tr>"
        for message in messages
    )
    heading = '<tr><th scope="col">At</th><th scope="col">To</th><th scope="col">Text</th></tr>'
    return PAGE.format(content=f"<table>\n{heading}\n{rows}\n</table>")


class Handler(BaseHTTPRequestHandler):
    """Answer one request; the inbox is set by the server."""

    inbox: Inbox
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Show the messages, or say that the gateway is up."""
        path = self.path.partition("?")[0]
        if path == "/":
            self._answer(200, page(self.inbox.newest_first()), "text/html; charset=utf-8")
        elif path == "/messages":
            self._answer(200, json.dumps([asdict(message) for message in self.inbox.newest_first()]))
        elif path == "/healthz":
            self._answer(200, json.dumps({"status": "up"}))
        else:
            self._answer(404, json.dumps({"error": "there are / and /messages"}))

    def do_POST(self) -> None:
        """Take a message."""
        body = self._body()
        if body is None:
            return
        try:
            to, content = read_message(body, self.headers.get("Content-Type", ""))
        except BadMessage as exc:
            self._answer(400, json.dumps({"error": str(exc)}))
            return
        message = self.inbox.receive(to, content)
        self._answer(200, json.dumps({"reference": message.reference}))

    do_PUT = do_POST  # noqa: N815 - the standard library looks methods up by the HTTP verb

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if self.path.partition("?")[0] != "/messages":
            self._refuse(404, "messages go to /messages")
        elif not length.isdecimal():
            self._refuse(411, "a message needs a Content-Length")
        elif int(length) > LONGEST_BODY:
            self._refuse(413, f"a message has at most {LONGEST_BODY} bytes")
        else:
            return self.rfile.read(int(length))
        return None

    def _refuse(self, status: int, reason: str) -> None:
        # The body was not read, so the connection cannot carry another request.
        self.close_connection = True
        self._answer(status, json.dumps({"error": reason}))

    def _answer(self, status: int, text: str, content_type: str = "application/json") -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name for it
        """Say nothing: the page shows what there is to see."""


def gateway(host: str, port: int) -> ThreadingHTTPServer:
    """Return a gateway bound to an address, not yet serving."""
    handler = type("BoundHandler", (Handler,), {"inbox": Inbox()})
    return ThreadingHTTPServer((host, port), handler)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="Take SMS messages and show them on a page.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    arguments = parser.parse_args()
    server = gateway(arguments.host, arguments.port)
    print(f"gateway ready on http://{arguments.host}:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
