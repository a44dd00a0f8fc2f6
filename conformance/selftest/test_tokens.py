"""Tokens: where they come from, when they are fetched anew, and how a mistake is told."""

from __future__ import annotations

import base64
import json
import os
import pickle
import ssl
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from conformance.clock import Clock
from conformance.errors import OperatorError
from conformance.selftest.deployments import answering, http
from conformance.selftest.reference_server import LATER, MINIMAL, shared
from conformance.selftest.token_endpoint import TokenEndpoint, maskinporten
from conformance.target.credentials import SCOPE, expiry
from conformance.target.tokens import Tokens, asking, tokens_of
from conformance.target.tokens import command as command_module

Source = dict[str, Any]


class Ahead(Clock):
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead

    def put_forward(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Ahead:
    return Ahead()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[TokenEndpoint]:
    with maskinporten(shared().announced["token_generator"]) as endpoint:
        yield endpoint


def generator(kind: str = "GetEnterpriseToken", **changed: str | int) -> Source:
    """The reference's own, with what it takes to get a good token from it."""
    told = shared().announced["token_generator"]
    parameters = {"scopes": SCOPE, "org": "ttd", "app": "apps-test", "ttl": 1800} | changed
    return {"generator": {**told, "url": f"{told['url']}/{kind}", "parameters": parameters}}


def at(base: str) -> Source:
    return {"generator": {"url": f"{base}/token", "user": "u", "password": "pass word"}}


def command(code: str) -> Source:
    return {"command": [sys.executable, "-c", code]}


def fetched(source: str | Source, clock: Clock | None = None) -> str:
    return tokens_of("bearer", source, clock or Clock()).current()


def refused(source: str | Source, clock: Clock | None = None) -> OperatorError:
    """The error with which a source fails; a secret of the source is nowhere in it."""
    with pytest.raises(OperatorError) as caught:
        fetched(source, clock)
    error = caught.value
    told = "".join(traceback.format_exception(error)) + repr(error)
    assert [secret for secret in secrets(source) if secret in told] == []
    assert error.what.startswith("bearer")
    assert error.mend
    return error


def secrets(source: str | Source) -> list[str]:
    """The password or the key in a source, as it is and in its parts."""
    match source:
        case {"generator": {"password": password}}:
            return [password]
        case {"maskinporten": {"key": key}}:
            return [key, *(json.loads(key)[part] for part in "dpq")]
    return []


def placing(token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{shared().base}/orders/email"
    return shared().http.post(url, json=MINIMAL | LATER, headers=headers).status_code


def expiring(now: datetime, seconds: float) -> str:
    exp = int((now + timedelta(seconds=seconds)).timestamp())
    return jwt.encode({"alg": "HS256"}, {"exp": exp}, OctKey.import_key("a" * 32))


# Given, or printed by a command


def test_a_token_that_is_given_is_never_fetched(clock: Ahead) -> None:
    given = tokens_of("bearer", expired := expiring(clock.now(), -60), clock)
    assert given.current() == expired
    assert expired not in repr(given)


@pytest.mark.parametrize(
    "printed",
    ["a.b.c", "a.b.c\n\n", "Bearer a.b.c\n", '"a.b.c"', '"Bearer a.b.c"', r'"\u0061.b.c"'],
)
def test_a_command_prints_a_token(printed: str) -> None:
    assert fetched(command(f"print({printed!r}, end='')")) == "a.b.c"


def test_a_command_is_no_line_of_a_shell() -> None:
    asked = [sys.executable, "-c", "import sys; print(sys.argv[1])", "$HOME;`id`"]
    assert fetched({"command": asked}) == "$HOME;`id`"


@pytest.fixture
def _typed() -> Iterator[None]:
    """Somebody has typed a line."""
    reading, writing = os.pipe()
    kept = os.dup(0)
    os.dup2(reading, 0)
    os.write(writing, b"a.b.c\n")
    yield
    os.dup2(kept, 0)
    for file in (reading, writing, kept):
        os.close(file)


@pytest.mark.usefixtures("_typed")
def test_a_command_cannot_ask_anybody() -> None:
    assert "EOFError" in refused(command("print(input())")).what


FAILING = {
    "nothing": ("pass", "is no token"),
    "words": ("print('Hello there')", "is no token"),
    "JSON": ("""print('{"access_token":"a.b.c"}')""", "is no token"),
    "exit": (
        "import sys; print('first\\n no login \\n', file=sys.stderr); sys.exit(3)",
        "no login",
    ),
    "code": ("import sys; sys.exit(3)", "exit code 3"),
    "bytes": ("import sys; sys.stdout.buffer.write(bytes([0xff]))", "is no token"),
}


@pytest.mark.parametrize(("code", "told"), FAILING.values(), ids=FAILING)
def test_a_command_that_fails_is_told(code: str, told: str) -> None:
    assert told in refused(command(code)).what


def test_a_command_that_tells_its_token_in_an_error_is_not_quoted() -> None:
    code = "import sys; print('opaque'); sys.exit('not stored: opaque, eyJh.eyJi.c-_')"
    assert refused(command(code)).what.endswith("(not stored: ***, ***)")


@pytest.mark.parametrize("program", ["no-such-program", "/", "a\0b"])
def test_a_command_that_cannot_be_started_is_told(program: str) -> None:
    assert "cannot be started" in refused({"command": [program]}).what


def test_a_command_that_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_module, "COMMAND_SECONDS", 0.2)
    assert "did not end within 0.2 s" in refused(command("import time; time.sleep(30)")).what


# From a generator of test tokens


def test_a_generator_gives_a_token_that_the_deployment_takes() -> None:
    assert placing(fetched(generator())) == 202
    assert placing(fetched(generator(scopes="altinn:serviceowner/instances.read"))) == 403


def test_a_generator_gives_platform_access_tokens() -> None:
    token = fetched(generator("GetPlatformAccessToken"))
    url = f"{shared().base}/orders/email"
    headers = {"PlatformAccessToken": token}
    assert shared().http.post(url, json=MINIMAL | LATER, headers=headers).status_code == 202


def test_the_parameters_join_those_of_the_url() -> None:
    source = generator()
    source["generator"]["url"] += "?org=tad&scopes=openid"
    del source["generator"]["parameters"]["org"]
    assert placing(fetched(source)) == 202


def test_a_wrong_password_is_told() -> None:
    source = generator()
    source["generator"]["password"] = "wrong password"
    error = refused(source)
    assert "GetEnterpriseToken answered 401" in error.what
    assert "password" in error.mend


def test_a_wrong_parameter_is_told() -> None:
    what = refused(generator(org="nav")).what
    assert 'answered 400 ({"org":"Parameter was supplied with an invalid value"})' in what


# From Maskinporten


def test_maskinporten_and_altinn_give_a_token_that_the_deployment_takes(
    endpoint: TokenEndpoint,
) -> None:
    assert placing(fetched({"maskinporten": endpoint.source})) == 202


def test_without_an_exchange_the_token_of_maskinporten_is_the_token(
    endpoint: TokenEndpoint,
) -> None:
    source = {name: value for name, value in endpoint.source.items() if name != "exchange"}
    token = fetched({"maskinporten": source})
    answer = shared().http.get(endpoint.exchange, headers={"Authorization": f"Bearer {token}"})
    assert placing(answer.json()) == 202


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, base64.encodebytes])
@pytest.mark.parametrize("padding", [" ", "=\n"])
def test_a_key_may_be_in_base64(endpoint: TokenEndpoint, encode: Any, padding: str) -> None:
    key = encode(json.dumps({**endpoint.key, "x": "?>~"}).encode()).decode().rstrip(padding)
    assert fetched({"maskinporten": endpoint.source | {"key": key}})


OTHER_KEY = RSAKey.generate_key(2048)


def other_key(**members: str) -> str:
    return json.dumps(OTHER_KEY.as_dict(private=True) | members)


REFUSALS = {
    "key": ({"key": other_key(kid="a-key")}, "invalid_grant)"),
    "kid": ({"key": other_key(kid="other")}, "invalid_grant: Unknown key"),
    "client": ({"client_id": "unknown"}, "invalid_grant: The client does not exist"),
    "scope": ({"scope": "altinn:other"}, "invalid_scope: Not a scope of the client: altinn:other"),
}


@pytest.mark.parametrize(("wrong", "told"), REFUSALS.values(), ids=REFUSALS)
def test_what_maskinporten_refuses_is_told(
    endpoint: TokenEndpoint, wrong: Source, told: str
) -> None:
    error = refused({"maskinporten": endpoint.source | wrong})
    assert f"{endpoint.issuer}token answered 400 ({told}" in error.what
    assert "client_id, key and scope" in error.mend


def test_an_issuer_of_another_spelling_is_told(endpoint: TokenEndpoint) -> None:
    error = refused({"maskinporten": endpoint.source | {"issuer": endpoint.issuer[:-1]}})
    assert "invalid_grant: Invalid claim: 'aud'" in error.what
    assert "issuer" in error.mend


def test_a_clock_that_is_late_is_told(endpoint: TokenEndpoint, clock: Ahead) -> None:
    clock.put_forward(-600)
    error = refused({"maskinporten": endpoint.source}, clock)
    assert "invalid_grant: " in error.what
    assert "clock" in error.mend


def test_an_exchange_that_refuses_is_told(endpoint: TokenEndpoint) -> None:
    with maskinporten(shared().announced["token_generator"]) as other:
        error = refused({"maskinporten": endpoint.source | {"exchange": other.exchange}})
    assert error.what.endswith("exchange/maskinporten answered 401")
    assert "environment" in error.mend


KEYS = {
    "nothing": ("", "no private RSA key"),
    "PEM": (OTHER_KEY.as_pem(private=True).decode(), "no private RSA key"),
    "elliptic": (json.dumps(ECKey.generate_key("P-256").as_dict(private=True)), "no private RSA"),
    "public": (json.dumps(OTHER_KEY.as_dict(private=False)), "no private RSA key"),
    "list": ('[{"kty": "RSA"}]', "no private RSA key"),
    "letters": ("bjørn", "no private RSA key"),
    "no kid": (other_key(kid=""), "no kid"),
    "broken": ('{"kty": "RSA", "n": "AQAB", "e": "AQAB", "d": "AQAB", "kid": "a"}', "RS256"),
    "incomplete": ('{"kty": "RSA", "d": "AQAB", "kid": "a"}', "RS256"),
    "encrypts": (other_key(kid="a", use="enc"), "RS256"),
}


@pytest.mark.parametrize(("key", "told"), KEYS.values(), ids=KEYS)
def test_a_key_that_cannot_sign_is_told_before_it_is_used(
    endpoint: TokenEndpoint, key: str, told: str
) -> None:
    with pytest.raises(OperatorError, match=told) as caught:
        tokens_of("bearer", {"maskinporten": endpoint.source | {"key": key}}, Clock())
    assert not key or key not in str(caught.value)


# Over HTTP


URLS = {
    "": "is no URL",
    "maskinporten": "is no URL",
    "ftp://127.0.0.1/": "is no URL",
    "http://[::1/x": "is no URL",
    "https://": "is no URL",
    "https://user:secret@example.com/": "has a password in it",
    "http://test.maskinporten.no/": "http would send secrets in clear to test.maskinporten.no",
    "http://127.0.0.1.example.com/": "in clear",
    "http://10.0.0.1/": "in clear",
}


@pytest.mark.parametrize(("url", "told"), URLS.items())
def test_a_url_that_secrets_must_not_go_to_is_told_before_they_do(
    endpoint: TokenEndpoint, url: str, told: str
) -> None:
    asked = at("https://example.com")["generator"] | {"url": url}
    for source, member in [
        ({"maskinporten": endpoint.source | {"issuer": url}}, "maskinporten.issuer"),
        ({"maskinporten": endpoint.source | {"exchange": url or "/"}}, "maskinporten.exchange"),
        ({"generator": asked}, "generator.url"),
    ]:
        with pytest.raises(OperatorError) as caught:
            tokens_of("bearer", source, Clock())
        assert caught.value.what.startswith(f"bearer.{member}")
        assert told in caught.value.what
        assert "secret@" not in str(caught.value)


ANSWERS = {
    "page": (http("200 OK", b"<html>Log in</html>"), "is no token", "URL"),
    "JSON": (http("200 OK", b'{"token":"a"}'), "is no token", "URL"),
    "empty": (http("200 OK"), "is no token", "URL"),
    "quote": (http("200 OK", b'"'), "is no token", "URL"),
    "moved": (http("302 Found", b"", "Location: https://example.com/"), "answered 302", "URL"),
    "missing": (http("404 Not Found", b"<p>", "Content-Type: text/html"), "answered 404", "URL"),
    "down": (http("503 Service Unavailable", b"soon"), "answered 503 (soon)", "again"),
    "limited": (http("429 Too Many Requests"), "answered 429", "again"),
    "garbage": (b"\0\r\n\r\n", "cannot be reached (RemoteProtocolError)", "network"),
    "closed": (b"", "cannot be reached (RemoteProtocolError)", "network"),
}


@pytest.mark.parametrize(("answer", "what", "mend"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_no_token_is_told(answer: bytes, what: str, mend: str) -> None:
    with answering(lambda *_: answer) as base:
        error = refused(at(base))
    assert f"{base}/token" in error.what
    assert error.what.endswith(what)
    assert mend in error.mend


GRANTS = [b"", b"{}", b"[]", b"no JSON", b'{"access_token": ""}', b'{"access_token": null}']


@pytest.mark.parametrize("body", GRANTS)
def test_an_answer_without_an_access_token_is_told(endpoint: TokenEndpoint, body: bytes) -> None:
    with answering(lambda *_: http("200 OK", body)) as base:
        error = refused({"maskinporten": endpoint.source | {"issuer": base}})
    assert error.what == f"bearer: what {base}/token answered is no token"


def test_what_a_refusal_repeats_of_a_secret_is_not_told(endpoint: TokenEndpoint) -> None:
    def repeat(_: int, request: bytes) -> bytes:
        sent = request.decode().split("assertion=")[-1].split("Basic ")[-1].split()[0]
        return http("400 Bad Request", f'pass word pass%20word "{sent}"'.encode())

    with answering(repeat) as base:
        assert refused(at(base)).what.endswith('answered 400 (*** *** "***")')
        told = refused({"maskinporten": endpoint.source | {"issuer": base}}).what
    assert told.endswith('answered 400 (pass word pass%20word "***")')


def test_nobody_listening_is_told() -> None:
    with answering(lambda *_: b"") as base:
        pass
    error = refused(at(base))
    assert f"{base}/token cannot be reached" in error.what
    assert "refused" in error.what


def test_silence_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "HTTP_SECONDS", 0.1)
    quiet = threading.Event()

    def silent(*_: Any) -> bytes:
        quiet.wait(5)
        return b""

    with answering(silent) as base:
        assert "cannot be reached (timed out)" in refused(at(base)).what
        quiet.set()


def test_a_proxy_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetched(generator())


class Hello(BaseHTTPRequestHandler):
    """Gives a token to anyone."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a.b.c")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "self")])
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now, day = datetime.now(UTC), timedelta(days=1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
    signed = builder.add_extension(host, critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path / "certificate.pem"
    file.write_bytes(signed.public_bytes(pem) + key.private_bytes(pem, *plain))
    return file


def test_a_certificate_is_verified(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HTTPServer(("127.0.0.1", 0), Hello) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        base = f"https://127.0.0.1:{server.server_port}"
        error = refused(at(base))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert fetched(at(base)) == "a.b.c"
        server.shutdown()
    assert "cannot be trusted" in error.what
    assert "SSL_CERT_FILE" in error.mend


# Fetched anew


class Counting:
    """Makes tokens that live for a while, and counts them; fails when told."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock, self.seconds = clock, seconds
        self.asked = 0
        self.fails = False

    def __call__(self) -> str:
        self.asked += 1
        if self.fails:
            raise OperatorError("no token today", "come back tomorrow")
        return expiring(self.clock.now(), self.seconds)


@pytest.mark.parametrize(("lifetime", "renewed"), [(1800, 1680), (60, 30), (10, 5)])
def test_a_token_is_kept_until_shortly_before_it_expires(
    clock: Ahead, lifetime: float, renewed: float
) -> None:
    fetch = Counting(clock, lifetime)
    tokens = Tokens(fetch, clock)
    first = tokens.current()
    clock.put_forward(renewed - 2)
    assert (tokens.current(), fetch.asked) == (first, 1)
    clock.put_forward(3)
    assert tokens.current() != first
    assert fetch.asked == 2


def test_a_renewed_token_is_another_that_the_deployment_takes(clock: Ahead) -> None:
    tokens = tokens_of("bearer", generator(ttl=60), clock)
    first = tokens.current()
    clock.put_forward(31)
    second = tokens.current()
    assert first != second
    assert (placing(first), placing(second)) == (202, 202)


def test_an_assertion_is_used_once(endpoint: TokenEndpoint, clock: Ahead) -> None:
    tokens = tokens_of("bearer", {"maskinporten": endpoint.source}, clock)
    first = tokens.current()
    tokens._renew()
    assert tokens.current() != first


def test_a_token_that_says_nothing_of_its_end_is_kept(clock: Ahead) -> None:
    tokens = tokens_of("bearer", command("import uuid; print(uuid.uuid4())"), clock)
    first = tokens.current()
    clock.put_forward(1e6)
    assert tokens.current() == first


def test_a_token_that_is_to_expire_is_not_renewed(clock: Ahead) -> None:
    tokens = tokens_of("expired_bearer", generator(ttl=1), clock)
    first = tokens.current()
    clock.put_forward(3600)
    assert tokens.current() == first


def test_a_valid_token_is_kept_when_there_is_no_other(clock: Ahead) -> None:
    fetch = Counting(clock, 600)
    tokens = Tokens(fetch, clock)
    first = tokens.current()
    fetch.fails = True
    clock.put_forward(500)
    assert (tokens.current(), tokens.current(), fetch.asked) == (first, first, 2)
    clock.put_forward(31)
    assert (tokens.current(), tokens.current(), fetch.asked) == (first, first, 3)
    clock.put_forward(70)
    for _ in range(2):  # a source that is down is not asked by every test
        with pytest.raises(OperatorError, match="come back tomorrow"):
            tokens.current()
    assert fetch.asked == 4
    fetch.fails = False
    clock.put_forward(31)
    assert tokens.current() != first


def test_a_command_that_prints_an_expired_token_is_not_asked_at_every_use(clock: Ahead) -> None:
    fetch = Counting(clock, -60)
    tokens = Tokens(fetch, clock)
    assert tokens.current() == tokens.current()
    assert fetch.asked == 1
    clock.put_forward(31)
    tokens.current()
    assert fetch.asked == 2


def test_a_copy_has_the_token_and_fetches_the_next_by_itself(endpoint: TokenEndpoint) -> None:
    for source in ("a.b.c", command("print(1)"), generator(), {"maskinporten": endpoint.source}):
        tokens = tokens_of("bearer", source, Clock())
        token = tokens.current()
        copy = pickle.loads(pickle.dumps(tokens))  # noqa: S301 (just written)
        assert copy.current() == token
        copy._renew()
        assert expiry(copy.current()) is None or copy.current() != token


def test_a_source_of_another_kind_is_told() -> None:
    assert "has no source of a token" in refused({"oracle": {}}).what


def test_no_secret_is_shown(endpoint: TokenEndpoint) -> None:
    for source in (generator(), {"maskinporten": endpoint.source}):
        tokens = tokens_of("bearer", source, Clock())
        shown = repr(tokens) + repr(tokens._fetch)
        assert [secret for secret in secrets(source) if secret in shown] == []
