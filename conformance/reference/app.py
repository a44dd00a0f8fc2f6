"""The whole server: deployments, mailbox, token generator, and a page that says what is where."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from conformance.reference.deviations import Deviation
from conformance.reference.faults import FAULTS
from conformance.reference.gallery import BASE_PATH, Gallery, Wing
from conformance.reference.mailbox import Mailbox
from conformance.reference.mailbox_api import mailbox_routes
from conformance.reference.token_generator import PATH, TokenGenerator, token_generator_routes
from conformance.reference.variants import VARIANTS

_PAGE = {
    "what": "The reference deployment of altinn-notifications-conformance, for tests alone.",
    "api": BASE_PATH,
    "mailbox": "/mailbox/api/v1/messages",
    "token_generator": PATH,
    "faults": [f"/faults/{{name}}{BASE_PATH}", sorted(FAULTS)],
    "variants": [f"/variants/{{name}}{BASE_PATH}", sorted(VARIANTS)],
}


def application(
    gallery: Gallery,
    mailbox: Mailbox,
    generator: TokenGenerator,
    deviations: Sequence[Deviation],
) -> Starlette:
    """The server; the deployment at the base path has these deviations."""
    app = Starlette(
        routes=[
            Mount(BASE_PATH, gallery.exhibit("", deviations)),
            Mount("/mailbox", routes=mailbox_routes(mailbox)),
            Mount(PATH, routes=token_generator_routes(generator)),
            Mount(f"/faults/{{name}}{BASE_PATH}", Wing(gallery, "/faults", FAULTS)),
            Mount(f"/variants/{{name}}{BASE_PATH}", Wing(gallery, "/variants", VARIANTS)),
            Route("/", _page),
        ],
        lifespan=lambda _: _background(gallery),
    )
    app.router.redirect_slashes = False
    return app


async def _page(_: Request) -> JSONResponse:
    return JSONResponse(_PAGE)


@asynccontextmanager
async def _background(gallery: Gallery) -> AsyncIterator[None]:
    work = asyncio.create_task(gallery.run())
    yield
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    await gallery.close()
