"""Files of the audit trail: what a cell may hold."""

from __future__ import annotations

import csv
import io

import pytest

from api.exporting import csv_lines
from tests.factories.stored import new_event


def cells(event):
    text = b"".join(csv_lines([[event]])).decode()
    return next(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_a_spreadsheet_would_run_is_made_text(text):
    assert cells(new_event(actor=text))["actor"] == f"'{text}"


@pytest.mark.parametrize("text", ['a"b', "a,b", "a\r\nb", "ü", "1=1"])
def test_everything_else_comes_as_it_is(text):
    assert cells(new_event(actor=text))["actor"] == text


def test_what_is_not_there_is_empty():
    assert cells(new_event(actor=None, ip=None))["actor"] == ""
