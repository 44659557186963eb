"""Faults of filters and files, in the language of the visitor."""

from __future__ import annotations

import io

import pytest

from api.pages.console.wording import filter_fault, rejection, unreadable
from api.pages.translations import translations
from api.services.contact_attributes import EXTENSION
from api.transfer.forms import FaultyFile, Format, read_lines
from api.transfer.importing import MayNotChange, OwnAccount
from scim.errors import InvalidFilter
from scim.filters import parse_filter

GERMAN = translations()["de"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('userName eq "a" x', "Zeichen 17: hier wird and, or oder das Ende erwartet"),
        ('(userName eq "a"', "Zeichen 17: hier fehlt )"),
        ('emails[type eq "a"', "Zeichen 19: hier fehlt ]"),
        ("userName is x", "Zeichen 10: hier wird eines von eq, ne, co, sw, ew, gt, ge, lt, le, pr erwartet"),
        ("(", "Zeichen 2: hier wird der Name eines Attributs erwartet"),
        ("1 eq 2", "Zeichen 1: hier wird der Name eines Attributs erwartet"),
        ("userName eq x", "Zeichen 13: hier wird ein Text in doppelten Anführungszeichen, eine Zahl"),
        ('userName eq "x', "Zeichen 13: der Text, der hier beginnt, endet nicht"),
        ("active eq 1e999", "Zeichen 11: this number is too large"),
    ],
)
def test_faults_of_filters_are_told_with_their_place(text, told):
    with pytest.raises(InvalidFilter) as found:
        parse_filter(text)

    assert filter_fault(GERMAN, found.value.detail).startswith(f"Dieser Filter ist nicht brauchbar: {told}")


def test_a_fault_without_a_place_stays_as_it_is():
    told = filter_fault(GERMAN, "meta.version cannot be used in a filter.")

    assert told == "Dieser Filter ist nicht brauchbar: meta.version cannot be used in a filter."


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (str(MayNotChange()), "Der Benutzer ist ein Administrator mit mehr Rechten"),
        (str(OwnAccount()), "Das ist das eigene Konto"),
        ("emails.value: nothing to send to", "Das ist keine brauchbare E-Mail-Adresse"),
        (f"{EXTENSION}:verifiedMobileNumbers: nothing", "Das ist keine brauchbare Telefonnummer"),
        ("A value that must be unique is in use by another user.", "Einen Wert, den es nur einmal geben darf"),
        ("title must be a string.", "Diese Zeile ist nicht brauchbar: title must be a string."),
    ],
)
def test_reasons_are_told(reason, told):
    assert rejection(GERMAN, reason).startswith(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"userName,<b>\n", "Es gibt keine Spalte <b>"),
        (b"userName\n\xff\n", "Die Datei ist kein Text in UTF-8"),
        (b"userName\n" + b"a" * 140_000, "Zeile 2 ist kein CSV: field larger"),
        (b"x," * 200 + b"\n", "Die Datei ist nicht lesbar: it has more than 100 columns"),
    ],
)
def test_what_cannot_be_read_is_told(content, told):
    with pytest.raises(FaultyFile) as found:
        list(read_lines(io.BytesIO(content), Format.CSV))

    assert unreadable(GERMAN, str(found.value)).startswith(told)
