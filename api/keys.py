"""The keys of a deployment: from its settings, or made once and kept in its data directory."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from api.auth.issuer_keys import InvalidIssuerKeys, generate_issuer_keys, parse_issuer_keys
from verification.codes import KeyRing
from verification.errors import InvalidKeys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from joserfc.jwk import KeySet

    from api.settings import Settings

MASTER_FILE = "master.keys"
ISSUER_FILE = "issuer.jwks"

_FIRST_KID = "k1"
_OPEN_TO_OTHERS = 0o077

Value = TypeVar("Value")


class KeyFileError(Exception):
    """A generated key cannot be kept or used; the message tells the file, never what is in it."""


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of the service: for codes, digests and cursors, and for access tokens."""

    master: KeyRing = field(repr=False)
    issuer: KeySet = field(repr=False)


def load_keys(settings: Settings) -> Keys:
    """Return the keys of a deployment, making those that neither the settings nor an earlier start gave.

    Raises:
        KeyFileError: a key file cannot be made or read, is open to others, or holds no keys.
    """
    master, issuer = settings.master_keys, settings.issuer_keys
    if master is None:
        master = _kept(settings.data_dir / MASTER_FILE, lambda: KeyRing.generate(_FIRST_KID).export(), KeyRing.parse)
    if issuer is None:
        issuer = _kept(settings.data_dir / ISSUER_FILE, generate_issuer_keys, parse_issuer_keys)
    return Keys(master, issuer)


def _kept(path: Path, make: Callable[[], str], parse: Callable[[str], Value]) -> Value:
    try:
        if not path.exists():
            _create(path, make())
        if path.stat().st_mode & _OPEN_TO_OTHERS:
            raise KeyFileError(f"{path} holds secret keys and is open to others: chmod 600 {path}")
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise KeyFileError(f"{path} cannot be used: {error.strerror}") from error
    except (InvalidKeys, InvalidIssuerKeys, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path} holds no keys") from error


def _create(path: Path, content: str) -> None:
    """Make a file in one step with all its content; where another process was first, its file stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link does not replace a file that is there by now.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
