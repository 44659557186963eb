"""Versions of resources as weak entity tags (RFC 7644 §3.14, RFC 9110 §13)."""

from __future__ import annotations

import re

from scim.errors import PreconditionFailed

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def weak_etag(version: int) -> str:
    """Write a version as the value of ETag and of `meta.version`."""
    return f'W/"{version}"'


def require_match(if_match: str | None, if_none_match: str | None, version: int) -> None:
    """Raise PreconditionFailed where the headers of a write do not permit it at this version."""
    # RFC 9110 §13.1.1 would have If-Match compare strongly; RFC 7644 §3.14 uses it with weak tags.
    if if_match is not None and not _names(if_match, version):
        raise PreconditionFailed
    if if_none_match is not None and _names(if_none_match, version):
        raise PreconditionFailed


def is_not_modified(if_none_match: str | None, version: int) -> bool:
    """Say whether the client of a read has this version already."""
    return if_none_match is not None and _names(if_none_match, version)


def _names(header: str, version: int) -> bool:
    """Say whether a list of entity tags, or `*`, names a version. A malformed list names none."""
    if header.strip() == "*":
        return True
    # Tags first, as they may hold commas themselves; what is left of a list are its commas.
    rest = _TAG.sub("", header)
    return not rest.strip(" \t,") and str(version) in _TAG.findall(header)
