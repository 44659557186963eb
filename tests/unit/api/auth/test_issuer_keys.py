"""The issuer's keys are private P-256 keys with a name each, or they are refused."""

from __future__ import annotations

import json

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from api.auth.issuer_keys import InvalidIssuerKeys, generate_issuer_keys, parse_issuer_keys


def key(kid="k1", curve="P-256", **parameters):
    return ECKey.generate_key(curve, parameters={"kid": kid, **parameters}).as_dict(private=True)


def public(member):
    return {name: value for name, value in member.items() if name != "d"}


def test_generated_keys_can_be_read():
    keys = parse_issuer_keys(generate_issuer_keys())

    assert len(keys.keys) == 1
    assert keys.keys[0].kid
    assert keys.keys[0].is_private


def test_order_is_kept_for_the_first_signs():
    keys = parse_issuer_keys(json.dumps({"keys": [key("new"), key("old")]}))

    assert [each.kid for each in keys] == ["new", "old"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="no JSON"),
        pytest.param("[" * 100_000, id="nested"),
        pytest.param("[]", id="a list"),
        pytest.param("{}", id="no keys"),
        pytest.param('{"keys": []}', id="empty"),
        pytest.param('{"keys": 5}', id="keys are no list"),
        pytest.param('{"keys": [5]}', id="key is no object"),
        pytest.param('{"keys": [{}]}', id="key of no type"),
        pytest.param(json.dumps({"keys": [public(key())]}), id="public key"),
        pytest.param(json.dumps({"keys": [key(curve="P-384")]}), id="other curve"),
        pytest.param(json.dumps({"keys": [key(use="enc")]}), id="for encryption"),
        pytest.param(json.dumps({"keys": [key(alg="ES384")]}), id="for another algorithm"),
        pytest.param(json.dumps({"keys": [key(kid="")]}), id="no kid"),
        pytest.param(json.dumps({"keys": [key(), key()]}), id="same kid twice"),
        pytest.param(json.dumps({"keys": [RSAKey.generate_key(2048, {"kid": "k1"}).as_dict(private=True)]}), id="RSA"),
        pytest.param(json.dumps({"keys": [OctKey.generate_key(256, {"kid": "k1"}).as_dict(private=True)]}), id="oct"),
    ],
)
def test_other_keys_are_refused(text):
    with pytest.raises(InvalidIssuerKeys) as refused:
        parse_issuer_keys(text)

    assert str(refused.value).startswith("The issuer's keys")
    assert refused.value.__cause__ is None
