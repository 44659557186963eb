"""What the next page says is ours and was given to this browser."""

from __future__ import annotations

import base64

import pytest

from api.pages.flashes import LONGEST, LONGEST_VALUE, Flash, Undo
from api.pages.form_tokens import FormTokens
from tests.factories.verification import key_ring

TOKENS = FormTokens(key_ring("k1"))
DONE = Flash("console.users.title", {"name": "bob | é"}, Undo("/console/users", {"active": "true"}))


@pytest.mark.parametrize("flash", [DONE, Flash("console.users.title", {})], ids=["undo", "plain"])
def test_what_has_been_done_is_told_as_it_was_written(flash):
    assert Flash.open(flash.seal(TOKENS, "browser"), TOKENS, "browser") == flash


@pytest.mark.parametrize("other", ["", ".", "!.!", f"{base64.urlsafe_b64encode(bytes([255])).decode()}.x"])
def test_what_was_made_up_is_not_told(other):
    assert Flash.open(other, TOKENS, "browser") is None


def test_what_was_changed_or_is_another_browsers_is_not_told():
    sealed = DONE.seal(TOKENS, "browser")
    changed = f"{base64.urlsafe_b64encode(b'[1]').decode()}.{sealed.partition('.')[2]}"

    assert Flash.open(changed, TOKENS, "browser") is None
    assert Flash.open(sealed, TOKENS, "another browser") is None


def test_a_long_value_is_cut_so_that_the_cookie_is_kept():
    flash = Flash("console.users.title", {"name": "x" * 5000})

    told = Flash.open(flash.seal(TOKENS, "browser"), TOKENS, "browser")

    assert told is not None
    assert told.values == {"name": "x" * LONGEST_VALUE}


def test_an_undo_that_no_cookie_holds_is_left_out():
    flash = Flash("console.users.title", {"name": "bob"}, Undo("/console/users", {"display_name": "é" * 2000}))

    told = Flash.open(flash.seal(TOKENS, "browser"), TOKENS, "browser")

    assert told == Flash("console.users.title", {"name": "bob"})


def test_the_way_back_to_a_long_name_of_any_script_is_kept():
    name = "名" * LONGEST_VALUE
    flash = Flash("console.done.saved", {"name": name}, Undo("/console/users", {"name": name, "was_name": name}))

    sealed = flash.seal(TOKENS, "browser")

    assert Flash.open(sealed, TOKENS, "browser") == flash
    assert len(sealed) <= LONGEST
