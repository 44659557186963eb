"""Bodies of PATCH requests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.errors import InvalidSyntax, InvalidValue, NoTarget, PayloadTooLarge, ScimError
from scim.patch_request import MAX_OPERATIONS, PATCH_OP_SCHEMA, Operation, OperationKind, read_patch


def body(*operations: object, **members: object) -> dict[str, object]:
    return {"schemas": [PATCH_OP_SCHEMA], "Operations": list(operations), **members}


def test_operations_are_read_in_their_order():
    operations = read_patch(
        body(
            {"op": "add", "path": "nickName", "value": "Babs"},
            {"op": "remove", "path": "title"},
            {"op": "replace", "value": {"active": False}},
        )
    )

    assert operations == (
        Operation(OperationKind.ADD, "nickName", "Babs"),
        Operation(OperationKind.REMOVE, "title", None),
        Operation(OperationKind.REPLACE, None, {"active": False}),
    )


@pytest.mark.parametrize(
    "request_body",
    [
        {"Operations": [{"op": "Replace", "path": "title", "value": "x"}]},
        {"operations": [{"OP": "REPLACE", "Path": "title", "Value": "x", "name": "ignored"}], "id": 1},
        {"schemas": PATCH_OP_SCHEMA, "Operations": [{"op": "replace", "path": "title", "value": "x"}]},
        {"SCHEMAS": [PATCH_OP_SCHEMA.upper()], "Operations": [{"op": "replace", "path": "title", "value": "x"}]},
        {"schemas": None, "Operations": [{"op": "replace", "path": "title", "value": "x"}]},
    ],
    ids=["no schemas, Entra's case", "any case, unknown members", "one text", "case of the URN", "null"],
)
def test_spellings_of_clients_are_understood(request_body):
    assert read_patch(request_body) == (Operation(OperationKind.REPLACE, "title", "x"),)


def test_empty_path_is_none():
    assert read_patch(body({"op": "add", "path": "", "value": {}})) == (Operation(OperationKind.ADD, None, {}),)


def test_null_is_given_as_a_value():
    assert read_patch(body({"op": "replace", "path": "title", "value": None}))[0].value is None


@pytest.mark.parametrize(
    "request_body",
    [
        None,
        [],
        "text",
        {},
        {"Operations": []},
        {"Operations": {"op": "add"}},
        {"Operations": ["add"]},
        {"schemas": [], "Operations": [{"op": "remove", "path": "title"}]},
        {"schemas": ["urn:x"], "Operations": [{"op": "remove", "path": "title"}]},
        {"schemas": 5, "Operations": [{"op": "remove", "path": "title"}]},
        body({"path": "title", "value": "x"}),
        body({"op": "move", "path": "title", "value": "x"}),
        body({"op": 5, "path": "title", "value": "x"}),
        body({"op": "add", "path": 5, "value": "x"}),
    ],
)
def test_body_of_another_form_is_invalid_syntax(request_body):
    with pytest.raises(InvalidSyntax):
        read_patch(request_body)


@pytest.mark.parametrize("path", [None, ""])
def test_remove_without_a_path_has_no_target(path: str | None):
    """RFC 7644 §3.5.2.2."""
    with pytest.raises(NoTarget, match="Operation 2 removes"):
        read_patch(body({"op": "add", "value": {}}, {"op": "remove", "path": path}))


@pytest.mark.parametrize("op", ["add", "replace"])
def test_value_is_required(op: str):
    with pytest.raises(InvalidValue, match="Operation 1 needs a value"):
        read_patch(body({"op": op, "path": "title"}))


def test_number_of_operations_is_bounded():
    operation = {"op": "remove", "path": "title"}

    assert len(read_patch(body(*[operation] * MAX_OPERATIONS))) == MAX_OPERATIONS
    with pytest.raises(PayloadTooLarge, match="1000 operations"):
        read_patch(body(*[operation] * (MAX_OPERATIONS + 1)))


def test_paths_and_values_are_kept_out_of_the_repr():
    (operation,) = read_patch(
        body({"op": "add", "path": 'phoneNumbers[value eq "0771234567"].value', "value": "0712345678"})
    )

    assert "07" not in repr(operation)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
MEMBERS = st.sampled_from(["schemas", "Operations", "op", "path", "value"])


@given(JSON | st.dictionaries(MEMBERS, JSON | st.lists(st.dictionaries(MEMBERS, JSON, max_size=3), max_size=3)))
def test_any_body_is_read_or_refused(request_body):
    read = ()
    try:
        read = read_patch(request_body)
    except ScimError as exc:
        assert exc.status in (400, 413)  # noqa: PT017 - both ways are right

    assert all(isinstance(operation, Operation) for operation in read)
