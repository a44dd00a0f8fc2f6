"""A Maskinporten on this machine: the token endpoint is Authlib's, not ours."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, InvalidGrantError, InvalidScopeError
from authlib.oauth2.rfc7523 import JWTBearerGrant
from flask import Flask, Response, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jwt import JWTClaimsRegistry
from werkzeug.serving import WSGIRequestHandler, make_server

from conformance.target.credentials import SCOPE

CLIENT_ID = "a-client"
EXCHANGE = "/authentication/api/v1/exchange/maskinporten"
LONGEST_ASSERTION = 120
LIFETIME = 120


@dataclass(frozen=True)
class TokenEndpoint:
    """Where tokens are got, and with what.

    Attributes:
        issuer: its URL, which is the audience of assertions.
        exchange: the URL at which its token is exchanged for one of the reference deployment.
        client_id: of the one client that it knows.
        key: the client's private key as JWK.
    """

    issuer: str
    exchange: str
    client_id: str
    key: Mapping[str, Any] = field(repr=False)

    @property
    def source(self) -> dict[str, str]:
        """What stands below ``maskinporten`` in the source of a token."""
        return {
            "issuer": self.issuer,
            "client_id": self.client_id,
            "key": json.dumps(self.key),
            "exchange": self.exchange,
        }


class KnownClient(ClientMixin):
    """The one client, by its public key; it has one scope."""

    def __init__(self, key: RSAKey) -> None:
        self.key = RSAKey.import_key(key.as_dict(private=False))

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == JWTBearerGrant.GRANT_TYPE

    def get_allowed_scope(self, scope: Any) -> str:
        if scope != SCOPE:
            raise InvalidScopeError(description=f"Not a scope of the client: {scope}")
        return SCOPE


class Maskinporten(AuthorizationServer):
    """Authlib's server, and what its grants need to know."""

    def __init__(self, app: Flask, issuer: str, client: KnownClient) -> None:
        super().__init__(app, query_client=lambda _: None, save_token=lambda *_: None)
        self.issuer = issuer
        self.client = client
        self.used: set[str] = set()
        self.register_grant(Grant)


class Grant(JWTBearerGrant):
    """The grant as Maskinporten has it: the scope is a claim, and an assertion is used once."""

    CLAIMS_OPTIONS = {  # noqa: RUF012 (as Authlib declares it)
        name: {"essential": True} for name in ("iss", "aud", "exp", "iat", "jti", "scope")
    }
    LEEWAY = 10
    server: Maskinporten

    def resolve_issuer_client(self, issuer: str) -> KnownClient | None:
        return self.server.client if issuer == CLIENT_ID else None

    def resolve_client_public_key(self, client: KnownClient) -> RSAKey:
        return client.key

    def get_audiences(self) -> list[str]:
        return [self.server.issuer]

    def extract_assertion(self, assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
        headers, claims = super().extract_assertion(assertion)
        if (headers.get("alg"), headers.get("kid")) != ("RS256", self.server.client.key.kid):
            raise InvalidGrantError(description="Unknown key")
        return headers, claims

    def verify_claims(self, claims: dict[str, Any]) -> None:
        super().verify_claims(claims)
        if claims["exp"] - claims["iat"] > LONGEST_ASSERTION:
            raise InvalidGrantError(description="The assertion is valid for too long")
        if claims["jti"] in self.server.used:
            raise InvalidGrantError(description="The assertion has been used")
        self.server.used.add(claims["jti"])
        self.scope = claims["scope"]

    def create_token_response(self) -> Any:
        token = self.generate_token(scope=self.scope, include_refresh_token=False)
        return 200, token, self.TOKEN_RESPONSE_HEADER


def application(origin: str, client: KnownClient, generator: Mapping[str, str]) -> Flask:
    """Return the token endpoint, and the exchange, which asks the generator of the reference."""
    issuer = f"{origin}/"
    key = RSAKey.generate_key(2048)
    app = Flask(__name__)
    app.config["OAUTH2_ACCESS_TOKEN_GENERATOR"] = lambda scope, **_: _signed(scope, issuer, key)
    server = Maskinporten(app, issuer, client)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get(EXCHANGE)
    def exchange() -> Response:
        scope = _scope(request.headers.get("Authorization", ""), issuer, key)
        if not scope:
            return Response(status=401)
        answer = httpx.get(
            f"{generator['url']}/GetEnterpriseToken",
            params={"scopes": scope, "org": "ttd", "ttl": LIFETIME},
            auth=(generator["user"], generator["password"]),
            trust_env=False,
        )
        return Response(json.dumps(answer.text), content_type="application/json; charset=utf-8")

    return app


def _signed(scope: str, issuer: str, key: RSAKey) -> str:
    claims = {"iss": issuer, "scope": scope, "exp": int(time.time()) + LIFETIME}
    return jwt.encode({"alg": "RS256"}, claims, key)


def _scope(authorization: str, issuer: str, key: RSAKey) -> str:
    """Return the scope of a token that this issuer signed, "" for another."""
    try:
        claims = jwt.decode(authorization.removeprefix("Bearer "), key, ["RS256"]).claims
        JWTClaimsRegistry(iss={"essential": True, "value": issuer}).validate(claims)
    except (JoseError, ValueError):
        return ""
    return str(claims["scope"])


class Quiet(WSGIRequestHandler):
    """Does not tell of every request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def maskinporten(generator: Mapping[str, str]) -> Iterator[TokenEndpoint]:
    """Serve until the end of the block.

    Args:
        generator: the token generator that a reference deployment announces.
    """
    key = RSAKey.generate_key(2048, {"kid": "a-key", "use": "sig", "alg": "RS256"})
    server = make_server("127.0.0.1", 0, Flask(__name__), threaded=True, request_handler=Quiet)
    origin = f"http://127.0.0.1:{server.server_port}"
    server.app = application(origin, KnownClient(key), generator)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        jwk = key.as_dict(private=True)
        yield TokenEndpoint(f"{origin}/", f"{origin}{EXCHANGE}", CLIENT_ID, jwk)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
