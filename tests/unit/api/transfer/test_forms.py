"""Files of users are read line by line, and what cannot be read is told."""

from __future__ import annotations

import orjson
import pytest

from api.transfer.forms import COLUMNS, EXPORTED, FaultyFile, Format, csv_header, csv_row, format_of, read_lines

WSO2 = "urn:scim:wso2:schema"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
BOB = {
    "schemas": [CORE],
    "userName": "bob",
    "active": True,
    "name": {"givenName": "Bob", "familyName": "Müller, jr."},
    "emails": [{"value": "bob@example.com", "primary": True}],
    "phoneNumbers": [{"value": "0111111111", "type": "mobile"}],
    WSO2: {"verifiedMobileNumbers": ["0111111111", "0122222222"], "phoneVerified": True},
}


def written(tmp_path, content, name="users.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.csv", "csv"), ("a.CSV", "csv"), ("a.jsonl", "jsonl"), ("a.ndjson", "jsonl"), ("a.json", "jsonl")],
)
def test_the_form_is_told_by_the_name(tmp_path, name, expected):
    assert format_of(tmp_path / name) is Format(expected)


def test_a_name_that_says_nothing_is_refused(tmp_path):
    with pytest.raises(FaultyFile, match=r"neither \.csv nor \.jsonl"):
        format_of(tmp_path / "users.txt")


def test_a_csv_is_read_by_its_columns(tmp_path):
    path = written(
        tmp_path,
        "\ufeffid,userName, mobile ,mobileVerified,mobileNumbers,name.givenName,active,email\n"
        "7,bob,0111111111,true,0122222222; 0133333333;0122222222,Bob,FALSE,bob@example.com\n"
        "\n,,,,,,,\n"
        ',"ann\nlee",,false,,,,\n',
    )

    bob, ann = read_lines(path)

    assert bob.document == {
        "schemas": [CORE],
        "userName": "bob",
        "phoneNumbers": [{"value": "0111111111", "type": "mobile"}],
        WSO2: {"verifiedMobileNumbers": ["0111111111"], "mobileNumbers": ["0122222222", "0133333333"]},
        "name": {"givenName": "Bob"},
        "active": False,
        "emails": [{"value": "bob@example.com", "primary": True}],
    }
    assert (ann.document, ann.cells[1]) == ({"schemas": [CORE], "userName": "ann\nlee"}, "ann\nlee")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("bob,perhaps,,", "active is neither true nor false"),
        ("bob,,true,0111111111", "phoneVerified is true, and there is no value in an earlier column"),
        ("bob,,,,too many", "it has more cells than the header"),
    ],
)
def test_a_row_that_cannot_be_read_is_given_back(tmp_path, row, fault):
    (line,) = read_lines(written(tmp_path, f"userName,active,mobileVerified,mobile\n{row}\n"))

    assert (line.document, line.fault, ",".join(line.cells)) == (None, fault, row)


def test_a_column_that_is_not_known_is_told_before_anything_is_read(tmp_path):
    with pytest.raises(FaultyFile, match="there is no column mobil, shoe size"):
        next(read_lines(written(tmp_path, "userName,mobil,shoe size\nbob,1,2\n")))


@pytest.mark.parametrize("name", ["users.csv", "users.jsonl"])
def test_an_empty_file_has_no_lines(tmp_path, name):
    assert list(read_lines(written(tmp_path, "", name))) == []


def test_a_file_in_another_encoding_is_told(tmp_path):
    with pytest.raises(FaultyFile, match="UTF-8"):
        list(read_lines(written(tmp_path, b"userName\nb\xf6b\n")))


def test_json_lines_are_read_and_numbered(tmp_path):
    content = b'{"userName": "ann"}\n\n[1]\n{"userName": \n"\xff"\n' + orjson.dumps(BOB)

    lines = list(read_lines(written(tmp_path, content, "users.jsonl")))

    assert [(line.number, line.document is None) for line in lines] == [
        (1, False),
        (3, True),
        (4, True),
        (5, True),
        (6, False),
    ]
    assert lines[1].fault == "it is no JSON object"
    assert "no JSON in UTF-8" in lines[2].fault


def test_what_is_exported_is_read_as_it_was(tmp_path):
    path = written(tmp_path, csv_header() + csv_row(BOB))

    (line,) = read_lines(path)

    assert line.document == {**BOB, WSO2: {"verifiedMobileNumbers": ["0111111111", "0122222222"]}}


def test_a_user_with_nothing_is_a_row_of_empty_cells():
    assert csv_row({"userName": "ann"}) == "ann" + "," * (len(EXPORTED) - 1) + "\n"
    assert "password" not in EXPORTED
    assert "password" in COLUMNS
