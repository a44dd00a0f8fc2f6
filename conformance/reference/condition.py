"""Asks the condition endpoint of an order (Send email notifications, conditionEndpoint)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)


class ConditionClient:
    """One client for all orders, made when the first of them has a condition."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._client: httpx.AsyncClient | None = None

    async def ask(self, method: str, url: str, body: bytes | None) -> tuple[int, bytes] | None:
        """Status and body; None when there was no answer."""
        import httpx  # most deployments never need it, and it doubles the time to start

        self._client = self._client or httpx.AsyncClient(timeout=self._timeout, trust_env=False)
        try:
            response = await self._client.request(method, url, content=body)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as failure:
            log.info("condition endpoint %s: %r", url, failure)
            return None
        return response.status_code, response.content

    async def close(self) -> None:
        """Let go of all connections."""
        if self._client is not None:
            await self._client.aclose()
