"""What has been done is remembered, whatever a crash cuts off."""

from __future__ import annotations

from api.journals import Journal

DONE = {"overall": "complete"}


def test_a_journal_remembers_what_became_of_each(tmp_path):
    journal = Journal(tmp_path / "users.csv.journal")
    assert journal.entries() == {}
    journal.add({"name": "ann", "overall": "failed"})
    journal.add({"name": "ben", **DONE})
    journal.add({"name": "ann", **DONE})

    assert {name: entry["overall"] == "complete" for name, entry in journal.entries().items()} == {
        "ann": True,
        "ben": True,
    }
    assert journal.path.stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_cut_off_takes_no_other_with_it(tmp_path):
    journal = Journal(tmp_path / "users.csv.journal")
    journal.add({"name": "ann", **DONE})
    with journal.path.open("ab") as file:
        file.write(b'\n{"name": "be')

    journal.add({"name": "cat", **DONE})

    assert list(journal.entries()) == ["ann", "cat"]
