"""The application under the policy in force: another policy, another application (docs/decisions/0023)."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from api.wiring import under_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from api.wiring import Services
    from verification.policy import Policy


class Following:
    """Hand each request to the application that was made for the policy in force.

    A request is answered by one application from its beginning to its end, so that it sees one policy.
    """

    def __init__(
        self, application: WSGIApplication, services: Services, build: Callable[[Services], WSGIApplication]
    ) -> None:
        self._application = application
        self._services = services
        self._build = build
        services.core.policies.follow(self._adopt)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        return self._application(environ, start_response)

    def _adopt(self, policy: Policy) -> None:
        self._services = under_policy(self._services, policy)
        self._application = self._build(self._services)
        # The one before holds itself in circles, and would stay for long.
        gc.collect()
