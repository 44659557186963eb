"""Addresses to listen on."""

from __future__ import annotations

import socket


class AddressInUse(Exception):
    """Another process listens on this address."""


def family_of(host: str) -> socket.AddressFamily:
    """Return the family of an address."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def require_free(host: str, port: int) -> None:
    """Make sure that nobody listens on an address.

    Raises:
        AddressInUse: somebody does, or nobody may.
    """
    with socket.socket(family_of(host), socket.SOCK_STREAM) as probe:
        # As servers bind: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressInUse(f"cannot listen on {host}:{port}: {error.strerror}") from error
