"""Files of users are read line by line, and what cannot be read is told."""

from __future__ import annotations

import io
from itertools import chain, repeat
from pathlib import Path

import orjson
import pytest

from api.transfer.forms import (
    COLUMNS,
    EXPORTED,
    LONGEST_LINE,
    MOST_COLUMNS,
    FaultyFile,
    Format,
    csv_header,
    csv_row,
    format_of,
    header_of,
    read_lines,
)
from api.transfer.parted_files import PartedFile

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


def read(content, form=Format.CSV):
    return read_lines(io.BytesIO(content if isinstance(content, bytes) else content.encode()), form)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.csv", "csv"), ("a.CSV", "csv"), ("a.jsonl", "jsonl"), ("a.ndjson", "jsonl"), ("a.json", "jsonl")],
)
def test_the_form_is_told_by_the_name(name, expected):
    assert format_of(Path(name)) is Format(expected)


def test_a_name_that_says_nothing_is_refused():
    with pytest.raises(FaultyFile, match=r"^users\.txt is neither \.csv nor \.jsonl"):
        format_of(Path("somewhere/users.txt"))


def test_a_csv_is_read_by_its_columns():
    content = (
        "\ufeffid,userName, mobile ,mobileVerified,mobileNumbers,name.givenName,active,email\n"
        "7,bob,0111111111,true,0122222222; 0133333333;0122222222,Bob,FALSE,bob@example.com\n"
        "\n,,,,,,,\n"
        ',"ann\nlee",,false,,,,\n'
    )

    bob, ann = read(content)

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
def test_a_row_that_cannot_be_read_is_given_back(row, fault):
    (line,) = read(f"userName,active,mobileVerified,mobile\n{row}\n")

    assert (line.document, line.fault, ",".join(line.cells)) == (None, fault, row)


def test_a_column_that_is_not_known_is_told_before_anything_is_read():
    with pytest.raises(FaultyFile, match="there is no column mobil, shoe size"):
        next(read("userName,mobil,shoe size\nbob,1,2\n"))


@pytest.mark.parametrize("form", list(Format))
def test_an_empty_file_has_no_lines(form):
    assert list(read("", form)) == []


def test_a_file_in_another_encoding_is_told():
    with pytest.raises(FaultyFile, match="UTF-8"):
        list(read(b"userName\nb\xf6b\n"))


def test_json_lines_are_read_and_numbered():
    content = b'{"userName": "ann"}\n\n[1]\n{"userName": \n"\xff"\n' + orjson.dumps(BOB)

    lines = list(read(content, Format.JSON_LINES))

    assert [(line.number, line.document is None) for line in lines] == [
        (1, False),
        (3, True),
        (4, True),
        (5, True),
        (6, False),
    ]
    assert lines[1].fault == "it is no JSON object"
    assert "no JSON in UTF-8" in lines[2].fault


def test_what_is_exported_is_read_as_it_was():
    (line,) = read(csv_header() + csv_row(BOB))

    assert line.document == {**BOB, WSO2: {"verifiedMobileNumbers": ["0111111111", "0122222222"]}}


def test_a_user_with_nothing_is_a_row_of_empty_cells():
    assert csv_row({"userName": "ann"}) == "ann" + "," * (len(EXPORTED) - 1) + "\n"
    assert "password" not in EXPORTED
    assert "password" in COLUMNS


@pytest.mark.parametrize("start", ["", "userName\n"])
@pytest.mark.parametrize("repeated", ["ab,", ",", '"\n",'])
def test_a_row_without_an_end_is_not_read_to_its_end(start, repeated):
    endless = chain([start.encode()] if start else [], repeat(repeated.encode() * 1000))
    lines = read_lines(io.BufferedReader(PartedFile(endless)), Format.CSV)

    with pytest.raises(FaultyFile, match=f"a row of more than {LONGEST_LINE} characters"):
        list(lines)


def test_of_many_unknown_columns_a_few_are_named():
    with pytest.raises(FaultyFile) as fault:
        list(read(",".join(f"{number}{'x' * 1000}" for number in range(MOST_COLUMNS))))
    with pytest.raises(FaultyFile, match=f"more than {MOST_COLUMNS} columns"):
        list(read("userName" + "," * MOST_COLUMNS))

    assert len(str(fault.value)) < 500
    assert " and 95 more" in str(fault.value)


def test_why_a_file_cannot_be_read_is_told_apart():
    class Broken(io.BytesIO):
        def read1(self, size=-1):
            raise OSError(5, "Input/output error", "/secret/users.csv")

    told = {}
    for name, file in {
        "device": Broken(b"x"),
        "long": io.BytesIO(b"userName\n" + b"x" * 200_000),
        "bytes": io.BytesIO(b"userName\n\xff\n"),
    }.items():
        with pytest.raises(FaultyFile) as fault:
            list(read_lines(file, Format.CSV))
        told[name] = str(fault.value)

    assert told == {
        "device": "it cannot be read: Input/output error",
        "long": "it is no CSV in line 2: field larger than field limit (131072)",
        "bytes": "it is no text in UTF-8",
    }


def test_a_header_is_read_alone():
    assert header_of(io.BytesIO(b"\xef\xbb\xbfuserName,title\nann,Boss\n")) == ("userName", "title")
    assert header_of(io.BytesIO()) == ()
