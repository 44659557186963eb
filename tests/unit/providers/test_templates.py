"""Payload templates."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import ProviderConfigError
from providers.templates import DEFAULT_FORM, DEFAULT_JSON, form_template, json_template

NASTY = 'He said "hi"\\\n\tto {{mobile}} & é=€ 😀 + % \x01'


def test_the_default_json_payload():
    rendered = json_template(DEFAULT_JSON).render(body="Code 123456", mobile="+94711234567")

    assert rendered == b'{"content": "Code 123456", "to": "+94711234567"}'


def test_the_default_form_payload():
    rendered = form_template(DEFAULT_FORM).render(body="Code 123456", mobile="+94711234567")

    assert rendered == b"content=Code+123456&to=%2B94711234567"


@pytest.mark.parametrize(
    ("template", "path"),
    [
        pytest.param('{"m": {{body}}}', ["m"], id="a value of its own"),
        pytest.param('{"m": "{{body}}"}', ["m"], id="alone inside a string"),
        pytest.param('{"messages": [{"m": {{body}}}]}', ["messages", 0, "m"], id="nested"),
        pytest.param('{"q": "a \\" {", "m": {{body}}}', ["m"], id="after an escaped quote"),
        pytest.param('{"q": "a \\\\", "m": {{body}}}', ["m"], id="after an escaped backslash"),
        pytest.param('{"m": {{ body }}}', ["m"], id="blanks inside the braces"),
        pytest.param("[{{body}}]", [0], id="an array"),
        pytest.param("{{body}}", [], id="nothing else"),
    ],
)
def test_a_json_value_arrives_as_it_is(template, path):
    found = json.loads(json_template(template).render(body=NASTY, mobile="+1"))
    for step in path:
        found = found[step]

    assert found == NASTY


def test_placeholders_inside_one_string_are_escaped_there():
    template = json_template('{"text": "To {{mobile}}: \\"{{body}}\\" ({{mobile}})"}')

    assert json.loads(template.render(body=NASTY, mobile="+1")) == {"text": f'To +1: "{NASTY}" (+1)'}


def test_a_value_is_not_searched_for_placeholders():
    rendered = json_template(DEFAULT_JSON).render(body="{{mobile}}", mobile="+1")

    assert json.loads(rendered) == {"content": "{{mobile}}", "to": "+1"}


@given(body=st.text(st.characters(exclude_categories=["Cs"])), mobile=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_json(body, mobile):
    template = json_template('{"a": {{body}}, "b": "<{{body}}>", "c": {{mobile}}}')

    assert json.loads(template.render(body=body, mobile=mobile)) == {"a": body, "b": f"<{body}>", "c": mobile}


@given(body=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_a_form(body):
    template = form_template("from=Us&text={{body}}&to={{mobile}}")

    assert parse_qs(template.render(body=body, mobile="+1").decode()) == {"from": ["Us"], "text": [body], "to": ["+1"]}


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{“content”: {{body}}}", id="the guide's typographic quotes"),
        pytest.param('{"content": {{body}}', id="not closed"),
        pytest.param('{"content": {{body}}}}', id="closed twice"),
        pytest.param('{"content" {{body}}}', id="no colon"),
        pytest.param('{"content": "\\{{body}}"}', id="a backslash before the value"),
        pytest.param('{"content": {{body}} {{mobile}}}', id="two values"),
        pytest.param('{"content": NaN, "b": {{body}}}', id="no JSON number"),
    ],
)
def test_a_template_must_become_json(template):
    with pytest.raises(ProviderConfigError, match="valid JSON"):
        json_template(template)


@pytest.mark.parametrize(
    ("template", "match"),
    [
        pytest.param("just {{body}}", "name=value", id="no fields"),
        pytest.param("a=1&{{body}}", "name=value", id="a value without a name"),
        pytest.param("a={{body}}\n&b=1", "control character", id="a line break"),
    ],
)
def test_a_template_must_become_a_form(template, match):
    with pytest.raises(ProviderConfigError, match=match):
        form_template(template)


@pytest.mark.parametrize("read", [json_template, form_template])
def test_unknown_placeholders_are_refused(read):
    with pytest.raises(ProviderConfigError, match="unknown placeholder"):
        read('{"a": {{body}}, "b": {{sender}}}')


@pytest.mark.parametrize("read", [json_template, form_template])
def test_a_template_without_the_text_is_refused(read):
    with pytest.raises(ProviderConfigError, match=r"no \{\{body\}\}"):
        read('{"to": {{mobile}}}')
