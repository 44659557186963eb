"""The navigation of the Console, as data: what there is to open, in its order.

What an entry needs is what its page declares, so that nobody is shown the way to a page that is shut.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from api.auth.scopes import access_of
from api.pages.routes import PAGES

if TYPE_CHECKING:
    from api.pages.visits import Visit


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the navigation leads to, and the key of its name; the pages below it count as it."""

    path: str
    name: str

    def is_current(self, path: str) -> bool:
        """Tell whether a page is this one, or below it."""
        return path == self.path or path.startswith(f"{self.path}/")


@dataclass(frozen=True, slots=True)
class Section:
    """Entries that belong together, below the key of their heading."""

    name: str
    entries: tuple[Entry, ...]


NAVIGATION: tuple[Section, ...] = (
    Section(
        "watch.nav",
        (
            Entry("/console/dashboard", "watch.dashboard.title"),
            Entry("/console/deliveries", "watch.deliveries.title"),
            Entry("/console/guard", "watch.guard.title"),
            Entry("/console/audit", "watch.audit.title"),
        ),
    ),
    Section(
        "console.nav.people",
        (
            Entry("/console/users", "console.users.title"),
            Entry("/console/groups", "console.groups.title"),
            Entry("/console/transfer", "watch.transfer.title"),
        ),
    ),
    Section("watch.nav.applications", (Entry("/console/clients", "watch.clients.title"),)),
    Section(
        "setting.nav",
        (
            Entry("/console/verification", "setting.rules.title"),
            Entry("/console/sms-provider", "setting.sms.title"),
            Entry("/console/mail-provider", "setting.mail.title"),
        ),
    ),
)


def sections_for(visit: Visit) -> tuple[Section, ...]:
    """Return the sections with those of their entries that the visitor may open."""
    shown = (
        Section(section.name, tuple(entry for entry in section.entries if visit.may(*_needs(entry.path))))
        for section in NAVIGATION
    )
    return tuple(section for section in shown if section.entries)


@cache
def _needs(path: str) -> frozenset[str]:
    def view() -> None:
        """Stand for the page."""

    (page,) = (page for page in PAGES if (page.method, page.rule) == ("GET", path))
    return access_of(page.access(view)).scopes
