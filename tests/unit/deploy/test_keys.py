"""The key maker writes keys that the service reads, once, for their owner alone."""

from __future__ import annotations

import base64
import json

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy import keys


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["keys.py", str(tmp_path / "keys")])
    keys.main()
    return tmp_path / "keys"


def test_master_key_has_a_kid_and_32_bytes(made):
    kid, _, encoded = (made / "master_keys").read_text().strip().partition(":")

    assert kid
    assert len(base64.b64decode(encoded, validate=True)) == keys.MASTER_KEY_BYTES


def test_issuer_key_signs_and_verifies(made):
    key_set = KeySet.import_key_set(json.loads((made / "issuer_keys").read_text()))
    kid = key_set.keys[0].kid

    token = jwt.encode({"alg": "ES256", "kid": kid}, {"sub": "bob"}, key_set, algorithms=["ES256"])

    assert jwt.decode(token, key_set, algorithms=["ES256"]).claims == {"sub": "bob"}


@pytest.mark.parametrize("name", ["master_keys", "issuer_keys"])
def test_key_file_is_its_owners_alone(made, name):
    assert (made / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["master_keys", "issuer_keys"])
def test_key_that_is_there_stays(made, name, capsys):
    before = (made / name).read_text()

    keys.main()

    assert (made / name).read_text() == before
    assert f"{name}: kept as it is" in capsys.readouterr().out
