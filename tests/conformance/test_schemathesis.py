"""What the description says, the service does: schemathesis makes requests of it, good ones and bad ones.

The requests are the same in each run. test_openapi holds the file against the code.
"""

from __future__ import annotations

import shutil

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ensure_resource_availability,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
    use_after_free,
)

from tests.factories.application import make_application
from tests.factories.described import LateApplication, Standing
from tests.factories.tree import ROOT

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
BOUNDS = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
# Asked for by GET these are pages, which the description leaves out.
PAGES_BY_GET = {"/oauth2/authorize", "/oauth2/logout"}
# Nobody carries messages here, so after a minute of the tests' clock it rightly answers 503, as described.
READINESS = "/readyz"
# The bodies of these are that of createUser, whose every corner is tried out.
SAME_BODY = ["replaceUser", "replaceMe"]
# What these do is done for one kind of method of the twin of Microsoft Graph as for every other, and for a user as for
# oneself: the operations of phones and passes are tried out. The second version of senders has all of the first one.
ALIKE = r"^/v1\.0/(me|users/\{user_id\}/authentication/(?!phone|temporary))|^/api/server/v1/notification-senders"
EXAMPLES_OF_VERSIONS = ('W/"2"', 'W/"3"')

WITHOUT_CORNERS = {"phases": {"coverage": {"enabled": False}}}

DESCRIPTION = yaml.load((ROOT / "openapi.yaml").read_text(), yaml.CSafeLoader)
LATE = LateApplication()


def described(config):
    """Make requests from the description; by default there is one for each corner of each schema."""
    schema = schemathesis.openapi.from_dict(DESCRIPTION, config=SchemathesisConfig.from_dict(config))
    schema.config.update(base_url="http://127.0.0.1:8080")
    schema.app = LATE
    return schema.exclude(path_regex=ALIKE)


THOROUGH = described({"operations": [{"include-operation-id": name, **WITHOUT_CORNERS} for name in SAME_BODY]})
SPARE = described(WITHOUT_CORNERS)


@pytest.fixture(scope="module")
def application(sqlite_template, tmp_path_factory):
    """Start the application for all requests."""
    place = tmp_path_factory.mktemp("schemathesis")
    shutil.copy(sqlite_template, place / "lineproof.db")
    made = make_application(f"sqlite:///{place / 'lineproof.db'}", place)
    LATE.target = made.app
    yield made
    made.services.core.database.close()


@pytest.fixture(scope="module")
def standing(application):
    """Return a user with every scope."""
    return Standing(application)


def without_contradictions(case):
    """Leave out what would have each example refused: names to show and not to show, and a version of long ago."""
    if "attributes" in case.query:
        case.query.pop("excludedAttributes", None)
    for name in ("If-Match", "If-None-Match"):
        if case.headers.get(name) in EXAMPLES_OF_VERSIONS:
            del case.headers[name]


def check(case, headers=None):
    """Send a request, and hold its answer against the description."""
    left_out = [unsupported_method] if case.path in PAGES_BY_GET else []
    if case.path == READINESS:
        left_out.append(not_a_server_error)
    case.call_and_validate(headers=headers, checks=[item for item in CHECKS if item not in left_out])


def check_life(machine):
    """Let resources be made, read, changed and removed as the links of the description lead."""
    machine.run(settings=settings(BOUNDS, max_examples=10, stateful_step_count=8))


@THOROUGH.parametrize()
@settings(BOUNDS, max_examples=20)
def test_requests_with_a_token_are_answered_as_described(case, standing):
    without_contradictions(case)

    check(case, standing.headers())


@SPARE.parametrize()
@settings(BOUNDS, max_examples=3)
def test_requests_without_a_token_are_answered_as_described(case, application):
    check(case)


def test_what_is_made_is_there_and_what_is_removed_is_gone(application):
    headers = {"Authorization": f"Bearer {application.client_token()}"}

    class Life(SPARE.as_state_machine()):
        def get_call_kwargs(self, case):
            return {"headers": headers}

        def validate_response(self, response, case, **_):
            case.validate_response(response, checks=[*CHECKS, use_after_free, ensure_resource_availability])

    check_life(Life)
