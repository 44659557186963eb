"""A foreign issuer's keys are fetched when needed, follow its rotation, and outlast its failures."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from api.auth.errors import InvalidToken, IssuerUnavailable
from api.auth.remote_keys import RemoteKeys
from tests.factories.tokens import EDWARDS_KEY, RSA_KEY, THEIR_KEY, THERE, MemoryOAuthHttp, documents
from tests.factories.verification import MOMENT

NEW_KEY = ECKey.generate_key("P-256", parameters={"kid": "their-2"})
NAMELESS = {name: value for name, value in THEIR_KEY.as_dict(private=False).items() if name != "kid"}
DISCOVERY = f"{THERE}/.well-known/openid-configuration"


def after(seconds):
    return MOMENT + timedelta(seconds=seconds)


def key_set(*members):
    return MemoryOAuthHttp({**documents(), f"{THERE}/jwks": {"keys": list(members)}})


def test_nothing_is_fetched_before_a_token_needs_it():
    http = MemoryOAuthHttp()

    RemoteKeys(THERE, http)

    assert http.asked == []


def test_key_is_found_by_discovery():
    http = MemoryOAuthHttp()

    key = RemoteKeys(THERE, http).find("their-1", "ES256", MOMENT)

    assert key == THEIR_KEY.import_key(THEIR_KEY.as_dict(private=False))
    assert http.asked == [DISCOVERY, f"{THERE}/jwks"]


def test_issuer_with_a_slash_at_its_end_is_asked_at_the_right_place():
    issuer = f"{THERE}/"
    http = MemoryOAuthHttp({**documents(), DISCOVERY: {"issuer": issuer, "jwks_uri": f"{THERE}/jwks"}})

    assert RemoteKeys(issuer, http).find("their-1", "ES256", MOMENT).kid == "their-1"


def test_known_keys_are_not_fetched_again():
    http = MemoryOAuthHttp()
    keys = RemoteKeys(THERE, http)
    keys.find("their-1", "ES256", MOMENT)
    keys.find("their-1", "ES256", after(299))

    assert len(http.asked) == 2


def test_rotated_key_is_fetched_when_its_first_token_comes():
    http = MemoryOAuthHttp()
    keys = RemoteKeys(THERE, http)
    keys.find("their-1", "ES256", MOMENT)
    http.answers = documents(THERE, THEIR_KEY, NEW_KEY)

    assert keys.find("their-2", "ES256", after(30)).kid == "their-2"


def test_made_up_key_ids_do_not_make_us_ask_again_and_again():
    http = MemoryOAuthHttp()
    keys = RemoteKeys(THERE, http)
    for seconds in (0, 1, 29):
        with pytest.raises(InvalidToken, match="unknown to its issuer"):
            keys.find(f"made-up-{seconds}", "ES256", after(seconds))

    assert len(http.asked) == 2


def test_withdrawn_key_is_forgotten_after_five_minutes():
    http = MemoryOAuthHttp()
    keys = RemoteKeys(THERE, http)
    keys.find("their-1", "ES256", MOMENT)
    http.answers = documents(THERE, NEW_KEY)

    with pytest.raises(InvalidToken):
        keys.find("their-1", "ES256", after(300))


def test_known_key_counts_while_the_issuer_is_away():
    http = MemoryOAuthHttp()
    keys = RemoteKeys(THERE, http)
    keys.find("their-1", "ES256", MOMENT)
    http.answers = {}

    assert keys.find("their-1", "ES256", after(3600)).kid == "their-1"
    assert keys.find("their-1", "ES256", after(3601)).kid == "their-1"
    assert len(http.asked) == 3, "an issuer that is away is left alone for a while"


def test_unknown_key_of_an_issuer_that_is_away_may_be_good():
    keys = RemoteKeys(THERE, MemoryOAuthHttp({}))

    with pytest.raises(IssuerUnavailable) as away:
        keys.find("their-1", "ES256", MOMENT)

    assert away.value.retry_after == timedelta(seconds=5)


def test_issuer_is_asked_again_five_seconds_after_a_failure():
    http = MemoryOAuthHttp({})
    keys = RemoteKeys(THERE, http)
    for seconds in (0, 4.9):
        with pytest.raises(IssuerUnavailable):
            keys.find("their-1", "ES256", after(seconds))
    asked_while_away = len(http.asked)
    http.answers = documents()

    assert keys.find("their-1", "ES256", after(5)).kid == "their-1"
    assert asked_while_away == 1


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({DISCOVERY: {"issuer": "https://evil.example", "jwks_uri": f"{THERE}/jwks"}}, id="another issuer"),
        pytest.param({DISCOVERY: {"issuer": f"{THERE}/", "jwks_uri": f"{THERE}/jwks"}}, id="issuer with a slash"),
        pytest.param({DISCOVERY: []}, id="discovery is a list"),
        pytest.param({DISCOVERY: {"issuer": THERE}}, id="no key set"),
        pytest.param({DISCOVERY: {"issuer": THERE, "jwks_uri": 5}}, id="key set is no URL"),
        pytest.param(
            {DISCOVERY: {"issuer": THERE, "jwks_uri": "http://login.example.org/jwks"}}, id="key set in clear"
        ),
        pytest.param({DISCOVERY: {"issuer": THERE, "jwks_uri": "file:///etc/passwd"}}, id="key set is a file"),
        pytest.param({f"{THERE}/jwks": []}, id="key set is a list"),
        pytest.param({f"{THERE}/jwks": {"keys": {}}}, id="keys are no list"),
    ],
)
def test_unusable_documents_count_as_an_issuer_that_is_away(answers):
    keys = RemoteKeys(THERE, MemoryOAuthHttp({**documents(), **answers}))

    with pytest.raises(IssuerUnavailable):
        keys.find("their-1", "ES256", MOMENT)


def test_issuer_in_clear_may_keep_its_keys_in_clear():
    issuer = "http://127.0.0.1:9000"

    assert RemoteKeys(issuer, MemoryOAuthHttp(documents(issuer))).find("their-1", "ES256", MOMENT).kid == "their-1"


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("key", id="text"),
        pytest.param({}, id="no type"),
        pytest.param({"kty": "XYZ", "kid": "their-1"}, id="unknown type"),
        pytest.param({"kty": "EC", "crv": "P-256", "kid": "their-1"}, id="incomplete"),
        pytest.param({"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA", "kid": "their-1"}, id="unknown curve"),
        pytest.param({"kty": "OKP", "crv": "Ed25519", "x": "A", "kid": "their-1"}, id="malformed"),
        pytest.param(OctKey.generate_key(256, {"kid": "their-1"}).as_dict(private=True), id="symmetric"),
        pytest.param({"kty": "RSA", "kid": "their-1", "n": "A" * 171, "e": "AQAB"}, id="short RSA"),
    ],
)
def test_unusable_keys_are_passed_over(member):
    keys = RemoteKeys(THERE, key_set(member, NEW_KEY.as_dict(private=False)))

    assert keys.find("their-2", "ES256", MOMENT).kid == "their-2"
    with pytest.raises(InvalidToken):
        keys.find("their-1", "ES256", MOMENT)


@pytest.mark.parametrize(
    ("member", "algorithm"),
    [
        pytest.param({**THEIR_KEY.as_dict(private=False), "use": "enc"}, "ES256", id="for encryption"),
        pytest.param(THEIR_KEY.as_dict(private=False), "RS256", id="other type"),
        pytest.param({**RSA_KEY.as_dict(private=False), "alg": "RS512", "kid": "their-1"}, "RS256", id="other alg"),
        pytest.param(ECKey.generate_key("P-384", {"kid": "their-1"}).as_dict(private=False), "ES256", id="other curve"),
    ],
)
def test_key_is_not_used_for_what_it_is_not_for(member, algorithm):
    with pytest.raises(InvalidToken):
        RemoteKeys(THERE, key_set(member)).find("their-1", algorithm, MOMENT)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSA_KEY, "RS256"), (RSA_KEY, "PS256"), (EDWARDS_KEY, "EdDSA"), (EDWARDS_KEY, "Ed25519"), (THEIR_KEY, "ES256")],
    ids=["RS256", "PS256", "EdDSA", "Ed25519", "ES256"],
)
def test_each_algorithm_has_its_keys(key, algorithm):
    keys = RemoteKeys(THERE, MemoryOAuthHttp(documents(THERE, key)))

    assert keys.find(key.kid, algorithm, MOMENT).kid == key.kid


def test_token_without_key_id_means_the_only_key_that_fits():
    keys = RemoteKeys(THERE, key_set(NAMELESS, RSA_KEY.as_dict(private=False)))

    assert keys.find(None, "ES256", MOMENT).key_type == "EC"


def test_token_without_key_id_is_refused_where_it_may_mean_several():
    keys = RemoteKeys(THERE, MemoryOAuthHttp(documents(THERE, THEIR_KEY, NEW_KEY)))

    with pytest.raises(InvalidToken):
        keys.find(None, "ES256", MOMENT)


def test_nameless_key_is_not_taken_for_a_named_one():
    with pytest.raises(InvalidToken):
        RemoteKeys(THERE, key_set(NAMELESS)).find("their-1", "ES256", MOMENT)


def test_long_enough_rsa_key_is_used():
    key = RSAKey.generate_key(2048, parameters={"kid": "r"})

    assert RemoteKeys(THERE, key_set(key.as_dict(private=False))).find("r", "RS256", MOMENT).kid == "r"


class SlowHttp(MemoryOAuthHttp):
    """An issuer that answers when the test lets it."""

    def __init__(self):
        super().__init__()
        self.entered, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()

    def get_json(self, url):
        self.entered.set()
        assert self.may_go_on.wait(10)
        return super().get_json(url)


def test_first_tokens_that_come_together_share_one_visit():
    http = SlowHttp()
    http.may_go_on.clear()
    keys = RemoteKeys(THERE, http)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(keys.find("their-1", "ES256", MOMENT).kid)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    assert http.entered.wait(10)
    http.may_go_on.set()
    for thread in threads:
        thread.join()

    assert found == ["their-1"] * 4
    assert len(http.asked) == 2


def test_known_key_does_not_wait_for_a_visit():
    http = SlowHttp()
    keys = RemoteKeys(THERE, http)
    keys.find("their-1", "ES256", MOMENT)
    http.entered.clear()
    http.may_go_on.clear()
    visitor = threading.Thread(target=keys.find, args=("their-1", "ES256", after(300)))
    visitor.start()
    assert http.entered.wait(10)

    assert keys.find("their-1", "ES256", after(300)).kid == "their-1"
    assert visitor.is_alive()

    http.may_go_on.set()
    visitor.join()
