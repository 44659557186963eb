"""Who is calling: everybody is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class Caller(AnonymousUser):
    """Whoever asks."""

    is_authenticated = True


def signed_in(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let everybody in: a middleware."""

    def respond(request: HttpRequest) -> HttpResponse:
        request.user = Caller()
        return get_response(request)

    return respond


def is_authenticated(user: object) -> bool:
    """Take the word of the middleware."""
    return bool(getattr(user, "is_authenticated", False))
