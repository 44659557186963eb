"""What is wrong with the request of a browser."""

from __future__ import annotations

from urllib.parse import urlencode


class PageError(Exception):
    """A page cannot be shown, or what it sent cannot be taken."""

    code = "BAD_REQUEST"

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class ForgedForm(PageError):
    """This form did not come from a page of this service, or its page has been open for too long."""

    code = "FORGED_FORM"


class AuthorizationRefused(PageError):
    """The request of an application cannot be trusted, and the browser is not sent back to where it says."""

    code = "AUTHORIZATION_REFUSED"


class SignOutRefused(PageError):
    """The request of an application to sign its user out cannot be trusted."""

    code = "SIGN_OUT_REFUSED"


class SignInAgain(Exception):
    """What is asked for takes a fresh sign-in: the browser is sent there, and back."""

    def __init__(self, back: str, notice: str) -> None:
        """Keep the path to come back to, and what the page there says (`sign_in.<notice>`)."""
        self.path = f"/sign-in?{urlencode({'return_to': back, 'notice': notice})}"
        super().__init__(self.__doc__)
