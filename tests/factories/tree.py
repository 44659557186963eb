"""The project's own files, for the tests that are about the project."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "persistence", "providers", "scim", "verification")

# Where there is no git (an unpacked archive), everything counts but what the project's own commands make.
_MADE = {".git", ".venv", "__pycache__", "node_modules", "var", "build", "dist", "htmlcov"}

_SETTING = re.compile(r"\bLINEPROOF_[A-Z0-9_]*[A-Z0-9]\b")


@cache
def project_files() -> tuple[Path, ...]:
    """Return each file that git keeps or would keep."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        found = (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    else:
        found = (path for path in ROOT.rglob("*") if not _is_made(path.relative_to(ROOT)))
    return tuple(sorted(path for path in found if path.is_file()))


def project_texts() -> dict[str, str]:
    """Return the text of each file that is text, by its path inside the project."""
    texts = {}
    for path in project_files():
        content = path.read_bytes()
        if b"\0" not in content:
            texts[str(path.relative_to(ROOT))] = content.decode()
    return texts


def documents() -> dict[str, str]:
    """Return the Markdown documents by their path inside the project."""
    return {name: text for name, text in project_texts().items() if name.endswith(".md")}


def modules(*folders: str) -> dict[str, str]:
    """Return the Python files under the named folders, or all of them."""
    prefixes = tuple(f"{folder}/" for folder in folders)
    return {
        name: text
        for name, text in project_texts().items()
        if name.endswith(".py") and (not prefixes or name.startswith(prefixes))
    }


def imported_names(source: str) -> set[str]:
    """Return the dotted names that a module imports, whatever block the import stands in."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def settings_in(text: str) -> set[str]:
    """Return the names of settings that a text mentions."""
    return set(_SETTING.findall(text))


def _is_made(path: Path) -> bool:
    return any(part in _MADE or part.endswith("_cache") for part in path.parts)
