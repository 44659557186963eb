"""The reference of the settings, made from their declarations.

`python -m api.settings_reference markdown` prints docs/settings.md, `… environment` prints .env.example.
"""

from __future__ import annotations

import sys

from api.setting_fields import FILE_SUFFIX, PREFIX, About, settings_of
from api.settings import Settings

_PAGE_HEAD = f"""# Settings

Everything a deployment is told comes from environment variables. They are read once, at start; where something is
wrong, all of it is named at once and nothing starts. An empty variable counts as not set. A variable that begins
with `{PREFIX}` and is not in this table is reported as a warning. Some of the rules of verification can be set while
the service runs, too, and then hold in place of these ([admin-api.md](admin-api.md)).

A secret may also be kept in a file: `NAME{FILE_SUFFIX}` then holds the file's path. Times are whole seconds.

This page is made from `api/settings.py` by `make settings`.

| name | default | meaning | secret |
|---|---|---|---|
"""

_EXAMPLE_HEAD = f"""# The settings of Lineproof, each with its default; those without one are commented out.
# A secret may also be kept in a file that NAME{FILE_SUFFIX} names. docs/settings.md has more.
# This file is made from api/settings.py by `make settings`.
"""


def settings_page() -> str:
    """Return the page docs/settings.md."""
    return _PAGE_HEAD + "".join(_row(PREFIX + name.upper(), about) for name, about in settings_of(Settings).items())


def env_example() -> str:
    """Return the file .env.example."""
    return _EXAMPLE_HEAD + "".join(_line(PREFIX + name.upper(), about) for name, about in settings_of(Settings).items())


def _row(name: str, about: About) -> str:
    cells = (f"`{name}`", about.shown_default, about.meaning, "yes" if about.is_secret else "")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _line(name: str, about: About) -> str:
    assignment = f"# {name}=" if about.default is None else f"{name}={about.default}"
    return f"\n# {about.meaning}\n{assignment}\n"


FORMS = {"markdown": settings_page, "environment": env_example}


def main(arguments: list[str]) -> int:
    """Print the reference in one form; return the exit code."""
    if len(arguments) != 1 or arguments[0] not in FORMS:
        sys.stderr.write(f"usage: python -m api.settings_reference {'|'.join(FORMS)}\n")
        return 2
    sys.stdout.write(FORMS[arguments[0]]())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
