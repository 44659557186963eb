"""What the description says, the service does: schemathesis makes requests from it, good ones and bad ones."""

from __future__ import annotations

import shutil

import pytest
import yaml
from tests.factories.tree import ROOT
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.config import SchemathesisConfig

from tests.factories.application import make_application

CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.fixture(scope="module")
def application(sqlite_template, tmp_path_factory):
    place = tmp_path_factory.mktemp("schemathesis")
    shutil.copy(sqlite_template, place / "lineproof.db")
    made = make_application(f"sqlite:///{place / 'lineproof.db'}", place)
    SCHEMA.app = made.app
    yield made
    made.services.core.database.close()


SCHEMA = schemathesis.openapi.from_dict(yaml.load((ROOT / "openapi.yaml").read_text(), yaml.CSafeLoader))
SCHEMA.config.update(base_url="http://127.0.0.1:8080")

import collections

SEEN = collections.Counter()


@SCHEMA.parametrize()
@settings(max_examples=20, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_authorized(case, application):
    r = case.call(headers={"Authorization": f"Bearer {application.client_token()}"})
    SEEN[case.operation.label, r.status_code] += 1
    case.validate_response(r, checks=CHECKED)


def test_z():
    for k, v in sorted(SEEN.items()):
        print(k, v)
    assert 0
