"""Who asks for no page pays for none."""

from __future__ import annotations

import re
import subprocess
import sys

TABLES = re.compile(r"api\.pages\.(account|console|(\w+\.)?(\w+_)?routes)")
"""The tables of pages, which name views and load none."""

PROGRAM = """
import sys
from pathlib import Path
from api.app import create_app
from api.settings import Settings
from api.wiring import build_services

settings = Settings.from_environment({"LINEPROOF_DATA_DIR": sys.argv[1]})
client = create_app(build_services(settings, pool_size=1)).test_client()

def loaded():
    return sorted(name for name in sys.modules if name.startswith(("api.pages.", "authlib")))

assert client.get("/healthz").status_code == 200
assert client.get("/nothing").status_code == 404
assert client.get("/.well-known/openid-configuration").status_code == 200
print(*loaded())
assert client.get("/").status_code == 200
print(*loaded())
"""


def test_pages_are_loaded_by_the_first_page(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
    )

    before, after = (set(line.split()) for line in run.stdout.splitlines())
    assert {name for name in before if not TABLES.fullmatch(name)} == {"api.pages.errors", "api.pages.page"}
    assert {"api.pages.visits", "api.pages.templates", "api.pages.home"} <= after
    assert "api.pages.second_factor" not in after
