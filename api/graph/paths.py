"""Which paths are those of the twin."""

from __future__ import annotations

import re

PREFIX = "/v1.0"
_LOGIN = re.compile(r"/[^/]+/oauth2/(v2\.0/)?token")


def is_graph_path(path: str) -> bool:
    """Tell whether a path is one of Graph."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def is_login_path(path: str) -> bool:
    """Tell whether a path is a token endpoint of a tenant."""
    return _LOGIN.fullmatch(path) is not None
