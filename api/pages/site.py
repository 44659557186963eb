"""What every page is made with, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.pages.cookies import Jar
from api.pages.form_tokens import FormTokens
from api.pages.templates import Templates
from api.pages.visits import Visit

if TYPE_CHECKING:
    from flask import Request

    from api.wiring import Services


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of a page that do not depend on who asks for it."""

    services: Services
    jar: Jar
    form_tokens: FormTokens
    templates: Templates

    def visit(self, request: Request) -> Visit:
        """Begin to answer a request."""
        return Visit(self, request)


def build_site(services: Services) -> Site:
    """Make the parts from what the service is made of."""
    return Site(
        services=services,
        jar=Jar(is_secure=services.settings.base_url.startswith("https:")),
        form_tokens=FormTokens(services.core.keys),
        templates=Templates(),
    )
