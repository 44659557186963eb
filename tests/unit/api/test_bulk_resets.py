"""Many users are reset from a file, each once, and a run that stopped goes on."""

from __future__ import annotations

import io

import pytest

from api.bulk_resets import DirectoryDown, FaultyFile, read_names, run_all, write_report
from api.journals import Journal
from verification.errors import DirectoryUnavailable, UserNotFound

DONE = {"overall": "complete", "methods": [{"type": "phone", "id": "m", "outcome": "removed", "reason": None}]}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", []),
        ("ann\nben\n\n ann \n", ["ann", "ben"]),
        ("Name of the user,userName\nAnn,ann@a.b\nBen,ben@a.b\n,\n", ["ann@a.b", "ben@a.b"]),
        ("\ufeffemail;x\n", ["email;x"]),
        ('mail\n"ann, the first"\n', ["ann, the first"]),
        ("id,mail\n1,ann@a.b\n", ["ann@a.b"]),
        ("a,userName\nshort\nlong,ann\n", ["ann"]),
    ],
)
def test_names_are_read_each_once(tmp_path, content, expected):
    path = tmp_path / "users.csv"
    path.write_text(content, encoding="utf-8")

    assert read_names(path) == expected


def test_a_file_that_is_no_text_is_told(tmp_path):
    path = tmp_path / "users.csv"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(FaultyFile, match=r"users\.csv cannot be read as CSV in UTF-8"):
        read_names(path)


def test_one_that_fails_does_not_keep_the_others(tmp_path):
    def reset(name):
        if name == "ben":
            raise UserNotFound
        return DONE

    journal = Journal(tmp_path / "journal")
    entries = list(run_all(["ann", "ben", "cat"], reset, journal))

    assert [(entry["name"], entry["overall"]) for entry in entries] == [
        ("ann", "complete"),
        ("ben", "failed"),
        ("cat", "complete"),
    ]
    assert list(journal.entries().values()) == entries


@pytest.mark.parametrize("is_on_the_way", [True, False])
def test_a_directory_that_is_not_there_stops_the_run(is_on_the_way):
    asked = []

    def reset(name):
        asked.append(name)
        if name == "b":
            return DONE
        if is_on_the_way:
            return {"overall": "interrupted", "methods": []}
        raise DirectoryUnavailable

    with pytest.raises(DirectoryDown):
        list(run_all("abcdef", reset, None))

    assert asked == ["a", "b", "c", "d", "e"]


def test_a_report_has_a_row_for_each_method_and_no_formula():
    file = io.StringIO()

    write_report(
        [
            {"name": "=cmd()", **DONE, "reason": None},
            {"name": "ben", "overall": "failed", "reason": "no such user", "methods": []},
        ],
        file,
    )

    assert file.getvalue().splitlines() == [
        "name,overall,type,id,outcome,reason",
        "'=cmd(),complete,phone,m,removed,",
        "ben,failed,,,,no such user",
    ]
