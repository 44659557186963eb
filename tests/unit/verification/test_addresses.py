"""E-mail addresses: what is read, what is the same, and where a message goes."""

from __future__ import annotations

import pytest

from verification.addresses import read_address, stored_address
from verification.errors import InvalidEmailAddress


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("bob@example.com", "bob@example.com"),
        ("Bob.Smith+tag@Mail.Example.COM", "bob.smith+tag@mail.example.com"),
        ("o'neil!#$%&*/=?^_`{|}~-@example.com", "o'neil!#$%&*/=?^_`{|}~-@example.com"),
        ("jürgen@example.com", "jürgen@example.com"),
        ("a@münchen.de", "a@xn--mnchen-3ya.de"),
        ("a@xn--mnchen-3ya.de", "a@xn--mnchen-3ya.de"),
        ("a@MÜNCHEN.de", "a@xn--mnchen-3ya.de"),
        ("a@\uff45xample.com", "a@example.com"),
        ("a@faß.de", "a@xn--fa-hia.de"),
        (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
        (f"a@{'b' * 63}.com", f"a@{'b' * 63}.com"),
    ],
)
def test_an_address_is_compared_without_case_and_by_its_ascii_domain(text, key):
    assert read_address(text).key == key
    assert stored_address(text).key == key


def test_two_domains_of_letters_that_look_alike_are_two():
    """IDNA2003 would take ß for ss, and hand a code to the owner of another domain."""
    assert read_address("a@faß.de") != read_address("a@fass.de")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bob",
        "@example.com",
        "bob@",
        "bob@localhost",
        "bob@127.0.0.1",
        "bob@[127.0.0.1]",
        "Bob <bob@example.com>",
        "<bob@example.com>",
        '"bob smith"@example.com',
        "bob smith@example.com",
        " bob@example.com",
        "bob@example.com\n",
        "bob@example.com,ann@example.com",
        "bob@ann@example.com",
        "bob..smith@example.com",
        ".bob@example.com",
        "bob@example..com",
        "bob@example.com.",
        "bob@-example.com",
        "bob@exa_mple.com",
        "bob@example。com",
        "bob@exam\u202eple.com",
        "b\u202eob@example.com",
        "b\u0085ob@example.com",
        "b\u00a0ob@example.com",
        "b\0ob@example.com",
        "\ud800@example.com",
        "bob@\ud800.com",
        f"{'a' * 65}@example.com",
        f"{'ä' * 33}@example.com",
        f"a@{'b' * 64}.com",
        f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 63}.com",
    ],
)
def test_what_is_no_bare_address_is_refused_and_not_repeated(text):
    with pytest.raises(InvalidEmailAddress) as caught:
        read_address(text)

    assert str(caught.value) == InvalidEmailAddress.__doc__


def test_a_stored_text_that_is_none_is_compared_as_it_is():
    assert stored_address("nobody").key == "nobody"
    assert stored_address(" bob@example.com ") == read_address("bob@example.com")


@pytest.mark.parametrize(
    ("text", "destination"),
    [("Bob@Example.COM", "Bob@example.com"), ("bob@münchen.de", "bob@xn--mnchen-3ya.de")],
)
def test_a_message_goes_to_the_address_as_it_is_written_in_a_domain_that_every_server_knows(text, destination):
    assert read_address(text).destination == destination
