"""The preflight: what it tells of a target, in a line with its mend, and what stops a run."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from conformance import preflight
from conformance.clock import Clock
from conformance.coordinator import Coordinator
from conformance.errors import OperatorError
from conformance.preflight import Preflight
from conformance.reporting.model import Check
from conformance.selftest.deployments import Answer, answering, http
from conformance.selftest.reference_server import UNKNOWN_ID, shared
from conformance.target.credentials import SCOPE, Credential, bearer, platform
from conformance.target.description import Callback, Identity, Mailbox, Target
from conformance.target.embedded import target_of
from conformance.target.permits import Budget, Permission, Permits
from conformance.target.tokens import tokens_of

SECRET = "a-secret-token"
RECEIPT = json.dumps({"orderId": UNKNOWN_ID}).encode()


def whole() -> Target:
    """The shared reference as a target, with all that it provides."""
    return target_of(shared().announced)


def reference(**provided: Any) -> Target:
    """The shared reference as a target that provides the main credential, and no more than told."""
    known = whole()
    only = Target(known.name, known.url, credentials={"bearer": known.credentials["bearer"]})
    return replace(only, **provided)


def bare(url: str, token: str = SECRET) -> Target:
    return Target("tiny", url, credentials={"bearer": bearer(token, "$MY_TOKEN")})


def with_credential(name: str, credential: Credential) -> Target:
    return reference(credentials={**reference().credentials, name: credential})


def expiring(seconds: float, **claims: Any) -> str:
    end = int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())
    return jwt.encode({"alg": "HS256"}, {"exp": end, **claims}, OctKey.import_key("a" * 32))


def fetched(name: str, code: str) -> Credential:
    source = {"command": [sys.executable, "-c", code]}
    return bearer(tokens_of(name, source, Clock()), f"${name.upper()}")


def checked(target: Target, permission: Permission | None = None) -> dict[str, Check]:
    """Each check by its subject; no secret is in any."""
    condition = permission.condition if isinstance(permission, Coordinator) else None
    found = list(Preflight(target, Clock(), 1, permission or Permits(), condition).checks())
    for each in found:
        text = f"{each.subject}: {each.told}: {each.mend}"
        assert "\n" not in text
        assert not [secret for secret in (*target.secrets(), SECRET) if secret in text]
    return {each.subject: each for each in found}


def problems(target: Target, permission: Permission | None = None) -> dict[str, Check]:
    return {name: each for name, each in checked(target, permission).items() if each.mend}


def stopped(target: Target, permission: Permission | None = None) -> OperatorError:
    with pytest.raises(OperatorError) as error:
        checked(target, permission)
    assert "\n" not in str(error.value)
    assert not [secret for secret in (*target.secrets(), SECRET) if secret in str(error.value)]
    return error.value


def test_a_target_that_is_in_order_has_no_problem() -> None:
    found = checked(whole())
    assert [each for each in found.values() if each.mend] == []
    assert {"order", "clock", "order read back", "identities", "mailbox", "callback"} <= set(found)
    assert "SMS order" in found
    assert {f"credential {name}" for name in whole().credentials} <= set(found)


def test_the_exchanges_of_the_checks_are_kept() -> None:
    tried = Preflight(reference(sms_order=whole().sms_order), Clock(), 1, Permits())
    list(tried.checks())
    asked = [(each.request.method, each.response.status) for each in tried.exchanges]
    assert asked == [("POST", 202), ("GET", 200), ("GET", 200)]


# What is told, and stops nothing

FLAWED = {
    "expired": ("bearer_without_scope", -60, {}, "has expired", "set MINE to one that is"),
    "short-lived": ("bearer_without_scope", 60, {}, "expires at", "lives longer"),
    "not expired": ("expired_bearer", 90, {}, "not been expired for the 600 s", "set MINE"),
    "no end": ("expired_platform_access_token", 90, {}, "not been expired", "set MINE"),
    "has the scope": ("bearer_without_scope", 600, {"scope": SCOPE}, SCOPE, "set MINE"),
    "similar scope": ("bearer_with_similar_scope", 600, {"scope": SCOPE}, SCOPE, "set MINE"),
    "not valid": ("second_organisation_bearer", 600, {}, "answered 401", "valid here"),
}


@pytest.mark.parametrize(("name", "seconds", "claims", "told", "mend"), FLAWED.values(), ids=FLAWED)
def test_a_credential_that_is_not_as_it_says_is_told(
    name: str, seconds: float, claims: dict[str, str], told: str, mend: str
) -> None:
    token = expiring(seconds, **claims)
    found = problems(with_credential(name, bearer(token, "$MINE")))
    assert list(found) == [f"credential {name}"]
    assert told in found[f"credential {name}"].told
    assert mend in found[f"credential {name}"].mend


def test_a_second_organisation_that_is_the_first_is_told() -> None:
    name, first = "second_organisation_bearer", reference().credentials["bearer"]
    told = problems(with_credential(name, bearer(first.token, "$MINE")))[f"credential {name}"]
    assert told.told == "an order of Bearer $CONFORMANCE_BEARER_TOKEN was answered 200 to it"
    assert told.mend == "set MINE to one of another organisation that is valid here"


@pytest.mark.parametrize(
    "token", [lambda: "nonsense", lambda: expiring(600)], ids=["opaque", "jwt"]
)
def test_a_platform_token_that_is_refused_is_told(token: Callable[[], str]) -> None:
    name = "platform_access_token"
    told = problems(with_credential(name, platform(token(), "$MINE")))[f"credential {name}"]
    assert "answered 401" in told.told or "answered 403" in told.told
    assert told.mend == "set MINE to one of the same organisation that is valid here"


def test_a_source_of_tokens_that_fails_is_told() -> None:
    name = "expired_bearer"
    failing = fetched(name, f"import sys; print('{SECRET}'); sys.exit('no more tokens')")
    told = problems(with_credential(name, failing))[f"credential {name}"]
    assert told.told == f"{sys.executable} ended with exit code 1 (no more tokens)"
    assert "run it by itself" in told.mend


def test_a_source_of_unfit_tokens_is_told_where_it_is() -> None:
    name = "bearer_without_scope"
    token = expiring(600, scope=SCOPE)
    told = problems(with_credential(name, fetched(name, f"print('{token}')")))
    assert told[f"credential {name}"].mend.startswith("let its source in the target file give")


def test_a_token_that_is_renewed_may_be_short_lived() -> None:
    renewed = fetched("bearer_without_scope", f"print('{expiring(60)}')")
    assert problems(with_credential("bearer_without_scope", renewed)) == {}


def test_a_token_that_expires_while_the_run_waits_for_it_is_no_problem() -> None:
    target = with_credential("expired_bearer", bearer(expiring(30), "$MINE"))
    assert problems(replace(target, token_leeway_seconds=0)) == {}


@pytest.mark.parametrize(("hours", "word"), [(2, "ahead of"), (-2, "behind")])
def test_a_clock_that_is_wrong_is_told(hours: int, word: str) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
    with answering(accepting(http("200 OK"), f"Date: {date}")) as base:
        told = problems(bare(base))["clock"]
    assert f"s {word} this machine's" in told.told
    assert 7100 < int(told.told.partition(" s ")[0].rpartition(" ")[2]) < 7300
    assert "set the clock" in told.mend


@pytest.mark.parametrize("headers", [(), ("Date: yesterday",), ("Date: ",)])
def test_a_deployment_that_does_not_tell_its_time_has_no_problem(headers: tuple[str, ...]) -> None:
    with answering(accepting(http("200 OK"), *headers)) as base:
        told = checked(bare(base))["clock"]
    assert (told.told[-16:], told.mend) == ("(no header Date)", "")


MISSTATED = {
    "reserved": ("reserved_people", "01828531200", "is not reserved"),
    "contactless": ("contactless_people", "11876995923", "is not contactless"),
    "reachable": ("reachable_people", "23839945116", "is not reachable"),
}


@pytest.mark.parametrize(("kind", "number", "told"), MISSTATED.values(), ids=MISSTATED)
def test_identities_that_are_not_as_stated_are_told(kind: str, number: str, told: str) -> None:
    stated = {kind: (Identity("nationalIdentityNumber", number),)}
    found = problems(reference(identities=stated))
    assert found["identities"].told == f"the lookup says {number} {told}"
    assert "target file" in found["identities"].mend


def test_an_sms_order_that_is_not_there_is_told() -> None:
    found = problems(reference(sms_order=UNKNOWN_ID))
    assert (found["SMS order"].told, found["SMS order"].mend[:8]) == ("answered 404", "name one")


MAILBOXES = {
    "another site": (http("200 OK", b"<html>"), "is no Mailpit"),
    "another API": (http("200 OK", b"{}"), "is no Mailpit"),
    "down": (http("503 Service Unavailable"), "answered 503"),
    "broken": (b"", "cannot be read (no answer"),
}


@pytest.mark.parametrize(("answer", "told"), MAILBOXES.values(), ids=MAILBOXES)
def test_a_mailbox_that_is_none_is_told(answer: bytes, told: str) -> None:
    with answering(lambda *_: answer) as base:
        found = problems(reference(mailbox=Mailbox(base)))
    assert told in found["mailbox"].told
    assert "[mailbox]" in found["mailbox"].mend


@pytest.mark.parametrize("url", ["http://{}", "imap://{}", "http://127.0.0.1:99999"])
def test_a_mailbox_that_cannot_be_reached_is_told(url: str) -> None:
    mailbox = Mailbox(url.format(nobody()), user="me", password=SECRET)
    found = problems(reference(mailbox=mailbox))
    assert list(found) == ["mailbox"]


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = Callback(f"127.0.0.1:{other.getsockname()[1]}")
        found = problems(reference(callback=taken))
    assert taken.listen in found["callback"].told
    assert "[callback]" in found["callback"].mend


def test_the_port_of_the_callback_is_not_in_use_by_the_run_itself() -> None:
    target = reference(callback=Callback(nobody()))
    coordinator = Coordinator(target, Clock(), 1)
    assert problems(target, coordinator) == {}
    coordinator.close()


def accepting(other: bytes, *headers: str) -> Answer:
    """Accept orders; give another answer to whatever else is asked."""
    receipt = http("202 Accepted", RECEIPT, *headers)
    return lambda _, request: receipt if request.startswith(b"POST") else other


READINGS = {
    "404": (http("404 Not Found"), "answered 404"),
    "500": (http("500 Internal Server Error"), "answered 500"),
    "crash": (b"", "no answer ("),
    "garbage": (b"\x00\r\n\r\n", "no answer ("),
    "limited": (http("429 Too Many Requests"), "the rate limit (429) did not pass"),
}


@pytest.mark.parametrize(("answer", "told"), READINGS.values(), ids=READINGS)
def test_an_order_that_cannot_be_read_back_is_told(
    answer: bytes, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "PATIENCE", 0.1)
    with answering(accepting(answer)) as base:
        found = problems(bare(base))
    assert list(found) == ["order read back"]
    assert told in found["order read back"].told
    assert found["order read back"].mend


def test_a_reading_that_hangs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "SECONDS", 0.2)

    def slow(_: int, request: bytes) -> bytes:
        Clock().sleep(0 if request.startswith(b"POST") else 0.5)
        return http("202 Accepted", RECEIPT)

    with answering(slow) as base:
        assert problems(bare(base))["order read back"].told == "no answer in time"


def test_orders_to_identities_that_crash_are_told() -> None:
    identities = {"reserved_people": (Identity("nationalIdentityNumber", "11876995923"),)}
    answers = [http("202 Accepted", RECEIPT), http("200 OK")]
    with answering(lambda n, _: answers[n - 1] if n < 3 else b"") as base:
        found = problems(replace(bare(base), identities=identities))
    assert list(found) == ["identities"]
    assert found["identities"].told.startswith("no answer (")


def test_identities_without_a_lookup_are_told() -> None:
    identities = {"reserved_people": (Identity("nationalIdentityNumber", "11876995923"),)}
    with answering(lambda *_: http("200 OK", RECEIPT)) as base:
        found = problems(replace(bare(base), identities=identities))
    assert found["identities"].told == "answered 200 without a lookup"


def test_a_budget_that_ends_during_the_checks_is_told() -> None:
    token = shared().announced["credentials"]["bearer"]
    found = problems(bare(shared().base, token), Permits(Budget(requests=1)))
    assert found["order read back"].told == "the budget of 1 requests is used up"
    assert "[budget]" in found["order read back"].mend


# What stops a run


def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as once:
        return f"127.0.0.1:{once.getsockname()[1]}"


def test_nobody_listening_stops_a_run() -> None:
    error = stopped(bare(f"http://{(address := nobody())}/x"))
    assert error.what == f"nobody listens at {address}"
    assert "start the deployment" in error.mend


@pytest.mark.parametrize("words", ["429", "ssl/certificate", "getaddrinfo", "resolution"])
def test_the_words_of_a_url_are_not_what_is_wrong(words: str) -> None:
    assert stopped(bare(f"http://{nobody()}/{words}")).what.startswith("nobody listens at")


def test_an_unknown_host_stops_a_run() -> None:
    error = stopped(bare("http://nowhere.invalid/x"))
    assert error.what == "the host of http://nowhere.invalid/x cannot be found"
    assert "DNS" in error.mend


def test_a_port_that_is_none_stops_a_run() -> None:
    error = stopped(bare("http://127.0.0.1:99999/x"))
    assert "99999" in error.what
    assert "mend the URL" in error.mend


def test_plain_http_asked_by_https_stops_a_run() -> None:
    error = stopped(bare(shared().base.replace("http:", "https:")))
    assert error.what.startswith(f"no TLS connection to {urlsplit(shared().base).netloc} (")
    assert "the scheme of the URL" in error.mend


STOPPING: Mapping[str, tuple[Answer, str, str]] = {
    "401": (lambda *_: http("401 Unauthorized"), "was refused with 401", "set MY_TOKEN to a token"),
    "403": (lambda *_: http("403 Forbidden"), "was refused with 403", "with the scope"),
    "500": (lambda *_: http("500 Internal Server Error"), "answers 500 to a valid", "log"),
    "503": (lambda *_: http("503 Service Unavailable"), "answers 503 to a valid", "log"),
    "html": (
        lambda *_: http("200 OK", b"<html>", "Content-Type: text/html; charset=utf-8"),
        "is not this API: an order was answered 200 (text/html)",
        "before /orders",
    ),
    "html 404": (
        lambda *_: http("404 Not Found", b"<html>", "Content-Type: text/html"),
        "is not this API: an order was answered 404 (text/html)",
        "before /orders",
    ),
    "json 404": (
        lambda *_: http("404 Not Found", b'{"statusCode": 404}', "Content-Type: application/json"),
        "is not this API: an order was answered 404 (application/json)",
        "before /orders",
    ),
    "400 without sense": (
        lambda *_: http("400 Bad Request", b"[]"),
        "is not this API: an order was answered 400 (no Content-Type)",
        "before /orders",
    ),
    "log in": (
        lambda *_: http("302 Found", b"", "Location: https://login.example.com"),
        'an order with 302, a redirection to "https://login.example.com"',
        "where the API itself answers",
    ),
    "limited": (lambda *_: http("429 Too Many Requests"), "answers 429", "Retry-After"),
    "closed": (lambda *_: b"", "gave no answer (Server disconnected", "is up"),
    "garbage": (lambda *_: b"\x16\x03\x01 no\r\n\r\n", "gave no answer (", "is up"),
}


@pytest.mark.parametrize(("answer", "what", "mend"), STOPPING.values(), ids=STOPPING)
def test_what_is_not_the_implementations_doing_stops_a_run(
    answer: Answer, what: str, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "PATIENCE", 0.1)
    with answering(answer) as base:
        error = stopped(bare(base))
    assert what in error.what
    assert mend in error.mend


def test_a_deployment_that_hangs_stops_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "SECONDS", 0.2)

    def silent(*_: Any) -> bytes:
        Clock().sleep(0.5)
        return b""

    with answering(silent) as base:
        assert stopped(bare(base)).what == f"{base} gave no answer in time to an order"


REFUSED: Mapping[str, tuple[Callable[[], Credential], str, str]] = {
    "expired": (lambda: bearer(expiring(-60), "$MINE"), "$MINE expired at", "set MINE to a new"),
    "foreign": (lambda: bearer(expiring(600), "$MINE"), "with 401", "set MINE to a token of this"),
    "source": (
        lambda: fetched("bearer", f"print('{expiring(-60)}')"),
        "$BEARER expired at",
        "let its source in the target file give a new one",
    ),
    "no source": (
        lambda: fetched("bearer", "import sys; sys.exit('not today')"),
        "(not today)",
        "mend the command",
    ),
}


@pytest.mark.parametrize(("credential", "what", "mend"), REFUSED.values(), ids=REFUSED)
def test_a_main_credential_that_is_refused_stops_a_run(
    credential: Callable[[], Credential], what: str, mend: str
) -> None:
    error = stopped(reference(credentials={"bearer": credential()}))
    assert what in error.what
    assert mend in error.mend


def test_a_platform_token_needs_no_scope() -> None:
    with answering(lambda *_: http("403 Forbidden")) as base:
        only = {"platform_access_token": platform(SECRET, "$MINE")}
        error = stopped(replace(bare(base), credentials=only))
    assert error.what.startswith("PlatformAccessToken was refused with 403")
    assert error.mend == "set MINE to a token that is valid here"


def test_a_budget_without_an_order_stops_a_run() -> None:
    error = stopped(reference(), Permits(Budget(orders=0)))
    assert (error.what, "[budget]" in error.mend) == ("the budget of 0 orders is used up", True)


def test_an_order_that_this_api_refuses_stops_nothing() -> None:
    problem = b'{"status": 400, "errors": {"Body": ["No."]}}'
    with answering(lambda *_: http("400 Bad Request", problem)) as base:
        assert "order" in checked(bare(base))
