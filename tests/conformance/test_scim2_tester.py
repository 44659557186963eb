"""scim2-tester against the service as a process: every tag of it, on every resource type."""

from __future__ import annotations

import pytest
from scim2_tester import Status, check_server, checkers, get_all_available_tags, get_standard_resource_types

from tests.factories.conformance import RequestsScimClient

pytestmark = pytest.mark.conformance

PASSED = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}
RESOURCE_TYPES = {*get_standard_resource_types(), "Agent", "AgenticApplication"}
# Checks that run whatever tags are asked for.
ALWAYS = "*"


@pytest.fixture
def client(process, process_token):
    client = RequestsScimClient(f"{process.url}/scim2", process_token)
    yield client
    client.close()


@pytest.mark.parametrize("tag", get_all_available_tags())
def test_every_check_of_a_tag_passes(client, tag):
    results = check_server(client, include_tags={tag})

    executed = [result for result in results if result.tags & {tag, ALWAYS}]
    assert [repr(result) for result in executed if result.status not in PASSED] == []
    assert {result.resource_type for result in executed if tag in result.tags} in ({None}, RESOURCE_TYPES)


def test_no_check_is_without_a_tag():
    tagged = [function for function in vars(checkers).values() if hasattr(function, "tags")]

    assert [function.__name__ for function in tagged if not function.tags] == []
