"""The mailbox over HTTP."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from conformance.reference.mailbox import Mailbox, headers, opened

_DIGITS = 9


def mailbox_routes(mailbox: Mailbox) -> list[Route]:
    """The routes below ``/mailbox``."""
    api = MailboxApi(mailbox)
    return [
        Route("/api/v1/messages", api.messages),
        Route("/api/v1/messages", api.delete, methods=["DELETE"]),
        Route("/api/v1/search", api.search),
        Route("/api/v1/message/{id}", api.message),
        Route("/api/v1/message/{id}/headers", api.headers),
    ]


class MailboxApi:
    """What Mailpit answers to the same requests."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def messages(self, request: Request) -> Response:
        """The newest mail."""
        return JSONResponse(self._page(request, ""))

    async def search(self, request: Request) -> Response:
        """The mail that ``query`` asks for."""
        query = request.query_params.get("query", "").strip()
        if not query:
            return PlainTextResponse("Error: no search query", status_code=400)
        return JSONResponse(self._page(request, query))

    def _page(self, request: Request, query: str) -> dict[str, object]:
        start, limit = _number(request, "start", 0), _number(request, "limit", 50)
        return self._mailbox.page(self._mailbox.search(query), start, limit)

    async def delete(self, request: Request) -> Response:
        """All, or those that ``{"IDs": […]}`` names."""
        try:
            ids = json.loads(await request.body() or "{}").get("IDs")
            self._mailbox.delete([str(mail_id) for mail_id in ids] if ids else None)
        except (ValueError, AttributeError, TypeError, RecursionError):
            return PlainTextResponse("unreadable request", status_code=400)
        return PlainTextResponse("ok")

    async def message(self, request: Request) -> Response:
        """One mail with its text."""
        mail_id = request.path_params["id"]
        mail = self._mailbox.find(mail_id)
        return JSONResponse(opened(mail_id, mail)) if mail else _no_message()

    async def headers(self, request: Request) -> Response:
        """The headers of one mail."""
        mail = self._mailbox.find(request.path_params["id"])
        return JSONResponse(headers(mail)) if mail else _no_message()


def _no_message() -> Response:
    return PlainTextResponse("message not found", status_code=404)


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else default
