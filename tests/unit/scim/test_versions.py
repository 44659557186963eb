"""Versions as weak entity tags."""

from __future__ import annotations

import pytest

from scim.errors import PreconditionFailed
from scim.versions import is_not_modified, require_match, weak_etag

NAMING = ['W/"3"', '"3"', ' W/"3" ', 'W/"1", W/"3"', '"a,b","3"', '"1",,"3",', "*", " * "]
NOT_NAMING = ['W/"4"', '"33"', "3", "W/3", 'w/"3"', "", '"3', '"1" or "3"', '*, "3"', '""']


def test_version_is_a_weak_tag():
    assert weak_etag(3) == 'W/"3"'


@pytest.mark.parametrize("header", NAMING)
def test_write_passes_where_the_version_is_named(header: str):
    assert require_match(header, None, 3) is None


@pytest.mark.parametrize("header", NOT_NAMING)
def test_write_fails_where_the_version_is_not_named(header: str):
    """RFC 7644 §3.14."""
    with pytest.raises(PreconditionFailed):
        require_match(header, None, 3)


def test_write_without_headers_passes():
    assert require_match(None, None, 3) is None


def test_write_that_wants_another_version_than_this_fails():
    """RFC 9110 §13.1.2."""
    assert require_match(None, 'W/"2"', 3) is None
    with pytest.raises(PreconditionFailed):
        require_match(None, "*", 3)


@pytest.mark.parametrize("header", NAMING)
def test_read_is_not_modified_where_the_version_is_named(header: str):
    assert is_not_modified(header, 3)


@pytest.mark.parametrize("header", [None, *NOT_NAMING])
def test_read_is_modified_where_the_version_is_not_named(header: str | None):
    assert not is_not_modified(header, 3)


def test_long_header_is_read_in_one_pass():
    assert not is_not_modified("," * 100_000 + "x", 3)
