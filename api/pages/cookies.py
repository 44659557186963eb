"""The cookies of pages: none can be read by a script, and over TLS none can be planted from another host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Request, Response

A_YEAR = timedelta(days=365)


class Cookie(StrEnum):
    """What is kept in a browser."""

    VISIT = "visit"  # what the forms of this browser are bound to
    LOCALE = "locale"  # the language that was chosen
    SESSION = "session"  # who is signed in
    SIGN_IN = "sign-in"  # a sign-in under way
    RESTORE = "restore"  # a lost phone that is being restored
    ENROLMENT = "enrolment"  # an authenticator that is being added
    FLASH = "flash"  # what the next page says has been done


KEPT_FOR = {Cookie.LOCALE: A_YEAR}
"""How long a cookie stays; the others go when the browser is closed."""


@dataclass(frozen=True, slots=True)
class Jar:
    """Reads and writes cookies."""

    is_secure: bool

    def name(self, cookie: Cookie) -> str:
        """Return the name of a cookie."""
        # RFC 6265bis §4.1.3.2: a browser takes this name from this host alone, over TLS, for all paths.
        return f"__Host-lineproof-{cookie}" if self.is_secure else f"lineproof-{cookie}"

    def read(self, request: Request, cookie: Cookie) -> str:
        """Return the value of a cookie, empty where there is none."""
        return request.cookies.get(self.name(cookie), "")

    def put(self, response: Response, cookie: Cookie, value: str) -> None:
        """Have the browser keep a value."""
        response.set_cookie(
            self.name(cookie),
            value,
            max_age=KEPT_FOR.get(cookie),
            path="/",
            secure=self.is_secure,
            httponly=True,
            # Lax, not Strict: who comes from an application to sign in is to be known.
            samesite="Lax",
        )

    def drop(self, response: Response, cookie: Cookie) -> None:
        """Have the browser forget a value."""
        response.delete_cookie(self.name(cookie), path="/", secure=self.is_secure, httponly=True, samesite="Lax")
