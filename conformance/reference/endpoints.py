"""One deployment over HTTP."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Message, Receive, Scope, Send

from conformance.reference.deployment import Deployment
from conformance.reference.wire import Answer, Call, Operation

Path = tuple[str, str, Operation]

POSTS: tuple[Path, ...] = (
    ("POST", "/orders/email", Operation.ORDER_EMAIL),
    ("POST", "/orders/sms", Operation.ORDER_SMS),
)
OTHERS: tuple[Path, ...] = (
    ("GET", "/orders/{id}", Operation.READ_ORDER),
    ("GET", "/orders/{id}/status", Operation.READ_STATUS),
    ("GET", "/orders/{id}/notifications/email", Operation.READ_EMAILS),
    ("PUT", "/orders/{id}/cancel", Operation.CANCEL_ORDER),
)


class Endpoints:
    """An ASGI application below the deployment's base URL."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._rules = deployment.rules
        only_post = [Route(path, _OnlyPost()) for _, path, _ in POSTS]
        routes = [*map(self._route, POSTS), *only_post, *map(self._route, OTHERS)]
        self._router = Router(redirect_slashes=False, routes=routes)

    def _route(self, path: Path) -> Route:
        method, pattern, operation = path
        return Route(pattern, partial(self._serve, operation), methods=[method])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request below the base URL."""

        async def sending(message: Message) -> None:
            for each in self._rules.sent(message):
                await send(each)

        scope = {**scope, "path": self._rules.path(scope["path"])}
        try:
            await self._router(scope, receive, sending)
        except HTTPException as refusal:
            answer = Answer(refusal.status_code, dict(refusal.headers or {}))
            call = _call(Request(scope, receive), Operation.UNKNOWN)
            response = self._response(self._deployment.unrouted(call, answer))
            await response(scope, receive, sending)

    async def _serve(self, operation: Operation, request: Request) -> Response:
        call = _call(request, operation, await request.body())
        return self._response(self._deployment.answer(call))

    def _response(self, answer: Answer) -> Response:
        return Response(answer.body, answer.status, self._rules.dated(answer.headers))


class _OnlyPost:
    """Any other method; without it ``/orders/{id}`` would look for an order called ``email``."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise HTTPException(405, headers={"Allow": "POST"})


def _call(request: Request, operation: Operation, body: bytes = b"") -> Call:
    return Call(
        operation=operation,
        method=request.method,
        path=request.url.path,
        headers=request.headers,
        order_id=request.path_params.get("id", ""),
        body=body,
        query=request.url.query,
    )
