"""Where a browser may be sent on to: a path of this service, never another site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST_PATH = 4096
"""An authorization request with all its parameters has some hundred characters."""

# A path of ours in printable ASCII. Browsers read `\\` as `/` and skip tabs and newlines, so that `/\\host`, `//host`
# and `/<tab>/host` all lead to another host.
_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")


def own_path(path: str | None, default: str = "/") -> str:
    """Return a path with its query if it surely leads to this service, else the default."""
    if not path or len(path) > LONGEST_PATH or _PATH.fullmatch(path) is None:
        return default
    parts = urlsplit(path)
    return default if parts.scheme or parts.netloc else path
