"""A foreign subject is the one user that bears its value."""

from __future__ import annotations

from datetime import timedelta

from api.auth.subjects import SubjectMapper
from tests.factories.verification import MOMENT


def test_answer_is_remembered_for_a_second():
    asked = []

    def find(attribute, value):
        asked.append((attribute, value))
        return ["id-1"]

    mapper = SubjectMapper(find, "userName")
    answers = [mapper.user_id("bob", MOMENT + timedelta(seconds=s)) for s in (0, 0.9, 1.0)]

    assert answers == ["id-1"] * 3
    assert asked == [("userName", "bob")] * 2


def test_nobody_is_remembered_too():
    asked = []
    mapper = SubjectMapper(lambda *question: asked.append(question) or [], "id")

    assert [mapper.user_id("x", MOMENT), mapper.user_id("x", MOMENT)] == [None, None]
    assert len(asked) == 1
