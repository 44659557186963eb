"""Keys come from the settings, or are made once for all processes of a data directory."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from api.auth.issuer_keys import generate_issuer_keys
from api.keys import ISSUER_FILE, MASTER_FILE, KeyFileError, load_keys
from api.settings import Settings
from tests.factories.verification import key_ring


def settings(data_dir, **environ):
    return Settings.from_environment({"LINEPROOF_DATA_DIR": str(data_dir), **environ})


def exported(keys):
    return keys.master.export(), keys.issuer.as_dict(private=True)


def test_keys_of_the_settings_are_used_and_nothing_is_kept(tmp_path):
    given = settings(
        tmp_path, LINEPROOF_MASTER_KEYS=key_ring("a", "b").export(), LINEPROOF_ISSUER_KEYS=generate_issuer_keys()
    )

    keys = load_keys(given)

    assert keys.master is given.master_keys
    assert keys.issuer is given.issuer_keys
    assert list(tmp_path.iterdir()) == []


def test_generated_keys_are_the_same_at_the_next_start(tmp_path):
    first, second = load_keys(settings(tmp_path)), load_keys(settings(tmp_path))

    assert exported(first) == exported(second)


def test_generated_keys_are_new_in_each_directory(tmp_path):
    first, second = load_keys(settings(tmp_path / "a")), load_keys(settings(tmp_path / "b"))

    assert first.master.export() != second.master.export()
    assert first.issuer.keys[0].kid != second.issuer.keys[0].kid


def test_generated_keys_are_their_owners_alone(tmp_path):
    before = os.umask(0)
    try:
        load_keys(settings(tmp_path / "new" / "var"))
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "new" / "var").stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new" / "var").iterdir()}
    assert modes == {MASTER_FILE: 0o600, ISSUER_FILE: 0o600}


def test_processes_that_start_at_once_agree(tmp_path):
    barrier = Barrier(8)

    def start(_):
        barrier.wait()
        return load_keys(settings(tmp_path)).master.export()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(start, range(8)))

    assert len(found) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [ISSUER_FILE, MASTER_FILE]


def test_one_kind_of_key_may_be_given_and_the_other_made(tmp_path):
    keys = load_keys(settings(tmp_path, LINEPROOF_MASTER_KEYS=key_ring("mine").export()))

    assert keys.master.kids == ("mine",)
    assert [path.name for path in tmp_path.iterdir()] == [ISSUER_FILE]


@pytest.mark.parametrize("name", [MASTER_FILE, ISSUER_FILE])
def test_file_that_is_open_to_others_is_refused(name, tmp_path):
    load_keys(settings(tmp_path))
    (tmp_path / name).chmod(0o640)

    with pytest.raises(KeyFileError, match=f"{name} holds secret keys and is open to others"):
        load_keys(settings(tmp_path))


@pytest.mark.parametrize("name", [MASTER_FILE, ISSUER_FILE])
@pytest.mark.parametrize("content", [b"", b"s3cret", b"\xff"], ids=["empty", "garbage", "no text"])
def test_file_without_keys_is_refused(name, content, tmp_path):
    load_keys(settings(tmp_path))
    (tmp_path / name).write_bytes(content)

    with pytest.raises(KeyFileError, match=f"{name} holds no keys") as refused:
        load_keys(settings(tmp_path))

    assert "s3cret" not in str(refused.value)


def test_directory_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "var").write_text("a file")

    with pytest.raises(KeyFileError, match="cannot be used"):
        load_keys(settings(tmp_path / "var"))


def test_keys_are_not_shown(tmp_path):
    assert repr(load_keys(settings(tmp_path))) == "Keys()"
