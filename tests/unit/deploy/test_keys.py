"""The key maker writes keys that the service reads, once, for their owner alone."""

from __future__ import annotations

import pytest

from api.settings import Settings
from deploy import keys

FILES = ["master.keys", "issuer.jwks"]


@pytest.fixture
def directory(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["keys.py", str(tmp_path / "keys")])
    keys.main()
    return tmp_path / "keys"


def test_made_keys_are_what_the_settings_take(directory):
    settings = Settings.from_environment(
        {
            "LINEPROOF_MASTER_KEYS_FILE": str(directory / "master.keys"),
            "LINEPROOF_ISSUER_KEYS_FILE": str(directory / "issuer.jwks"),
        }
    )

    assert settings.master_keys is not None
    assert len(settings.issuer_keys.keys) == 1


@pytest.mark.parametrize("name", FILES)
def test_key_file_is_its_owners_alone(directory, name):
    assert (directory / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", FILES)
def test_key_that_is_there_stays(directory, name):
    before = (directory / name).read_text()

    keys.make_keys(directory)

    assert (directory / name).read_text() == before
