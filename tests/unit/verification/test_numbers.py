"""What is read as a phone number, and what it is compared by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.errors import InvalidPhoneNumber
from verification.numbers import calling_code, is_known_region, read_number, stored_number
from verification.policy import PhonePolicy

SHAPELESS = {
    "empty": "",
    "plus alone": "+",
    "two pluses": "++12025550123",
    "plus inside": "1+2025550123",
    "sixteen digits": "1234567890123456",
    "sixteen digits after a plus": "+1234567890123456",
    "letters": "1-800-FLOWERS",
    "Arabic-Indic digits": "٠١٢٣٤٥٦٧٨٩",
    "full-width digits": "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
    "extension": "tel:+12025550123;ext=5",
    "extension in words": "+12025550123 x 12",
    "scheme inside": "+1tel:2025550123",
    "line break": "0123456789\n",
    "list": "0111111111,0122222222",
    "very long": "1" + "-" * 100,
}


@pytest.mark.parametrize("policy", list(PhonePolicy))
@pytest.mark.parametrize("text", SHAPELESS.values(), ids=SHAPELESS)
def test_what_is_not_plus_and_digits_is_refused_by_every_policy(text, policy):
    with pytest.raises(InvalidPhoneNumber):
        read_number(text, policy, "US")


@pytest.mark.parametrize(
    ("text", "region", "key"),
    [
        ("0123456789", None, "0123456789"),
        ("0123456789", "LK", "+94123456789"),
        ("+94 71 234 5678", None, "+94712345678"),
        ("0094712345678", "LK", "+94712345678"),
        ("tel:+1-202-555-0123", None, "+12025550123"),
        ("TEL:+1.202.555.0123", None, "+12025550123"),
        ("(202) 555/0123", "US", "+12025550123"),
        ("+44 (0)20 7946 0018", None, "+442079460018"),
        ("+999123456", None, "999123456"),
        ("5", "LK", "5"),
        ("123456789012345", "LK", "123456789012345"),
        ("+390669812345", None, "+390669812345"),
    ],
)
def test_a_lenient_number_is_keyed_by_its_canonical_form(text, region, key):
    read = read_number(text, PhonePolicy.LENIENT, region)

    assert (read.text, read.key) == (text, key)


@pytest.mark.parametrize(
    ("text", "region", "accepted_by"),
    [
        ("+94712345678", None, {"valid", "mobile"}),
        ("0712345678", "LK", {"valid", "mobile"}),
        ("0712345678", None, set()),
        ("0123456789", "LK", {"valid"}),  # a fixed line there
        ("+12025550123", None, {"valid", "mobile"}),  # may be either in its country
        ("+15555551234", None, set()),
        ("+442079460018", None, {"valid"}),
    ],
)
def test_stricter_policies_ask_for_a_known_range(text, region, accepted_by):
    accepted = set()
    for policy in (PhonePolicy.VALID, PhonePolicy.MOBILE):
        try:
            read_number(text, policy, region)
        except InvalidPhoneNumber:
            continue
        accepted.add(policy.value)

    assert accepted == accepted_by


def test_a_refusal_does_not_repeat_the_number():
    with pytest.raises(InvalidPhoneNumber) as caught:
        read_number("0123456789", PhonePolicy.VALID, None)

    assert "0123456789" not in str(caught.value)


def test_a_stored_number_is_read_whatever_it_is():
    assert stored_number("call me", None).key == "call me"


def test_a_stored_number_has_the_key_a_request_would_give_it():
    assert stored_number("071 234 5678", "LK") == read_number("+94712345678", PhonePolicy.MOBILE, None)


def test_regions_are_known_by_their_two_letters():
    assert is_known_region("LK")
    assert not is_known_region("XX")


@given(st.text(max_size=80), st.sampled_from(list(PhonePolicy)), st.sampled_from([None, "US", "LK", "AR"]))
def test_any_text_is_read_or_refused(text, policy, region):
    try:
        read = read_number(text, policy, region)
    except InvalidPhoneNumber:
        return

    assert read.key.removeprefix("+").isascii()
    assert read.key.removeprefix("+").isdigit()
    assert len(read.key.removeprefix("+")) <= 15


@given(st.from_regex(r"\+?[0-9]{1,15}", fullmatch=True), st.sampled_from([None, "US", "LK"]))
def test_punctuation_never_changes_a_key(dialled, region):
    plain = read_number(dialled, PhonePolicy.LENIENT, region)
    spaced = read_number("tel: " + dialled[:1] + " -./()" + dialled[1:], PhonePolicy.LENIENT, region)

    assert plain == spaced


def test_a_region_has_a_calling_code_where_it_has_a_numbering_plan():
    assert [calling_code(region) for region in ("LK", "GB", "XX")] == [94, 44, 0]
