"""Telling people of changes of their account, in the transaction of the change.

`changed` and `tell_restored` are for contact values, which can be taken back (api/services/reverting.py); `tell` is for
everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from api.identifiers import new_id
from api.services.contact_attributes import BY_PURPOSE, EXTENSION
from api.services.contacts import stored_contact
from scim.errors import Conflict
from verification.channels import Channel
from verification.delivery import Delivery
from verification.errors import ChangesBlocked
from verification.notices import (
    NOTHING,
    ChangeStatus,
    ContactChange,
    Notice,
    Snapshot,
    news_of,
    revert_token,
    token_digest,
    whole_hours,
)
from verification.targets import masked
from verification.templates import Template
from verification.texts import locale_for
from verification.verifications import Purpose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from api.services.changes import Effect
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork
    from verification.decision import Contact
    from verification.notices import News

Document = dict[str, Any]

MOST_MAILS = 10
"""Addresses that are told of one thing; nobody needs more, and a user with thousands is an attack on others."""
MOST_NUMBERS = 5
"""Numbers that are told of one thing: each message costs."""
MOST_SMS_A_DAY = 10
"""Messages by SMS to one user within 24 hours, those of changed numbers not counted: codes are a limit to those, and
whoever changes a number must not be able to use up what tells of it."""
_MAIL_LISTS = ("verifiedEmailAddresses", "emailAddresses")


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who is told.

    Attributes:
        document: The user's, as it was when the addresses in it were still right.
        others: Addresses that are told besides.
    """

    user_id: str
    document: Document
    others: tuple[str, ...] = ()

    @property
    def locale(self) -> str | None:
        """Return the language they are told in."""
        return locale_for(self.document.get("preferredLanguage") or self.document.get("locale"))

    def mails(self) -> tuple[str, ...]:
        """Return every address the document has, those that are verified first."""
        extension = self.document.get(EXTENSION, {})
        listed = (text for name in _MAIL_LISTS for text in extension.get(name, ()))
        elements = (str(element.get("value") or "") for element in self.document.get("emails", ()))
        return _once((*listed, *elements, *self.others))


def tell(
    core: Core,
    unit: UnitOfWork,
    owner: Owner,
    template: Template,
    at: datetime,
    **values: str | int,
) -> None:
    """Tell somebody of what happened to the account: the verified mobile number by SMS, every address by mail."""
    contact = stored_contact(owner.document, BY_PURPOSE[Purpose.MOBILE], core.policy)
    number = contact.primary if contact.is_primary_verified else None
    numbers = () if number is None else (number.key,)
    _write(core, unit, _Telling(owner, template, values, at), numbers, owner.mails())


def changed(
    core: Core, owner: Owner, purpose: Purpose, *, before: Contact, after: Contact, at: datetime
) -> tuple[Effect, ...]:
    """Return what is written when contact values change: nothing where nobody loses any.

    The effect raises Conflict where a change of them was taken back a short time ago. The document of the owner is
    the one before the change: the old addresses are told.
    """
    news = news_of(before, after)
    if news is None:
        return ()

    def write(unit: UnitOfWork) -> None:
        try:
            refuse_blocked(core, unit, owner.user_id, purpose, at)
        except ChangesBlocked as error:
            raise Conflict(f"{error.code}: {error}") from error
        _tell_of_change(core, unit, _Changing(owner, purpose, news.template(purpose), before, news), at)

    return (write,)


def tell_restored(core: Core, unit: UnitOfWork, owner: Owner, *, before: Contact, after: Contact, at: datetime) -> None:
    """Tell somebody of a number that took the place of a lost one, with the link that takes it back.

    Raises:
        ChangesBlocked: a change of the number was taken back a short time ago.
    """
    refuse_blocked(core, unit, owner.user_id, Purpose.MOBILE, at)
    news = news_of(before, after)
    if news is not None:
        _tell_of_change(core, unit, _Changing(owner, Purpose.MOBILE, Template.PHONE_RESTORED, before, news), at)


def refuse_blocked(core: Core, unit: UnitOfWork, user_id: str, purpose: Purpose, at: datetime) -> None:
    """Raise ChangesBlocked where a change of these contact values was taken back a short time ago."""
    block = core.policy.notices.revert_block
    if not block:
        return
    reverted_at = unit.changes.last_revert(user_id, purpose)
    if reverted_at is not None and at < reverted_at + block:
        raise ChangesBlocked(reverted_at + block)


@dataclass(frozen=True, slots=True)
class _Changing:
    """One change of contact values that is told."""

    owner: Owner
    purpose: Purpose
    template: Template
    before: Contact
    news: News

    def numbers_told(self, core: Core) -> list[str]:
        """Return the numbers that are told: those that are proved, and one that another had to be proved to replace.

        Else anybody could have messages sent to numbers that nobody has proved, one for each change.
        """
        if self.purpose is not Purpose.MOBILE:
            return []
        is_proof_needed = core.policy.mobile_verification or self.template is Template.PHONE_RESTORED
        unproved = None if self.before.is_primary_verified or is_proof_needed else self.before.primary
        return [target.key for target in self.news.lost if target != unproved]


@dataclass(frozen=True, slots=True)
class _Telling:
    """One thing that is told to several."""

    owner: Owner
    template: Template
    values: Mapping[str, str | int]
    at: datetime
    change: ContactChange | None = None
    has_link: bool = False


def _tell_of_change(core: Core, unit: UnitOfWork, changing: _Changing, at: datetime) -> None:
    rules, owner, news = core.policy.notices, changing.owner, changing.news
    # Whoever has changed the addresses first does not keep the owner in the dark of what is changed next.
    earlier = (mail for change in unit.changes.list_open(owner.user_id, at) for mail in change.mails)
    mails = replace(owner, others=tuple(earlier)).mails()
    change_id, kid = new_id(), core.keys.first
    old = ", ".join(masked(target.text) for target in news.lost) or NOTHING
    new = NOTHING if news.gained is None else masked(news.gained.text)
    change = ContactChange(
        id=change_id,
        user_id=owner.user_id,
        purpose=changing.purpose,
        template=changing.template,
        before=Snapshot.of(changing.before),
        old=old,
        new=new,
        mails=mails,
        kid=kid,
        token_digest=token_digest(revert_token(core.keys, kid, change_id)),
        status=ChangeStatus.OPEN,
        created_at=at,
        expires_at=at + rules.revert_lifetime,
    )
    unit.changes.add(change)
    values: dict[str, str | int] = {"old": old, "new": new, "hours": whole_hours(rules.revert_lifetime)}
    telling = _Telling(owner, change.template, values, at, change, has_link=bool(rules.revert_lifetime))
    _write(core, unit, telling, changing.numbers_told(core), mails)


def _write(core: Core, unit: UnitOfWork, telling: _Telling, numbers: Iterable[str], mails: Iterable[str]) -> None:
    rules = core.policy.notices
    if rules.by_sms and not _is_told_enough(unit, telling):
        for number in tuple(numbers)[:MOST_NUMBERS]:
            _queue(core, unit, telling, Channel.SMS, number)
    if rules.by_email:
        for mail in mails:
            _queue(core, unit, telling, Channel.EMAIL, mail)


def _is_told_enough(unit: UnitOfWork, telling: _Telling) -> bool:
    if telling.change is not None:
        return False
    return unit.notices.count_sms(telling.owner.user_id, telling.at - timedelta(days=1)) >= MOST_SMS_A_DAY


def _queue(core: Core, unit: UnitOfWork, telling: _Telling, channel: Channel, to: str) -> None:
    change = telling.change
    notice = Notice(
        id=new_id(),
        user_id=telling.owner.user_id,
        channel=channel,
        template=telling.template,
        locale=telling.owner.locale,
        to=to,
        values=telling.values,
        change_id=None if change is None else change.id,
        link_kid=change.kid if change is not None and telling.has_link and channel is Channel.EMAIL else None,
        created_at=telling.at,
    )
    unit.notices.add(notice)
    unit.deliveries.add(Delivery.announce(new_id(), notice, core.policy.notices.lifetime))


def _once(mails: Iterable[str]) -> tuple[str, ...]:
    """Return addresses, each once however it is spelled, and not more than are worth telling."""
    known: dict[str, str] = {}
    for mail in (text.strip() for text in mails):
        if "@" in mail:
            known.setdefault(mail.casefold(), mail)
    return tuple(known.values())[:MOST_MAILS]
