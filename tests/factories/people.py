"""A user of the application under test: what is stored of the numbers, and the requests that change them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.factories.servers import ENTERPRISE, WSO2
from verification.verifications import Purpose

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.factories.application import Application, Caller
    from verification.verifications import Verification

CODES = "/api/identity/user/v1.0"
ON_UPDATE = "MOBILE_VERIFICATION_ON_UPDATE"
ON_LIST = "MOBILE_VERIFICATION_ON_VERIFIED_LIST_UPDATE"
ANN = "0111111111"
BEN = "0122222222"
CAT = "0133333333"
DAN = "0144444444"
EVE = "0155555555"
KEEP: Any = object()
"""Not sent."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a user as an answer shows them."""

    primary: str | None = None
    listed: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    pending: str | None = None
    is_verified: bool | None = None


def numbers_of(user: dict[str, Any]) -> Numbers:
    """Read the numbers off a user in the guide's dialect."""
    lists, singles = user.get(WSO2, {}), user.get(ENTERPRISE, {})
    mobiles = [phone["value"] for phone in user.get("phoneNumbers", []) if phone.get("type", "").lower() == "mobile"]
    return Numbers(
        mobiles[0] if mobiles else None,
        _listed(lists.get("mobileNumbers")),
        _listed(lists.get("verifiedMobileNumbers")),
        singles.get("pendingMobileNumber"),
        singles.get("phoneVerified"),
    )


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def scenario(*names: str) -> dict[str, Any]:
    """Make the body of a resend."""
    return {"properties": [{"key": "RecoveryScenario", "value": name} for name in names]}


@dataclass
class Person:
    """A user, with a token of the own."""

    application: Application
    id: str
    caller: Caller = field(repr=False)

    @property
    def path(self) -> str:
        """Return the path of the resource."""
        return f"/scim2/Users/{self.id}"

    def show(self) -> dict[str, Any]:
        """Return the user as an administrator sees it."""
        found: dict[str, Any] = self.application.admin().get(self.path).get_json()
        return found

    def numbers(self) -> Numbers:
        """Return the numbers stored."""
        return numbers_of(self.show())

    def version(self) -> str:
        """Return the version stored."""
        version: str = self.show()["meta"]["version"]
        return version

    def send(
        self, *, p: Any = KEEP, n: Any = KEEP, v: Any = KEEP, verify: bool | None = None, by: Caller | None = None
    ) -> TestResponse:
        """PATCH some of the numbers at once: by the user on /Me, or by somebody else on /Users."""
        value: dict[str, Any] = {}
        if p is not KEEP:
            value["phoneNumbers"] = [{"type": "mobile", "value": p}]
        lists = {"mobileNumbers": n, "verifiedMobileNumbers": v, "verifyMobile": verify}
        lists = {name: value for name, value in lists.items() if value is not KEEP and value is not None}
        if lists:
            value[WSO2] = lists
        if by is None:
            return self.caller.replace("/scim2/Me", value)
        return by.replace(self.path, value)

    def live(self) -> Verification | None:
        """Return the verification that is live."""
        database = self.application.services.core.database
        return database.read(lambda unit: unit.verifications.find_live(self.id, Purpose.MOBILE))

    def listed(self) -> list[dict[str, Any]]:
        """Return what is pending, as the user sees it."""
        found: list[dict[str, Any]] = self.caller.get(f"{CODES}/me/verifications").get_json()["verifications"]
        return found

    def validate(self, code: str) -> TestResponse:
        """Submit a code of one's own."""
        return self.caller.post(f"{CODES}/me/validate-code", {"code": code})

    def resend(self, name: str = ON_UPDATE) -> TestResponse:
        """Ask for another code."""
        return self.caller.post(f"{CODES}/me/resend-code", scenario(name))

    def cancel(self) -> TestResponse:
        """Give up what is pending."""
        return self.caller.call("DELETE", f"{CODES}/me/verifications/{self.listed()[0]['id']}")


def person(application: Application, user_id: str) -> Person:
    """Take on a user that is there."""
    return Person(application, user_id, application.user(user_id))


def add_person(
    application: Application,
    name: str = "bob",
    *,
    p: str | None = ANN,
    n: tuple[str, ...] = (),
    v: tuple[str, ...] = (ANN,),
    **attributes: Any,
) -> Person:
    """Add a user as an administrator, who may assert verified numbers."""
    phones = {"phoneNumbers": [{"type": "mobile", "value": p}]} if p else {}
    lists = {name: list(value) for name, value in (("mobileNumbers", n), ("verifiedMobileNumbers", v)) if value}
    extension = {WSO2: lists} if lists else {}
    return person(application, application.add_user(name, **phones, **extension, **attributes))


def privileged(application: Application, code: str, user: str | None = None, **options: Any) -> TestResponse:
    """Submit a code on behalf of somebody."""
    named = {"user": {"username": user}} if user is not None else {}
    return application.admin().post(f"{CODES}/validate-code", {"code": code, **named}, **options)


def wrong(code: str) -> str:
    """Return a code of the same length that is not this one."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)
