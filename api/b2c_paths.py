"""Where policies of Azure AD B2C are served, whose errors have a form of their own."""

from __future__ import annotations

PREFIX = "/api/identity/b2c/v1.0"


def is_b2c_path(path: str) -> bool:
    """Tell whether a path is a policy's."""
    return path.startswith(f"{PREFIX}/")
