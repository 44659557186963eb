"""Readers take what they should, and say what they want instead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api import setting_readers as read


@pytest.mark.parametrize(
    ("reader", "text", "expected"),
    [
        *((read.boolean, text, True) for text in ("true", "TRUE", "1", "yes", "Yes")),
        *((read.boolean, text, False) for text in ("false", "False", "0", "no")),
        (read.integer(0, 10), "0", 0),
        (read.integer(0, 10), "10", 10),
        (read.seconds(0, 90), "90", timedelta(seconds=90)),
        (read.one_of("externalId", "id"), "EXTERNALID", "externalId"),
        (read.several(read.text), "a, b", ("a", "b")),
        (read.url, "https://example.com/a?b=c", "https://example.com/a?b=c"),
        (read.url, "http://[::1]:9000/a", "http://[::1]:9000/a"),
        (read.base_url, "HTTPS://example.com//", "HTTPS://example.com"),
        (read.issuer, "https://example.com/", "https://example.com/"),
        (read.database_url, "sqlite:////srv/a.db", "sqlite:////srv/a.db"),
        (read.database_url, "postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        (read.database_url, "postgresql://h1:1,h2:2/d", "postgresql+psycopg://h1:1,h2:2/d"),
        (read.database_url, "postgres://h/d", "postgresql+psycopg://h/d"),
        (read.region, "de", "DE"),
        (read.address, "127.0.0.1:9100", read.Address("127.0.0.1", 9100)),
        (read.address, "[::1]:9100", read.Address("::1", 9100)),
        (read.domain, "Login.Example.com", "login.example.com"),
        (read.domain, "localhost", "localhost"),
        (read.name, "Bäckerei 123", "Bäckerei 123"),
    ],
)
def test_text_is_read(reader, text, expected):
    assert reader(text) == expected


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        *((read.boolean, text) for text in ("on", "2", "tru", "ja")),
        *((read.integer(1, 10), text) for text in ("0", "11", "-1", "+5", "5.0", "5 ", "1_0", "٣", "five", "9" * 5000)),
        (read.seconds(1, 90), "0"),
        (read.one_of("a", "b"), "c"),
        *((read.several(read.one_of("a", "b")), text) for text in ("a,", "a,c", "a,a", "A,a")),
        *(
            (read.url, text)
            for text in ("example.com", "ftp://example.com", "https://", "http://a:99999/", "http://a:0", "http://[::1")
        ),
        *((read.url, text) for text in ("http://a b/", "http://a/\x00", "//example.com")),
        *((read.base_url, text) for text in ("https://example.com?a=b", "https://example.com#a", "example.com")),
        (read.issuer, "example.com"),
        *((read.database_url, text) for text in ("sqlite://", "sqlite:///", "mysql://h/d", "postgresql", "/srv/a.db")),
        *((read.address, text) for text in ("9100", ":9100", "localhost", "localhost:", "localhost:0", "http://a:1")),
        *((read.region, text) for text in ("Germany", "XX", "49")),
        *((read.domain, text) for text in ("https://example.com", "a..b", "-a.com", "example.com:80", "a_b.com", "@x")),
        (read.domain, "id1234.example.com"),
        *((read.name, text) for text in ("Bank 1234", "a" * 41, "a\nb")),
        (read.directory, "/no/such/directory"),
    ],
)
def test_text_is_refused(reader, text):
    with pytest.raises(ValueError, match=r"^must "):
        reader(text)


def test_directory_is_one_that_exists(tmp_path):
    assert read.directory(str(tmp_path)) == tmp_path
