"""The Authorization header holds one bearer token or none."""

from __future__ import annotations

import pytest

from api.auth.bearer import bearer_token
from api.auth.errors import InvalidToken, NotAuthenticated


@pytest.mark.parametrize(
    "header", ["Bearer abc.def", "bearer abc.def", "BEARER   abc.def", " Bearer abc.def "], ids=repr
)
def test_scheme_is_read_without_case_and_the_token_as_it_is(header):
    assert bearer_token(header) == "abc.def"


@pytest.mark.parametrize("header", [None, "", "Basic Ym9iOnNlY3JldA==", "abc.def", "Bearerabc"], ids=repr)
def test_other_credentials_are_none(header):
    with pytest.raises(NotAuthenticated):
        bearer_token(header)


@pytest.mark.parametrize("header", ["Bearer", "Bearer  ", "Bearer a b"], ids=repr)
def test_bearer_without_one_token_is_invalid(header):
    with pytest.raises(InvalidToken):
        bearer_token(header)
