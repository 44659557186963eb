"""Whether a session is good enough for what a client asks for (OpenID Connect Core §3.1.2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from authlib.oauth2.rfc6749 import InvalidRequestError

from api.services.assurance import Acr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from persistence.browser_sessions import Session

SIGNED_IN_AFTER = "signed_in_after"
"""Our own parameter, added where a request waits for a fresh sign-in: it is content with one from that moment on.

Whoever forges it gets no further than by leaving out `prompt` or `max_age`: these are wishes of the client, which sees
in `auth_time` and `acr` what became of them.
"""
_LONGEST_AGE = 10**9


class Prompt(StrEnum):
    """What a client may want its user to be shown."""

    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a client wants of the sign-in of its user."""

    prompts: frozenset[str]
    max_age: timedelta | None
    acr_values: frozenset[str]
    signed_in_after: datetime | None

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Wishes:
        """Read them off an authorization request.

        Raises:
            InvalidRequestError: they contradict each other, or a number is none.
        """
        prompts = frozenset(parameters.get("prompt", "").split())
        if Prompt.NONE in prompts and len(prompts) > 1:
            raise InvalidRequestError("The prompt 'none' cannot be together with others.")
        max_age, after = (_number(parameters, name) for name in ("max_age", SIGNED_IN_AFTER))
        return cls(
            prompts=prompts,
            max_age=None if max_age is None else timedelta(seconds=max_age),
            acr_values=frozenset(parameters.get("acr_values", "").split()),
            signed_in_after=None if after is None else datetime.fromtimestamp(after, UTC),
        )

    @property
    def is_silent(self) -> bool:
        """Tell whether nothing may be shown."""
        return Prompt.NONE in self.prompts

    @property
    def wants_consent(self) -> bool:
        """Tell whether the user is to be asked even for what was allowed before."""
        return Prompt.CONSENT in self.prompts

    def need_sign_in(self, session: Session | None, now: datetime) -> bool:
        """Tell whether the user has to sign in, or to do so again."""
        if session is None:
            return True
        if self.signed_in_after is not None and session.authenticated_at >= self.signed_in_after:
            # That is what was asked for; whether it came to what the client wants, the client is told.
            return False
        is_old = self.max_age is not None and now - session.authenticated_at > self.max_age
        return is_old or Prompt.LOGIN in self.prompts or not self._is_enough(session.acr)

    def _is_enough(self, acr: str) -> bool:
        # A wish for levels that there are not is no reason to ask for anything (Core §5.5.1.1).
        wanted = self.acr_values & frozenset(Acr)
        return not wanted or acr in wanted or Acr.ONE_FACTOR in wanted


def _number(parameters: Mapping[str, str], name: str) -> int | None:
    text = parameters.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_LONGEST_AGE)) + 1):
        raise InvalidRequestError(f"{name} is not a number of seconds.")
    return int(text)
