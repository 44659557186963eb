"""A real browser, and what a careful tester sees on each page."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, ViewportSize

EXECUTABLES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
PHONE: ViewportSize = {"width": 360, "height": 640}
DESKTOP: ViewportSize = {"width": 1024, "height": 700}
LEAST_TARGET = 24
"""Pixels of anything to be hit (WCAG 2.2 §2.5.8); what is not inside of a sentence has 44 (§2.5.5)."""

# A page that says what is wrong has a status that says so too, and Chromium notes it.
_STATUS_NOTE = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
_SMALL_TARGETS = """() => [...document.querySelectorAll("button, input:not([type=hidden], [hidden]), select, a.button")]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
  .map((element) => element.outerHTML)"""


def executable() -> str | None:
    """Return the browser of this machine, None where there is none."""
    return next((found for name in EXECUTABLES if (found := shutil.which(name))), None)


def launch(playwright: Playwright, path: str) -> Browser:
    """Start a browser."""
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))


@dataclass
class Visitor:
    """Somebody in front of a window of the browser."""

    page: Page
    url: str
    has_scripts: bool = True
    pictures: Path | None = None
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.url + path)

    def fill(self, **values: str) -> None:
        """Fill in fields by their ids and send the form by its main button."""
        for name, value in values.items():
            self.page.locator(f"#{name}").fill(value)
        self.press()

    def press(self) -> None:
        """Press the main button."""
        self.page.locator("main button.main").click()

    @property
    def heading(self) -> str:
        """Return the heading of the page."""
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """Return what stands in the middle of the page."""
        return self.page.locator("main").inner_text()

    @property
    def path(self) -> str:
        """Return the path of the page."""
        return self.page.url.removeprefix(self.url)

    def check(self, name: str, heading: str) -> None:
        """Look at the page closely: its heading, its faults for people with a disability, and its picture."""
        assert self.heading == heading
        if self.has_scripts:
            self.examine()
            for shot, picture in self._pictures(name):
                shot.screenshot(path=picture)

    def examine(self) -> None:
        """Find nothing to complain of, in the light and in the dark, on a phone."""
        self.page.set_viewport_size(PHONE)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = Axe().run(self.page).response["violations"]
            assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
        assert self.page.evaluate(_SMALL_TARGETS) == []
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], "the page scrolls sideways"
        assert self.complaints == []

    def _pictures(self, name: str) -> Iterator[tuple[Page, Path]]:
        if self.pictures is None:
            return
        for device, size in (("phone", PHONE), ("desktop", DESKTOP)):
            self.page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                yield self.page, self.pictures / f"{name}-{device}-{scheme}.png"

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _STATUS_NOTE.match(message.text):
            self.complaints.append(message.text)
