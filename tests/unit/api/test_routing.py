"""Rules of URLs: compiled once a process for all applications with the same ones."""

from __future__ import annotations

import pytest
from flask import Flask

from api.routing import CollectedRules, MatchedRule, map_of


def make_app(*rules):
    app = Flask("routes", static_folder=None)
    app.url_rule_class = MatchedRule
    app.url_map = collected = CollectedRules()
    for rule, methods, answer in rules:
        app.add_url_rule(rule, answer, view_func=lambda answer=answer, **_: answer, methods=methods)
    app.url_map = map_of(collected.collected)
    return app


def test_applications_of_the_same_rules_share_what_was_compiled():
    one, other = (make_app(("/a/<name>", ["GET"], "a"), ("/b", ["POST"], "b")) for _ in range(2))

    assert one.url_map is other.url_map
    assert [app.test_client().get("/a/x").text for app in (one, other)] == ["a", "a"]


@pytest.mark.parametrize(
    "other",
    [
        ("/c/<name>", ["GET"], "a"),
        ("/a/<name>", ["PUT"], "a"),
        ("/a/<name>", ["GET"], "c"),
    ],
    ids=["path", "method", "endpoint"],
)
def test_other_rules_are_another_map(other):
    assert make_app(("/a/<name>", ["GET"], "a")).url_map is not make_app(other).url_map


def test_a_request_that_no_rule_takes_is_not_found():
    client = make_app(("/a", ["GET"], "a")).test_client()

    assert [client.get(path).status_code for path in ("/a", "/a/", "//a", "/b")] == [200, 200, 404, 404]
    assert client.post("/a").status_code == 405


def test_a_url_is_built_when_somebody_asks_for_it():
    app = make_app(("/a/<name>", ["GET"], "a"))

    with app.test_request_context():
        assert app.url_for("a", name="x y") == "/a/x%20y"


def test_shared_rules_take_no_other():
    app = make_app(("/a", ["GET"], "a"))

    with pytest.raises(RuntimeError, match="several applications"):
        app.add_url_rule("/b", "b", view_func=lambda: "b")
