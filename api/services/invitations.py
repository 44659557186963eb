"""Inviting users who have no password: a link goes to the mailbox, and whoever opens it there sets one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.services import trail
from api.services.contact_attributes import EMAIL_ADDRESSES
from api.services.contacts import pending_value, stored_contact, with_contact
from api.services.effects import Scene
from api.services.errors import HasNoAddress, HasPassword, IsInactive, NoMail, NoSuchInvitation, NoSuchUser
from api.services.passwords import keeping
from api.services.sending import Occasion, SendService
from api.services.trail import Deed
from verification.channels import Channel
from verification.decision import promote
from verification.delivery import Delivery
from verification.invitations import Invitation, invitation_token
from verification.notices import Notice, token_digest, whole_hours
from verification.templates import Template
from verification.texts import locale_for
from verification.verifications import Purpose

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from api.services.callers import Caller
    from api.services.changes import Document
    from api.services.core import Core
    from api.services.passwords import PasswordService
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.targets import Target


@dataclass(frozen=True, slots=True)
class InvitationRules:
    """How long an invitation is good, and whether there is a way for it to go."""

    lifetime: timedelta
    has_mail: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was invited, where the mail goes, masked, and until when its link is good."""

    user_id: str
    sent_to: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationService:
    """Use cases of invitations."""

    core: Core
    rules: InvitationRules
    passwords: PasswordService

    def invite(self, caller: Caller, *, user_id: str | None = None, user_name: str | None = None) -> Invited:
        """Invite a user, given by id or by name; an invitation before is good no longer.

        Raises:
            NoSuchUser: there is none.
            NotInvitable: the user has a password, is inactive or has no address, or this service sends no mail.
            LimitReached, TargetRefused: no mail may be sent now, or none to this address.
        """
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> Invited:
            found = unit.resources.lookup("User", user_id) if user_id else unit.resources.find("User", user_name or "")
            user = unit.resources.lock("User", found.id) if found else None
            if user is None:
                raise NoSuchUser("There is no such user.")
            return self._invite(unit, user, Scene(user.id, caller, at))

        invited = SendService(self.core).transact(write)
        self.core.wake()
        return invited

    def address_of(self, document: Document) -> Target | None:
        """Return where an invitation of a user goes: to the primary address, if there is one, proved or not."""
        return stored_contact(document, EMAIL_ADDRESSES, self.core.policy).primary

    def write(self, unit: UnitOfWork, scene: Scene, document: Document, address: Target) -> Invited:
        """Write an invitation and its mail, inside of a transaction that holds the user's row.

        Raises:
            LimitReached, TargetRefused: as `invite`.
        """
        occasion = Occasion(scene.subject_id, address, Purpose.EMAIL, scene.caller, scene.at)
        permit = SendService(self.core).look(occasion, unit)
        permit.clearance.require()
        kid, expires_at = self.core.keys.first, scene.at + self.rules.lifetime
        notice = Notice(
            id=new_id(),
            user_id=scene.subject_id,
            channel=Channel.EMAIL,
            template=Template.INVITATION,
            locale=locale_for(document.get("preferredLanguage") or document.get("locale")),
            to=address.destination,
            values={"hours": whole_hours(self.rules.lifetime)},
            change_id=None,
            link_kid=kid,
            created_at=scene.at,
        )
        digest = token_digest(invitation_token(self.core.keys, kid, notice.id))
        unit.invitations.save(Invitation(scene.subject_id, address.key, digest, scene.at, expires_at))
        unit.notices.add(notice)
        lifetime = min(self.rules.lifetime, self.core.policy.notices.lifetime)
        unit.deliveries.add(Delivery.announce(new_id(), notice, lifetime))
        permit.count(unit, scene.at)
        scene.record(Deed.INVITED, sent_to=address.masked())(unit)
        return Invited(scene.subject_id, address.masked(), expires_at)

    def offered(self, token: str) -> str:
        """Return the name of the user whom an invitation is for, or raise NoSuchInvitation; nothing is written."""
        user_name: str = self._offered(token, self.core.clock.now()).document()["userName"]
        return user_name

    def accept(self, token: str, password: str, caller: Caller) -> None:
        """Set the first password of the user whom an invitation is for, and use the invitation up.

        Raises:
            NoSuchInvitation: it is unknown, used, too old, or the address or the state of the user is another one now.
            PasswordRefused: the password is not good enough; the invitation stays good.
        """
        at = self.core.clock.now()
        # No transaction is open meanwhile: this is meant to take its time.
        hashed = self.passwords.hash_of(password, self._offered(token, at).document())
        self.core.database.transact(lambda unit: self._accept(unit, token, hashed, caller, at))

    def _invite(self, unit: UnitOfWork, user: StoredResource, scene: Scene) -> Invited:
        document = user.document()
        if unit.passwords.lookup(user.id) is not None:
            raise HasPassword
        if document.get("active") is False:
            raise IsInactive
        address = self.address_of(document)
        if address is None:
            raise HasNoAddress
        if not self.rules.has_mail:
            raise NoMail
        return self.write(unit, scene, document, address)

    def _offered(self, token: str, at: datetime) -> StoredResource:
        def read(unit: UnitOfWork) -> StoredResource:
            invitation = _found(unit, token)
            user = unit.resources.lookup("User", invitation.user_id)
            return self._held(invitation, user, at)

        return self.core.database.read(read)

    def _accept(self, unit: UnitOfWork, token: str, hashed: str, caller: Caller, at: datetime) -> None:
        invitation = _found(unit, token)
        # The user's row first, as everywhere.
        user = self._held(invitation, unit.resources.lock("User", invitation.user_id), at)
        # Single use: of several at once only one finds it there.
        if not unit.invitations.use(invitation):
            raise NoSuchInvitation
        scene = Scene(user.id, caller, at)
        for effect in keeping(scene, hashed):
            effect(unit)
        proved = self._prove(unit, user, scene)
        trail.record(unit, Deed.INVITATION_ACCEPTED, caller, user.id, at, proved=proved)

    def _held(self, invitation: Invitation, user: StoredResource | None, at: datetime) -> StoredResource:
        document = user.document() if user else {"active": False}
        if user is None or document.get("active") is False or not invitation.is_good(self.address_of(document), at):
            raise NoSuchInvitation
        return user

    def _prove(self, unit: UnitOfWork, user: StoredResource, scene: Scene) -> str | None:
        """Mark the address as proved that the link came by, where addresses are proved; return it, masked."""
        kind, policy, document = EMAIL_ADDRESSES.kind, self.core.policy, user.document()
        contact = stored_contact(document, EMAIL_ADDRESSES, policy)
        if contact.primary is None or contact.is_primary_verified or not kind.is_gated(policy):
            return None
        pending = pending_value(document, EMAIL_ADDRESSES)
        live = unit.verifications.find_live(user.id, kind.purpose)
        if live is not None and live.target == contact.primary:
            scene.cancel(live, "proved by an invitation")(unit)
            pending = None
        proved = promote(contact, contact.primary, kind.on_update, policy=policy, kind=kind)
        document = with_contact(document, EMAIL_ADDRESSES, proved, pending, before=document)
        unit.resources.save(user, self.core.user_type, document, scene.at)
        return contact.primary.masked()


def _found(unit: UnitOfWork, token: str) -> Invitation:
    invitation = unit.invitations.find(token_digest(token))
    if invitation is None:
        raise NoSuchInvitation
    return invitation
