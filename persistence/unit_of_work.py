"""One unit of work: the repositories on one connection, in one transaction if they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from persistence.administrators import Administrators
from persistence.audit import Audit
from persistence.blocked_attempts import BlockedAttempts
from persistence.blocks import Blocks, Conversions
from persistence.browser_sessions import BrowserSessions
from persistence.changes import Changes
from persistence.clients import Clients
from persistence.deliveries import Deliveries
from persistence.delivery_lists import DeliveryLists
from persistence.factors import Factors
from persistence.flows import Flows
from persistence.grants import Grants
from persistence.histories import Histories
from persistence.imports import Imports
from persistence.invitations import Invitations
from persistence.labels import Labels
from persistence.limits import Limits
from persistence.members import Members
from persistence.methods import MethodRecords
from persistence.notices import Notices
from persistence.overrides import Overrides
from persistence.passwords import Passwords
from persistence.provider_figures import ProviderFigures
from persistence.pruning import Pruning
from persistence.resets import Resets
from persistence.resources import Resources
from persistence.revocations import Revocations
from persistence.rosters import Rosters
from persistence.send_marks import SendMarks
from persistence.senders import Senders
from persistence.sign_ins import SignIns
from persistence.statistics import Statistics
from persistence.verifications import Verifications

if TYPE_CHECKING:
    from persistence.links import Link


class UnitOfWork:
    """What work reads and writes through.

    Rows are locked in one order everywhere, so that no two units wait for each other: the resource of a user
    first, then its verification, then changes, invitations, notices, deliveries, limits and audit.
    """

    __slots__ = (
        "_link",
        "audit",
        "blocked_attempts",
        "blocks",
        "changes",
        "clients",
        "conversions",
        "deliveries",
        "factors",
        "flows",
        "grants",
        "invitations",
        "limits",
        "members",
        "methods",
        "notices",
        "passwords",
        "resets",
        "resources",
        "revocations",
        "rosters",
        "send_marks",
        "sessions",
        "sign_ins",
        "verifications",
    )

    def __init__(self, link: Link) -> None:
        self.resources = Resources(link)
        self.members = Members(link)
        self.verifications = Verifications(link)
        self.changes = Changes(link)
        self.invitations = Invitations(link)
        self.notices = Notices(link)
        self.deliveries = Deliveries(link)
        self.limits = Limits(link)
        self.send_marks = SendMarks(link)
        self.blocks = Blocks(link)
        self.conversions = Conversions(link)
        self.blocked_attempts = BlockedAttempts(link)
        self.audit = Audit(link)
        self.revocations = Revocations(link)
        self.rosters = Rosters(link)
        self.sessions = BrowserSessions(link)
        self.passwords = Passwords(link)
        self.flows = Flows(link)
        self.factors = Factors(link)
        self.sign_ins = SignIns(link)
        self.clients = Clients(link)
        self.grants = Grants(link)
        self.resets = Resets(link)
        self.methods = MethodRecords(link)
        self._link = link

    @property
    def administrators(self) -> Administrators:
        """Return the administrators, whom only the Console asks for."""
        return Administrators(self._link)

    @property
    def histories(self) -> Histories:
        """Return the verifications of all users, which few units look at."""
        return Histories(self._link)

    @property
    def delivery_lists(self) -> DeliveryLists:
        """Return the deliveries of all users, which few units look at."""
        return DeliveryLists(self._link)

    @property
    def imports(self) -> Imports:
        """Return the files that are being taken in, which few units ask for."""
        return Imports(self._link)

    @property
    def labels(self) -> Labels:
        """Return what resources are called, which few units ask for."""
        return Labels(self._link)

    @property
    def statistics(self) -> Statistics:
        """Return the figures of all users, which few units look at."""
        return Statistics(self._link)

    @property
    def provider_figures(self) -> ProviderFigures:
        """Return what workers tell of providers."""
        return ProviderFigures(self._link)

    @property
    def overrides(self) -> Overrides:
        """Return what is set over the environment's rules, which few units look at."""
        return Overrides(self._link)

    @property
    def senders(self) -> Senders:
        """Return the senders that are set up at run time, which few units look at."""
        return Senders(self._link)

    @property
    def pruning(self) -> Pruning:
        """Return what removes old rows."""
        return Pruning(self._link)
