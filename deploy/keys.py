"""Make the two keys of an installation, each in a file of its own, where they are not there yet.

    .venv/bin/python deploy/keys.py DIRECTORY

writes DIRECTORY/master_keys for LINEPROOF_MASTER_KEYS_FILE and DIRECTORY/issuer_keys for LINEPROOF_ISSUER_KEYS_FILE,
readable by their owner alone. A file that is there is left as it is.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
from pathlib import Path

from joserfc.jwk import ECKey, KeySet

MASTER_KEY_BYTES = 32


def master_keys() -> str:
    """Return a fresh master key in the form of LINEPROOF_MASTER_KEYS."""
    return f"{_kid()}:{base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()}"


def issuer_keys() -> str:
    """Return a fresh signing key as the JWK set of LINEPROOF_ISSUER_KEYS."""
    key = ECKey.generate_key("P-256", {"kid": _kid(), "use": "sig", "alg": "ES256"}, private=True)
    return json.dumps(KeySet([key]).as_dict(private=True))


def write_once(path: Path, content: str) -> bool:
    """Write a file that only its owner may read; return False and leave it where it exists."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as file:
        file.write(content + "\n")
    return True


def main() -> None:
    """Write what is missing, and say what was done."""
    parser = argparse.ArgumentParser(description="Make the keys of an installation.")
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args().directory
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, make in (("master_keys", master_keys), ("issuer_keys", issuer_keys)):
        made = write_once(directory / name, make())
        print(f"{directory / name}: {'made' if made else 'kept as it is'}")


def _kid() -> str:
    return secrets.token_hex(4)


if __name__ == "__main__":
    main()
