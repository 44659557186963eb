"""scim2-tester against the service as a process: one whole run on each database, judged tag by tag."""

from __future__ import annotations

import pytest
from scim2_tester import Status, check_server, get_all_available_tags, get_standard_resource_types

from tests.factories.conformance import RequestsScimClient

pytestmark = pytest.mark.conformance

PASSED = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}
ADDED_TYPES = ["Agent", "AgenticApplication"]
# Checks that the suite runs whatever tags are asked for.
ALWAYS = "*"


@pytest.fixture(scope="module")
def results(process, process_token):
    client = RequestsScimClient(f"{process.url}/scim2", process_token)
    yield check_server(client)
    client.close()


@pytest.mark.parametrize("tag", [*get_all_available_tags(), ALWAYS])
def test_every_check_of_a_tag_passes(results, tag):
    of_tag = [result for result in results if tag in result.tags]

    assert of_tag
    assert [repr(result) for result in of_tag if result.status not in PASSED] == []


@pytest.mark.parametrize("resource_type", [*get_standard_resource_types(), *ADDED_TYPES])
def test_every_check_of_a_resource_type_passes(results, resource_type):
    of_type = [result for result in results if result.resource_type == resource_type]

    assert {tag for result in of_type for tag in result.tags} >= {"crud:create", "patch:add", "crud:read:attributes"}
    assert [repr(result) for result in of_type if result.status not in PASSED] == []


def test_no_check_is_without_a_tag(results):
    assert [repr(result) for result in results if not result.tags] == []
