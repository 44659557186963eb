"""The directories whose users can be reset, as the settings connect them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api.loading import load
from api.services.local_directory import LOCAL, LocalDirectory

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.services.callers import Caller
    from api.services.core import Core
    from api.settings import Settings
    from verification.methods import Directory

    Making = Callable[[Caller], Directory]

GRAPH = "graph"
NAMES = (LOCAL, GRAPH)


def build_directories(settings: Settings, core: Core) -> dict[str, Making]:
    """Return what makes each directory for one reset."""
    directories: dict[str, Making] = {LOCAL: partial(LocalDirectory, core)}
    if settings.graph_tenant_id:
        directories[GRAPH] = _Graph(settings, core)
    return directories


class _Graph:
    """Makes directories of Microsoft Graph, which share connections and the token; loaded with the first one."""

    def __init__(self, settings: Settings, core: Core) -> None:
        self._settings = settings
        self._core = core
        self._connect: Callable[[str], Directory] | None = None

    def __call__(self, caller: Caller) -> Directory:
        """Return the directory for one reset."""
        if self._connect is None:
            # Two threads may both do this: the one token more does no harm.
            self._connect = load("providers.graph:connect")(
                base_url=self._settings.graph_base_url,
                login_url=self._settings.graph_login_url,
                tenant=self._settings.graph_tenant_id,
                client_id=self._settings.graph_client_id,
                client_secret=self._settings.graph_client_secret,
                clock=self._core.clock,
            )
        return self._connect(caller.request_id)
