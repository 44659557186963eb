"""What the tests against real authorization servers share."""

from __future__ import annotations

import pytest

from api.auth.assembly import assemble_verifier
from api.auth.revocations import RevocationList
from api.clock import SystemClock
from api.settings import Settings
from providers.oauth import HttpAuthorizationServers
from tests.factories.npm import install, missing_tool
from tests.factories.oidc_provider import FOLDER, OidcProvider
from tests.factories.tokens import OUR_KEYS, USER_ID, no_revocations


@pytest.fixture(scope="session")
def installed_peer():
    """Install the OpenID provider; without npm the tests that need it are skipped, and say so."""
    missing = missing_tool()
    if missing:
        pytest.skip(missing)
    install(FOLDER)


@pytest.fixture(scope="module")
def oidc(installed_peer):
    with OidcProvider() as server:
        yield server


@pytest.fixture
def verifier_for():
    """Make the verifier of a deployment whose user `their-bob` has that as external id."""

    def make(*, clock=None, load=no_revocations, **oauth):
        settings = Settings.from_environment({f"LINEPROOF_OAUTH_{name}": value for name, value in oauth.items()})
        clock = clock or SystemClock()
        return assemble_verifier(
            settings,
            OUR_KEYS,
            http=HttpAuthorizationServers(),
            revocations=RevocationList(load, clock),
            find_users=lambda _attribute, value: [USER_ID] if value == "their-bob" else [],
            clock=clock,
        )

    return make
