"""What is wrong with the request of a browser."""

from __future__ import annotations


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
