"""The composition root: every part of the service, made from its settings."""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from api.auth.assembly import assemble_verifier
from api.auth.issuer import TokenIssuer
from api.auth.ports import NoAuthorizationServers
from api.auth.revocations import RevocationList
from api.core_wiring import SYSTEM_CLOCK, SYSTEM_PACE, build_core, under
from api.dialect import absent_names, idle_names
from api.directories import build_directories
from api.exposition import Exposition
from api.keys import load_keys
from api.late_gateways import LateGateways
from api.metrics import Metrics
from api.receiving import build_receipt_readers
from api.rendering import Renderer
from api.resource_wiring import USER, ResourceServices, build_resource_services, whole_types
from api.services.administrators import AdministratorService
from api.services.applications import ApplicationService
from api.services.attempts import SignInRules
from api.services.auditing import AuditService
from api.services.b2c import B2cService
from api.services.clients import ClientService
from api.services.codes import CodeService
from api.services.deliveries import DeliveryListService
from api.services.factors import FactorService
from api.services.governance import GovernanceService
from api.services.grants import GrantService, Lifetimes
from api.services.guarding import GuardService
from api.services.guesses import GuessRules
from api.services.histories import HistoryService
from api.services.invitations import InvitationRules, InvitationService
from api.services.methods import MethodService
from api.services.mfa_reset import ResetService
from api.services.names import NameService
from api.services.old_numbers import OldNumberService
from api.services.own_passwords import OwnPasswordService
from api.services.passwords import PasswordService
from api.services.readiness import ReadinessService
from api.services.receipts import ReceiptService
from api.services.registered_methods import RegisteredMethodService
from api.services.restore import RestoreService
from api.services.restores import RestoreRules
from api.services.reverting import RevertService
from api.services.rosters import RosterService
from api.services.second_factors import SecondFactors
from api.services.senders import SenderService
from api.services.sessions import SessionService
from api.services.sign_in import SignInService
from api.services.statistics import StatisticsService
from api.services.trials import TrialService
from api.services.verifications import VerificationService
from verification.passwords import PasswordRules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from joserfc.jwk import KeySet

    from api.auth.ports import OAuthHttp
    from api.auth.verifier import TokenVerifier
    from api.keys import Keys
    from api.services.core import Core
    from api.services.pacing import Pace
    from api.settings import Settings
    from persistence.resources import StoredResource
    from persistence.revocations import Revocation
    from persistence.unit_of_work import UnitOfWork
    from providers.receipts import ReceiptReader
    from verification.policy import Policy
    from verification.ports import Clock


@dataclass(frozen=True, slots=True)
class Services:
    """Every use case, and what the HTTP layer needs beside them."""

    settings: Settings
    core: Core
    renderer: Renderer
    resources: ResourceServices
    codes: CodeService
    verifications: VerificationService
    sessions: SessionService
    administrators: AdministratorService
    rosters: RosterService
    sign_in: SignInService
    restore: RestoreService
    old_numbers: OldNumberService
    own_passwords: OwnPasswordService
    applications: ApplicationService
    b2c: B2cService
    clients: ClientService
    grants: GrantService
    factors: FactorService
    histories: HistoryService
    audit: AuditService
    deliveries: DeliveryListService
    names: NameService
    guard: GuardService
    statistics: StatisticsService
    reverts: RevertService
    invitations: InvitationService
    governance: GovernanceService
    senders: SenderService
    trials: TrialService
    readiness: ReadinessService
    metrics: Metrics
    exposition: Exposition
    receipts: ReceiptService
    methods: MethodService
    registered_methods: RegisteredMethodService
    resets: ResetService
    receipt_readers: Mapping[str, ReceiptReader]
    verifier: TokenVerifier
    issuer: TokenIssuer
    issuer_keys: KeySet


def build_services(
    settings: Settings, *, pool_size: int, clock: Clock = SYSTEM_CLOCK, pace: Pace = SYSTEM_PACE
) -> Services:
    """Make every part of the service."""
    keys = load_keys(settings)
    metrics = Metrics()
    core = build_core(settings, keys, pool_size=pool_size, clock=clock, observe=metrics)
    return _assembled(settings, core, metrics, keys.issuer, _verifier(settings, core, keys), pace)


def under_policy(services: Services, policy: Policy) -> Services:
    """Make every part anew under another policy; database, metrics and what is known of tokens stay."""
    core = under(services.core, services.settings, policy)
    return _assembled(
        services.settings, core, services.metrics, services.issuer_keys, services.verifier, services.restore.pace
    )


def _assembled(
    settings: Settings, core: Core, metrics: Metrics, issuer_keys: KeySet, verifier: TokenVerifier, pace: Pace
) -> Services:
    renderer = Renderer(
        settings.base_url,
        settings.dialect,
        absent_names(core.policy) | idle_names(core.policy),
        whole_types=whole_types(core.registry.resource_types),
    )
    factors = SecondFactors(core)
    passwords = PasswordService(PasswordRules(settings.password_min_length))
    invitations = InvitationService(
        core, InvitationRules(settings.invitation_lifetime, has_mail=settings.has_mail), passwords
    )
    gateways = LateGateways(settings)
    senders = SenderService(core, gateways)
    resources = build_resource_services(core, renderer, passwords, invitations if settings.invite_new_users else None)
    rules, grants = _sign_in_rules(settings), GrantService(core, _lifetimes(settings))
    return Services(
        settings=settings,
        core=core,
        renderer=renderer,
        resources=resources,
        codes=CodeService(core),
        verifications=VerificationService(core),
        sessions=SessionService(core, settings.session_lifetime, settings.session_idle),
        administrators=AdministratorService(core, settings.fresh_sign_in),
        rosters=RosterService(core),
        clients=ClientService(core),
        grants=grants,
        applications=ApplicationService(core, grants),
        restore=RestoreService(
            core, RestoreRules(settings.restore_policy, settings.restore_signs_in), passwords, factors, pace
        ),
        old_numbers=OldNumberService(core),
        own_passwords=OwnPasswordService(core, passwords, resources.users, rules.guesses, settings.fresh_sign_in),
        b2c=B2cService(core),
        sign_in=SignInService(core, rules, passwords, factors),
        factors=FactorService(core, factors, settings.fresh_sign_in),
        histories=HistoryService(core),
        audit=AuditService(core),
        deliveries=DeliveryListService(core),
        names=NameService(core),
        guard=GuardService(core),
        statistics=StatisticsService(core),
        reverts=RevertService(core, settings.fresh_sign_in),
        invitations=invitations,
        governance=GovernanceService(core, settings.given, settings.has_mail),
        senders=senders,
        trials=TrialService(core, gateways, senders),
        readiness=ReadinessService(core),
        metrics=metrics,
        exposition=Exposition(metrics, core),
        receipts=ReceiptService(core),
        methods=MethodService(core, resources.users, settings.fresh_sign_in),
        registered_methods=RegisteredMethodService(core),
        resets=ResetService(
            core,
            build_directories(settings, core),
            needs_confirmation=settings.reset_needs_confirmation,
            per_hour=settings.resets_per_hour,
        ),
        receipt_readers=build_receipt_readers(settings, core.clock),
        verifier=verifier,
        issuer=TokenIssuer(issuer=settings.base_url, keys=issuer_keys, clock=core.clock),
        issuer_keys=issuer_keys,
    )


def _lifetimes(settings: Settings) -> Lifetimes:
    return Lifetimes(
        code=settings.authorization_code_lifetime,
        access_token=settings.access_token_lifetime,
        refresh_token=settings.refresh_token_lifetime,
        refresh_token_idle=settings.refresh_token_idle,
    )


def _sign_in_rules(settings: Settings) -> SignInRules:
    guesses = GuessRules(settings.sign_in_span, settings.sign_in_max_wrong, settings.sign_in_max_wrong_per_ip)
    return SignInRules(settings.mfa, settings.sign_in_lifetime, guesses)


def _verifier(settings: Settings, core: Core, keys: Keys) -> TokenVerifier:
    def revoked_since(moment: datetime) -> list[Revocation]:
        return core.database.read(lambda unit: unit.revocations.list_since(moment))

    def find_users(attribute: str, value: str) -> list[str]:
        found = core.database.read(lambda unit: _users_with(unit, attribute, value))
        return [user.id for user in found if user.document().get("active", True)]

    return assemble_verifier(
        settings,
        keys.issuer,
        http=_authorization_servers(settings),
        revocations=RevocationList(revoked_since, core.clock),
        find_users=find_users,
        clock=core.clock,
    )


def _authorization_servers(settings: Settings) -> OAuthHttp:
    if not settings.oauth_issuers and not settings.oauth_introspection_url:
        return NoAuthorizationServers()
    servers: OAuthHttp = resolve_name("providers.oauth:HttpAuthorizationServers")()
    return servers


def _users_with(unit: UnitOfWork, attribute: str, value: str) -> list[StoredResource]:
    if attribute == "id":
        found = unit.resources.lookup(USER, value)
    elif attribute == "userName":
        found = unit.resources.find(USER, value)
    else:
        return unit.resources.find_by_value(USER, attribute.removesuffix(".value"), value)
    return [found] if found else []
