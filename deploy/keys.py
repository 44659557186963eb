"""Make the two keys of an installation, each in a file of its own, where they are not there yet.

    .venv/bin/python deploy/keys.py DIRECTORY

writes DIRECTORY/master.keys for LINEPROOF_MASTER_KEYS_FILE and DIRECTORY/issuer.jwks for LINEPROOF_ISSUER_KEYS_FILE,
readable by their owner alone. A file that is there is left as it is.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from api.keys import ISSUER_FILE, MASTER_FILE, load_keys
from api.settings import Settings


def make_keys(directory: Path) -> None:
    """Make what is missing in a directory, as an installation with an embedded database does at its first start."""
    load_keys(Settings.from_environment({"LINEPROOF_DATA_DIR": str(directory)}))


def main() -> None:
    """Make the keys, and say where they are."""
    parser = argparse.ArgumentParser(description="Make the keys of an installation.")
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args().directory
    make_keys(directory)
    print(f"keys: {directory / MASTER_FILE} and {directory / ISSUER_FILE}")


if __name__ == "__main__":
    main()
