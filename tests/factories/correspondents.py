"""A user of the application under test: what is stored of the e-mail addresses, and the requests that change them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.factories.people import KEEP, Numbers, Person
from tests.factories.servers import ENTERPRISE, WSO2
from verification.verifications import Purpose

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.factories.application import Application, Caller
    from verification.verifications import Verification

ON_UPDATE = "EMAIL_OTP_VERIFICATION_ON_UPDATE"
ON_LIST = "EMAIL_OTP_VERIFICATION_ON_VERIFIED_LIST_UPDATE"
ANN = "ann@example.com"
BEN = "ben@example.com"
CAT = "cat@example.com"
DAN = "dan@example.com"
EVE = "eve@example.com"


def mail(address: str, **parts: Any) -> dict[str, Any]:
    """Make an element of `emails`."""
    return {"value": address, **parts}


@dataclass
class Correspondent(Person):
    """A user, with a token of the own, whose addresses are looked at."""

    def addresses(self) -> Numbers:
        """Return the addresses stored, as the guide's dialect shows them."""
        user = self.show()
        lists, singles = user.get(WSO2, {}), user.get(ENTERPRISE, {})
        emails = user.get("emails", [])
        primary = next((item["value"] for item in emails if item.get("primary")), None)
        pending = singles.get("pendingEmails")
        return Numbers(
            primary or (emails[0]["value"] if emails else None),
            tuple(lists["emailAddresses"].split(",")) if "emailAddresses" in lists else (),
            tuple(lists["verifiedEmailAddresses"].split(",")) if "verifiedEmailAddresses" in lists else (),
            pending[0]["value"] if pending else None,
            singles.get("emailVerified"),
        )

    def send(
        self, *, p: Any = KEEP, n: Any = KEEP, v: Any = KEEP, verify: bool | None = None, by: Caller | None = None
    ) -> TestResponse:
        """PATCH some of the addresses at once: by the user on /Me, or by somebody else on /Users."""
        value: dict[str, Any] = {}
        if p is not KEEP:
            value["emails"] = [mail(p, type="work")] if p else []
        lists = {"emailAddresses": n, "verifiedEmailAddresses": v, "verifyEmail": verify}
        lists = {name: value for name, value in lists.items() if value is not KEEP and value is not None}
        if lists:
            value[WSO2] = lists
        if by is None:
            return self.caller.replace("/scim2/Me", value)
        return by.replace(self.path, value)

    def live(self) -> Verification | None:
        """Return the verification of an address that is live."""
        database = self.application.services.core.database
        return database.read(lambda unit: unit.verifications.find_live(self.id, Purpose.EMAIL))

    def resend(self, name: str = ON_UPDATE) -> TestResponse:
        """Ask for another code."""
        return super().resend(name)


def correspondent(application: Application, user_id: str) -> Correspondent:
    """Take on a user that is there."""
    return Correspondent(application, user_id, application.user(user_id))


def add_correspondent(
    application: Application,
    name: str = "bob",
    *,
    p: str | None = ANN,
    n: tuple[str, ...] = (),
    v: tuple[str, ...] = (ANN,),
    **attributes: Any,
) -> Correspondent:
    """Add a user as an administrator, who may assert verified addresses."""
    emails = {"emails": [mail(p, type="work")]} if p else {}
    lists = {key: list(value) for key, value in (("emailAddresses", n), ("verifiedEmailAddresses", v)) if value}
    extension = {WSO2: lists} if lists else {}
    return correspondent(application, application.add_user(name, **{**emails, **extension, **attributes}))
