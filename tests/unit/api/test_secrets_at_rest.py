"""A secret is told once; what is kept of it says nothing."""

from __future__ import annotations

from hashlib import sha256

from api.secrets_at_rest import digest_of, new_secret


def test_a_secret_has_256_bits_and_is_new_each_time():
    secrets = {new_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert {len(secret) for secret in secrets} == {43}


def test_what_is_kept_is_the_digest():
    assert digest_of("secret") == sha256(b"secret").hexdigest()


def test_what_is_no_text_of_unicode_has_a_digest_too():
    assert digest_of("\ud800") != digest_of("\ud801")
