"""A name that somebody gave to themselves turns no sentence around."""

from __future__ import annotations

from api.pages.templates import Templates
from api.pages.translations import translations


def test_no_character_that_turns_the_text_around_comes_into_a_page():
    page = Templates().render(
        "fault.html",
        t=translations()["en"],
        here="/\N{RIGHT-TO-LEFT OVERRIDE}x",
        form_token="",
        errors=(),
        kind="404",
        wait="\N{RIGHT-TO-LEFT ISOLATE}soon\N{POP DIRECTIONAL ISOLATE}",
        trace_id="1",
        flash=lambda: None,
    )

    assert ">soon<" in page
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page
