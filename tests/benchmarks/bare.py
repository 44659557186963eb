"""The barest Flask application there is, on the same server with the same settings: bytes from files, and no more.

`python -m tests.benchmarks.bare PORT THREADS FOLDER` answers `/bare/NAME` with the bytes of the file NAME.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from flask import Flask, Response
from granian import Granian
from granian.constants import Interfaces

_FOLDER = "LINEPROOF_BENCH_FOLDER"


def create() -> Flask:
    """Build the application of one worker."""
    app = Flask("bare", static_folder=None)
    contents = {path.name: path.read_bytes() for path in Path(os.environ[_FOLDER]).iterdir()}

    @app.get("/bare/<name>")
    def bare(name: str) -> Response:
        return Response(contents[name], content_type="application/scim+json")

    return app


def main(port: str, threads: str, folder: str) -> None:
    """Serve with two workers, as the service is measured."""
    os.environ[_FOLDER] = folder
    print("bare ready", flush=True)
    Granian(
        "tests.benchmarks.bare:create",
        factory=True,
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=int(threads),
        log_enabled=False,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
