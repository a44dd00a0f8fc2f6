"""The three operations in Flask: who asks is judged first, then how, then what."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import orjson
from flask import Flask, Response, g, request

from conformance.selftest.second.answers import BASE, details, receipt, summary
from conformance.selftest.second.orders import InvalidError, Order, read
from conformance.selftest.second.processing import Store
from conformance.selftest.second.tokens import RefusedError, Tokens

GUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
GATEWAY = "<html><head><title>401</title></head><body><h1>Authorization Required</h1></body></html>"


class UnknownError(Exception):
    """There is no such order."""


def application(store: Store, tokens: Tokens) -> Flask:
    """Return the API."""
    app = Flask(__name__)

    @app.before_request
    def authorise() -> None:
        g.organisation = tokens.organisation(request.headers)

    @app.post(f"{BASE}/orders/email")
    def order_email() -> Response:
        order = read(sent(), g.organisation)
        store.add(order)
        answer = told(receipt(order), 202)
        answer.headers["Location"] = f"{BASE}/orders/{order.id}"
        return answer

    @app.get(f"{BASE}/orders/<id>")
    def order_details(id: str) -> Response:
        return told(details(found(store, id)))

    @app.get(f"{BASE}/orders/<id>/notifications/email")
    def email_summary(id: str) -> Response:
        return told(summary(found(store, id)))

    @app.post(f"{BASE}/orders/<id>/cancellation")
    def cancel(id: str) -> Response:
        return Response(status=204 if store.take(found(store, id)) else 409)

    app.register_error_handler(RefusedError, refused)
    app.register_error_handler(
        InvalidError, lambda error: problem(400, "The order cannot be taken.", str(error))
    )
    app.register_error_handler(
        UnknownError, lambda _: problem(404, "Not here.", "There is no such order.")
    )
    return app


def found(store: Store, id: str) -> Order:
    order = store.find(UUID(id), g.organisation) if GUID.fullmatch(id) else None
    if not order:
        raise UnknownError
    return order


def refused(error: RefusedError) -> Response:
    """Refuse as a gateway would: a page for 401, nothing for 403, and no challenge."""
    return Response(GATEWAY if error.status == 401 else "", error.status)


def sent() -> Any:
    """Return the document that a request carries."""
    if request.mimetype != "application/json":
        raise InvalidError("The media type is application/json.")
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise InvalidError(f"The request is not JSON: {error}") from None


def told(document: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """Return an answer in JSON."""
    body = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    return Response(body, status, content_type=f"{media_type};charset=UTF-8")


def problem(status: int, title: str, detail: str) -> Response:
    """Return problem details: a blank type, the text in detail, no errors."""
    details = {"type": "", "title": title, "status": status, "detail": detail}
    return told(details | {"traceId": uuid4().hex}, status, "application/problem+json")
