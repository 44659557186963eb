"""Bodies of bulk requests (RFC 7644 §3.7)."""

from __future__ import annotations

import pytest

from scim.bulk import BULK_REQUEST_SCHEMA, BulkMethod, BulkOperation, ErrorBudget, read_bulk
from scim.errors import InvalidSyntax, InvalidValue, PayloadTooLarge

POST = {"method": "POST", "path": "/Users", "bulkId": "q", "data": {"userName": "mira"}}


def deep(levels: int):
    return {"a": [deep(levels - 2)]} if levels > 0 else {}


def read(*operations, **members):
    body = {"schemas": [BULK_REQUEST_SCHEMA], "Operations": list(operations), **members}
    return read_bulk(body, max_operations=10)


def test_operations_are_read_in_their_order():
    request = read(
        POST,
        {"method": "put", "path": "/Users/5", "version": 'W/"3"', "data": {"userName": "kim"}},
        {"Method": "Patch", "Path": "Groups/bulkId:q/", "Data": {"Operations": []}, "extra": 1},
        {"method": "DELETE", "path": "/Users/6", "data": "ignored"},
    )

    assert request.operations == (
        BulkOperation(0, BulkMethod.POST, "/Users", None, "q", None, {"userName": "mira"}),
        BulkOperation(1, BulkMethod.PUT, "/Users", "5", None, 'W/"3"', {"userName": "kim"}),
        BulkOperation(2, BulkMethod.PATCH, "/Groups", "bulkId:q", None, None, {"Operations": []}),
        BulkOperation(3, BulkMethod.DELETE, "/Users", "6", None, None, {}),
    )


@pytest.mark.parametrize(("value", "expected"), [(None, None), (0, None), (1, 1), (5, 5)])
def test_fail_on_errors_is_read(value, expected):
    assert read(POST, failOnErrors=value).fail_on_errors == expected


@pytest.mark.parametrize("value", [-1, "1", True, 1.5, []])
def test_fail_on_errors_is_a_whole_number(value):
    with pytest.raises(InvalidValue, match="failOnErrors"):
        read(POST, FAILONERRORS=value)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"Operations": []},
        {"Operations": {}},
        {"schemas": ["urn:x"], "Operations": [POST]},
        {"schemas": BULK_REQUEST_SCHEMA, "Operations": [POST]},
    ],
)
def test_body_of_another_form_is_invalid_syntax(body):
    with pytest.raises(InvalidSyntax):
        read_bulk(body, max_operations=10)


def test_schemas_may_be_missing():
    assert len(read_bulk({"operations": [POST]}, max_operations=1).operations) == 1


def test_number_of_operations_is_bounded():
    """RFC 7644 §3.7.4: 413."""
    with pytest.raises(PayloadTooLarge, match="10 operations at most"):
        read(*[POST] * 11)


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("text", "must be an object"),
        ({**POST, "method": "GET"}, "method of an operation is one of POST, PUT"),
        ({**POST, "method": None}, "method of an operation"),
        ({**POST, "path": None}, "of the form /Users"),
        ({**POST, "path": "/"}, "of the form /Users"),
        ({**POST, "path": "/Users/1/x"}, "of the form /Users"),
        ({**POST, "path": "/Users?x=1"}, "of the form /Users"),
        ({**POST, "path": "/Users/5"}, "path of a POST names an endpoint"),
        ({"method": "PUT", "path": "/Users", "data": {}}, "path of a POST names an endpoint"),
        ({**POST, "bulkId": 5}, "must be strings"),
        ({**POST, "version": 5}, "must be strings"),
        ({**POST, "data": None}, "A POST needs an object"),
        ({**POST, "data": []}, "A POST needs an object"),
        ({**POST, "data": deep(32)}, "at most 32 deep"),
    ],
)
def test_operation_that_cannot_be_read_fails_alone(operation, message: str):
    request = read(operation, POST)

    first, second = request.operations
    assert isinstance(first.fault, InvalidSyntax)
    assert message in first.fault.detail
    assert (second.fault, second.index) == (None, 1)


def test_deepest_data_is_read():
    assert read({**POST, "data": {"a": deep(30)}}).operations[0].fault is None


def test_bulk_id_is_unique():
    """RFC 7644 §3.7."""
    first, second = read(POST, POST).operations

    assert first.fault is None
    assert isinstance(second.fault, InvalidValue)


def test_data_is_kept_out_of_the_repr():
    assert "mira" not in repr(read(POST))


@pytest.mark.parametrize(
    ("limit", "errors", "expected"), [(None, 99, False), (1, 0, False), (1, 1, True), (3, 2, False)]
)
def test_errors_are_counted_up_to_the_limit(limit, errors: int, expected: bool):
    budget = ErrorBudget(limit)
    for _ in range(errors):
        budget = budget.failed()

    assert budget.is_spent is expected
