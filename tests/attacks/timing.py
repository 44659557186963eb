"""Times of requests about what there is and what there is not, taken turn by turn on one connection."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.attacks.bounds import difference
from tests.factories.openid import basic
from tests.factories.people import CODES
from tests.factories.processes import wait_until
from tests.factories.servers import WSO2, code_in

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from tests.attacks.bounds import Difference
    from tests.factories.http_gateway import Gateway
    from tests.factories.realms import Realm
    from tests.factories.servers import Client

PASSWORD = "a horse with batteries"
RESTORES = "/api/identity/recovery/v1.0/phone/start"
A_USERS_RESTORES = 4
"""How often a restore is begun for one address: a fifth time within an hour is the last."""
SETTINGS = {
    "email_verification": "true",
    # Restores are limited by their source, which the header of a proxy tells.
    "trusted_proxies": "1",
} | dict.fromkeys(
    (
        "otp_max_sends_per_hour",
        "otp_max_sends_per_address",
        "otp_max_sends_per_ip",
        "otp_max_attempts",
        "otp_max_wrong_per_day",
        "privileged_max_wrong",
        "sign_in_max_wrong",
        "sign_in_max_wrong_per_ip",
    ),
    "0",
)
_WARM_UP = 5
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Call:
    """A request."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Contest:
    """Two kinds of request whose times are compared.

    Attributes:
        is_secret: Whether the caller is not to know the difference; else it may ask for it openly.
        status: What both are answered with.
        cost: How many times as long it takes as a look-up; so many times fewer pairs are taken.
    """

    name: str
    first: Callable[[], Call]
    second: Callable[[], Call]
    is_secret: bool = True
    status: int = 400
    cost: int = 1


@dataclass
class Stopwatch:
    """One connection to a service."""

    url: str

    def __post_init__(self) -> None:
        self._connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)

    def time(self, call: Call, status: int) -> float:
        """Send a request and return how many milliseconds its answer took."""
        began = time.perf_counter()
        self._connection.request(call.method, call.path, call.content or None, call.headers)
        answer = self._connection.getresponse()
        answer.read()
        taken = time.perf_counter() - began
        if answer.status != status:
            raise RuntimeError(f"{call.method} {call.path} answers {answer.status}, not {status}")
        return taken * 1000

    def compare(self, contest: Contest, pairs: int, generator: random.Random) -> Difference:
        """Take so many pairs, each in an order of its own."""
        first: list[float] = []
        second: list[float] = []
        sides = [(contest.first, first), (contest.second, second)]
        for turn in range(_WARM_UP + max(20, pairs // contest.cost)):
            generator.shuffle(sides)
            for ask, times in sides:
                taken = self.time(ask(), contest.status)
                if turn >= _WARM_UP:
                    times.append(taken)
        return difference(first, second, generator)


def contests(realm: Realm, gateway: Gateway) -> list[Contest]:
    """Fill a service and return what is compared on it."""
    return [*_of_strangers(realm), *_of_callers(realm, gateway)]


def _of_strangers(realm: Realm) -> list[Contest]:
    """Return what somebody compares who has no token."""
    realm.add_user("known", password=PASSWORD)
    realm.add_user("without")
    added = realm.service.command("client", "add", "Shop", "--scope", "internal_login internal_user_mgt_view")
    client_id, secret = (line.partition("=")[2] for line in added.splitlines()[:2])
    page = SignInPage.open(realm)
    costs: dict[str, Any] = {"status": 422, "cost": 5}

    def token(name: Callable[[], str], word: str) -> Callable[[], Call]:
        return lambda: _form("/oauth2/token", basic(name(), word), grant_type="client_credentials")

    return [
        Contest("sign-in: a user's wrong password / nobody's name", page.give("known"), page.give(None), **costs),
        Contest("sign-in: wrong password / none to be right", page.give("known"), page.give("without"), **costs),
        Contest(
            "token endpoint: a client's wrong secret / no client",
            token(lambda: client_id, "x" * 43),
            token(_id, secret),
            status=401,
        ),
        Contest(
            "restore begun: a user's address / nobody's",
            _restore(_owners(realm)),
            _restore(f"{_id()}@example.com" for _ in count()),
            status=200,
            cost=10,
        ),
    ]


def _owners(realm: Realm) -> Iterator[str]:
    """Add users with addresses that are verified, as they are needed; each is named a few times."""
    for number in count():
        address = f"{_id()}@example.com"
        verified = {WSO2: {"emailAddresses": [address], "verifiedEmailAddresses": [address]}}
        realm.add_user(f"owner{number}", emails=[{"value": address, "primary": True}], **verified)
        yield from [address] * A_USERS_RESTORES


def _restore(addresses: Iterator[str]) -> Callable[[], Call]:
    def ask() -> Call:
        source = ".".join(["10", *(str(number) for number in _id_bytes())])
        headers = {"Content-Type": "application/json", "X-Forwarded-For": source}
        return Call("POST", RESTORES, headers, json.dumps({"email": next(addresses)}).encode())

    return ask


def _of_callers(realm: Realm, gateway: Gateway) -> list[Contest]:
    """Return what somebody compares who has a token."""
    live = realm.add_asking("live", _number())
    code = _code(gateway)
    used = realm.add_asking("used", _number())
    spent = _code(gateway, 2)
    assert used.validate(spent).status_code == 200
    idle = realm.user(realm.add_user("idle"))
    admin = realm.client()
    somebody = realm.add_user("somebody")
    fresh = iter(range(100_000, 999_999))

    def guess() -> str:
        # Each time another one, and never the right one.
        text = str(next(fresh))
        return text if text != code else str(next(fresh))

    def look_up(text: Callable[[], str], name: str | None = None) -> Callable[[], Call]:
        named = {"user": {"username": name}} if name else {}
        return lambda: _json(admin, "POST", f"{CODES}/validate-code", {"code": text(), **named})

    def own(user: Client) -> Callable[[], Call]:
        return lambda: _json(user, "POST", f"{CODES}/me/validate-code", {"code": guess()})

    def show(user_id: Callable[[], str]) -> Callable[[], Call]:
        return lambda: _json(idle, "GET", f"/scim2/Users/{user_id()}")

    return [
        Contest("somebody else's resource / nobody's", show(lambda: somebody), show(_id), status=403),
        Contest("privileged: a code that was used / nobody's", look_up(lambda: spent), look_up(guess)),
        Contest(
            "privileged, by name: something pending / nothing",
            look_up(guess, "live"),
            look_up(guess, "idle"),
            is_secret=False,
        ),
        Contest("own wrong code: something pending / nothing", own(live), own(idle), is_secret=False),
    ]


@dataclass(frozen=True)
class SignInPage:
    """The sign-in page of one browser, whose form is sent again and again."""

    fields: dict[str, str] = field(repr=False)
    headers: dict[str, str] = field(repr=False)

    @classmethod
    def open(cls, realm: Realm) -> SignInPage:
        """Open it."""
        browser = realm.browser()
        form = browser.get("/sign-in").form_with("password")
        cookies = "; ".join(f"{name}={value}" for name, value in browser.session.cookies.items())
        return cls(form.values, {"Cookie": cookies, "Origin": realm.service.url, "Sec-Fetch-Site": "same-origin"})

    def give(self, name: str | None) -> Callable[[], Call]:
        """Give a wrong password for a name, or for one that nobody has."""

        def ask() -> Call:
            fields = {**self.fields, "user_name": name or _id()[:5], "password": "not my password"}
            return _form("/sign-in", None, self.headers, **fields)

        return ask


def _json(client: Client, method: str, path: str, body: Any = None) -> Call:
    headers = {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"}
    return Call(method, path, headers, json.dumps(body).encode() if body is not None else b"")


def _form(path: str, authorization: str | None, more: dict[str, str] | None = None, **fields: str) -> Call:
    headers = {"Content-Type": "application/x-www-form-urlencoded", **(more or {})}
    if authorization is not None:
        headers["Authorization"] = authorization
    return Call("POST", path, headers, urlencode(fields).encode())


def _id() -> str:
    return str(uuid4())


def _id_bytes() -> bytes:
    return uuid4().bytes[:3]


def _number() -> str:
    return f"+9477{next(_numbers):07d}"


def _code(gateway: Gateway, nth: int = 1) -> str:
    wait_until(lambda: len(gateway.received) >= nth, 30)
    return code_in(gateway.received[nth - 1].body["content"])
