"""What browsers call themselves, and what they are called here."""

from __future__ import annotations

import pytest

from api.services.agents import Agent

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
MOBILE_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("told", "browser", "system"),
    [
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "Windows"),
        (f"{MOZILLA} (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "Linux"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/126.0.0.0 Safari/537.36", "Chrome", "Windows"),
        (f"{MOZILLA} (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/126.0.0.0 Safari/537.36", "Chrome", "ChromeOS"),
        (f"{MOZILLA} (Linux; Android 10; K) {WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome", "Android"),
        (
            f"{MOZILLA} (Linux; Android 14; SAMSUNG SM-S911B) {WEBKIT} SamsungBrowser/25.0 Chrome/121.0 Safari/537.36",
            "Samsung Internet",
            "Android",
        ),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
            "Edge",
            "Windows",
        ),
        (f"{MOZILLA} (X11; Linux x86_64) {WEBKIT} Chrome/126.0.0.0 Safari/537.36 OPR/111.0.0.0", "Opera", "Linux"),
        (
            f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {MOBILE_SAFARI} Version/17.5 Safari/605.1.15",
            "Safari",
            "Mac",
        ),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) {MOBILE_SAFARI} Version/17 Mobile Safari/604",
            "Safari",
            "iPhone",
        ),
        (
            f"{MOZILLA} (iPad; CPU OS 17_5 like Mac OS X) {MOBILE_SAFARI} CriOS/126.0 Mobile/15E148 Safari/604.1",
            "Chrome",
            "iPad",
        ),
        ("curl/8.5.0", None, None),
        ("<script>alert(1)</script>", None, None),
        ("", None, None),
        (None, None, None),
        ("x" * 600 + "Firefox/128.0", None, None),
    ],
)
def test_browsers_are_told_by_the_names_that_people_know(told, browser, system):
    assert Agent.of(told) == Agent(browser, system)
