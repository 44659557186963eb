"""A part of the program is loaded by its name."""

from __future__ import annotations

import gc
import json

import pytest

from api.loading import load


def test_a_name_in_a_module_is_loaded():
    assert load("json:dumps") is json.dumps


def test_a_name_that_is_not_there_is_an_error():
    with pytest.raises(AttributeError):
        load("json:nothing")


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(enabled):
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        load("json:dumps")
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
