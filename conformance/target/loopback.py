"""This machine, by the names that a URL has for it."""

from __future__ import annotations

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts that are never reached through a proxy, and may be asked without TLS."""


def direct() -> dict[str, None]:
    """Return the mounts with which an httpx client reaches this machine without a proxy."""
    hosts = (f"[{host}]" if ":" in host else host for host in LOOPBACK)
    return {f"all://{host}": None for host in hosts}
