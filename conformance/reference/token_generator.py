"""A generator of test tokens over HTTP.

Testers of Altinn get their tokens from one such; whoever can use that one can use this one.
"""

import base64
import re
import secrets
import time
from collections.abc import Callable

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from conformance.reference.credentials import ORGANISATION, SECOND_ORGANISATION, Authority

PATH = "/token-generator/api"
_LIFETIME = "1800"
_SECONDS = re.compile(r"[0-9]{1,9}")


class TokenGenerator:
    """Hands tokens to whoever knows the user and the password that it made up."""

    def __init__(self, authority: Authority) -> None:
        self.user = "tester"
        self.password = secrets.token_urlsafe()
        self._authority = authority

    def knows(self, authorization: str) -> bool:
        """Whether these are the Basic credentials (RFC 7617)."""
        scheme, _, given = authorization.partition(" ")
        known = base64.b64encode(f"{self.user}:{self.password}".encode())
        return scheme.lower() == "basic" and secrets.compare_digest(given.strip().encode(), known)

    def enterprise_token(self, asked: QueryParams) -> str:
        """An Altinn token; one without ``org`` names no organisation."""
        scopes = re.split(r"[ ,]+", asked["scopes"])
        return self._authority.bearer(
            int(time.time()),
            scope=" ".join(scopes),
            organisation=asked.get("org", ""),
            lifetime=_lifetime(asked),
        )

    def platform_access_token(self, asked: QueryParams) -> str:
        """A PlatformAccessToken of an app."""
        return self._authority.platform_access_token(
            int(time.time()), app=asked["app"], lifetime=_lifetime(asked)
        )


def token_generator_routes(generator: TokenGenerator) -> list[Route]:
    """The routes below ``PATH``; parameters that are of no use here (env, orgNo) are ignored."""
    return [
        Route("/GetEnterpriseToken", _endpoint(generator, generator.enterprise_token, "scopes")),
        Route(
            "/GetPlatformAccessToken", _endpoint(generator, generator.platform_access_token, "app")
        ),
    ]


def _endpoint(
    generator: TokenGenerator, issue: Callable[[QueryParams], str], required: str
) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        if not generator.knows(request.headers.get("authorization", "")):
            return Response(None, 401, {"WWW-Authenticate": 'Basic realm="TokenGenerator"'})
        errors = _errors(request.query_params, required)
        if errors:
            return JSONResponse(errors, 400)
        return PlainTextResponse(issue(request.query_params))

    return answer


def _errors(asked: QueryParams, required: str) -> dict[str, str]:
    errors = {}
    if not asked.get(required):
        errors[required] = "Parameter must be supplied"
    if asked.get("org", "") not in ("", ORGANISATION, SECOND_ORGANISATION):
        errors["org"] = "Parameter was supplied with an invalid value"
    if not _SECONDS.fullmatch(asked.get("ttl", _LIFETIME)):
        errors["ttl"] = "Parameter was supplied with an invalid value"
    return errors


def _lifetime(asked: QueryParams) -> int:
    return int(asked.get("ttl", _LIFETIME))
