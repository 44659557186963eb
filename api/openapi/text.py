"""The description as a YAML text: what `lineproof openapi` prints, and what openapi.yaml is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import yaml

from api.app import create_app
from api.openapi.description import describe
from api.wiring import build_services

if TYPE_CHECKING:
    from api.settings import Settings

BASE_URL = "https://id.example.com"
"""What locations in the examples begin with, so that the text is the same wherever it is made."""
_WIDTH = 120


class _Dumper(yaml.SafeDumper):
    """YAML that people read: texts of several lines as they stand."""


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def openapi_text(settings: Settings) -> str:
    """Describe the service that these settings make; keys and database of the deployment stay untouched."""
    with TemporaryDirectory(prefix="lineproof-") as folder:
        apart = replace(
            settings, data_dir=Path(folder), database_url=f"sqlite:///{folder}/unused.db", base_url=BASE_URL
        )
        services = build_services(apart, pool_size=1)
        try:
            document = describe(create_app(services), services.core.registry)
        finally:
            services.core.database.close()
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=_WIDTH, allow_unicode=True)
