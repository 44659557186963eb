"""What every process needs of the service, HTTP or not, made from its settings."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from api.clock import SystemClock
from api.dialect import absent_names
from api.services.contact_attributes import EXTENSION
from api.services.core import Core
from api.services.observing import NullObserver
from api.services.pacing import Pace
from api.services.policies import PolicySource
from api.services.stored_senders import SenderSource
from api.wakeups import Knocker
from persistence.database import Database
from scim.resource_types import load_registry

if TYPE_CHECKING:
    from api.keys import Keys
    from api.services.observing import Observer
    from api.settings import Settings
    from scim.resource_types import Registry, ResourceType
    from verification.policy import Policy
    from verification.ports import Clock

SYSTEM_CLOCK = SystemClock()
SYSTEM_PACE = Pace(time.monotonic, time.sleep)
NOBODY = NullObserver()
_USER = "User"


def build_core(
    settings: Settings,
    keys: Keys,
    *,
    pool_size: int,
    clock: Clock = SYSTEM_CLOCK,
    observe: Observer = NOBODY,
) -> Core:
    """Open the database and gather what every use case needs, under the policy in force."""
    # Before the database is opened: a faulty file must leave no connection behind.
    whole = load_registry(settings.schema_dir)
    database = Database.open(settings.database_url, pool_size=pool_size, on_record=observe.recorded)
    policies = PolicySource(settings.policy(), lambda: database.read(lambda unit: unit.overrides.list()))
    policies.try_to_look()
    senders = SenderSource(lambda: database.read(lambda unit: unit.senders.list()), keys.master)
    senders.try_to_look()
    registry, user_type = _types(whole, policies.value)
    return Core(
        database=database,
        registry=registry,
        user_type=user_type,
        policy=policies.value,
        policies=policies,
        senders=senders,
        keys=keys.master,
        clock=clock,
        wake=Knocker(settings.data_dir).knock,
        observe=observe,
    )


def under(core: Core, settings: Settings, policy: Policy) -> Core:
    """Return the same under another policy."""
    registry, user_type = _types(load_registry(settings.schema_dir), policy)
    return replace(core, policy=policy, registry=registry, user_type=user_type)


def _types(whole: Registry, policy: Policy) -> tuple[Registry, ResourceType]:
    absent = absent_names(policy)
    registry = whole.without(frozenset(f"{EXTENSION}:{name}" for name in absent))
    user_type = registry.resource_type(_USER)
    if user_type is None:
        raise LookupError("the packaged schemas define the resource type User")
    return registry, user_type
