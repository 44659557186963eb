"""What is said of operations beside what flask-smorest says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Document = dict[str, Any]
Example = Document | list[Document]
Operation = tuple[str, str]
"""A path and a method in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is said of an operation here: its id, its failures, and examples of its body and of its answer."""

    id: str
    failures: tuple[str, ...] = ()
    requests: Mapping[str, Example] = field(default_factory=dict)
    answer: Example | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    """Examples of the answer in other media types."""
    headers: tuple[str, ...] = ()
    """Headers that only this answer has."""
