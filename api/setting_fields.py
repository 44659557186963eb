"""How a field of the settings is declared, and how its text is found in the environment."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX = "LINEPROOF_"
FILE_SUFFIX = "_FILE"

_KEY = "setting"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class About:
    """What the reference says of a setting, and how its text is read.

    `default` is None where the setting is not set by default; `shown_default` then says what holds instead.
    """

    read: Callable[[str], Any]
    default: str | None
    shown_default: str
    meaning: str
    is_secret: bool


def setting(read: Callable[[str], Value], default: str, meaning: str) -> Value:
    """Declare a setting with a default, written as one would write it in the environment."""
    about = About(read, default, f"`{default}`", meaning, is_secret=False)
    value: Value = field(default=read(default), metadata={_KEY: about})
    return value


def unset(
    read: Callable[[str], Value], value: Value, meaning: str, *, shown: str = "not set", is_secret: bool = False
) -> Value:
    """Declare a setting that is not set by default, or whose default follows from others."""
    about = About(read, None, shown, meaning, is_secret)
    result: Value = field(default=value, repr=not is_secret, metadata={_KEY: about})
    return result


def settings_of(kind: type) -> dict[str, About]:
    """Return the settings among the fields of a dataclass, in their order."""
    return {item.name: item.metadata[_KEY] for item in fields(kind) if _KEY in item.metadata}


def known_variables(kind: type) -> frozenset[str]:
    """Return the names of all variables that the settings of a dataclass may come from."""
    plain = {PREFIX + name.upper() for name in settings_of(kind)}
    files = {PREFIX + name.upper() + FILE_SUFFIX for name, about in settings_of(kind).items() if about.is_secret}
    return frozenset(plain | files)


def text_of(name: str, about: About, environ: Mapping[str, str]) -> str | None:
    """Return the text of a setting, of a secret also from the file it is kept in; None where it is not set.

    Raises:
        ValueError: the file cannot be used, or the setting is given twice.
    """
    variable = PREFIX + name.upper()
    value = environ.get(variable, "").strip()
    path = environ.get(variable + FILE_SUFFIX, "").strip() if about.is_secret else ""
    if value and path:
        raise ValueError(f"must not be set together with {variable}{FILE_SUFFIX}")
    return _content(Path(path), variable + FILE_SUFFIX) if path else value or None


def _content(path: Path, variable: str) -> str:
    try:
        content = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"cannot be read from the file that {variable} names") from None
    if not content:
        raise ValueError(f"is empty in the file that {variable} names")
    return content
