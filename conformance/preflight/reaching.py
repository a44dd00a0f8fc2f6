"""The first order: that it gets through shows that this is the API, and the credential good.

An order that is refused by this very API with a valid credential is a finding of the tests, with
evidence, and no reason to stop.
"""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from conformance.api import Api
from conformance.clock import Clock
from conformance.errors import Blocked, OperatorError
from conformance.exchange import ABSENT, Exchange, shown
from conformance.finding import Nonconformance
from conformance.target.client import Unreachable
from conformance.target.credentials import Credential, claims, expiry
from conformance.target.description import Target

NOT_THIS_API = "name the part before /orders, such as https://host/notifications/api/v1"
PROBLEM_MEMBERS = {"type", "title", "status", "detail", "errors", "traceId"}


def place_order(api: Api, target: Target, clock: Clock) -> Exchange:
    """Place one order and return the exchange, whether it was accepted or refused by this API.

    Raises:
        OperatorError: when it does not get through, with the one cause and its mend.
    """
    try:
        exchange = api.order_email()
    except Unreachable as error:
        raise _unreachable(target, str(error)) from None
    except Blocked as error:
        raise OperatorError(error.reason, "allow more in [budget]; see `plan`") from None
    except Nonconformance as error:
        raise OperatorError(
            f"{target.url} gave {error.finding.actual} to an order",
            "make sure that the deployment is up, and that the URL is its own",
        ) from None
    _judge(target, exchange, clock.now())
    return exchange


def _judge(target: Target, exchange: Exchange, now: datetime) -> None:
    answer = exchange.response
    if answer.status == 401:
        raise _refused(target, now)
    if answer.status == 403:
        scoped = "with the scope altinn:serviceowner/notifications.create"
        kind = scoped if target.main.scheme else "that is valid here"
        raise OperatorError(
            f"{target.main.name} was refused with 403 at {target.url}",
            f"{setting(target.main)} a token {kind}",
        )
    place = answer.header("location")
    if 300 <= answer.status < 400 and place:
        raise OperatorError(
            f"{target.url} answers an order with {answer.status}, a redirection to"
            f" {shown(place.partition('?')[0])}",
            "name the URL where the API itself answers, and a token that it needs no login for",
        )
    if answer.status >= 500 and answer.status != 501:
        raise OperatorError(
            f"{target.url} answers {answer.status} to a valid order",
            "look at the deployment's log and run again when it is up",
        )
    if not _is_this_api(exchange):
        told = answer.media_type or "no Content-Type"
        raise OperatorError(
            f"{target.url} is not this API: an order was answered {answer.status} ({told})",
            NOT_THIS_API,
        )


def _is_this_api(exchange: Exchange) -> bool:
    answer = exchange.response
    if 200 <= answer.status < 300:
        return answer.status == 202 or answer.member("orderId") is not ABSENT
    return (
        answer.status == 400
        and isinstance(answer.json, dict)
        and bool(PROBLEM_MEMBERS & set(answer.json))
    )


def _refused(target: Target, now: datetime) -> OperatorError:
    expires = expiry(target.main.token)
    if expires and expires < now:
        return OperatorError(
            f"the token of {target.main.shown} expired at {expires:%Y-%m-%d %H:%M:%S} UTC",
            f"{setting(target.main)} a new one",
        )
    kind = "of this deployment's authority" if claims(target.main.token) else "that is valid"
    return OperatorError(
        f"{target.main.name} was refused with 401 at {target.url}",
        f"{setting(target.main)} a token {kind}",
    )


def setting(credential: Credential) -> str:
    """Return the beginning of a mend: where the operator keeps a token, or gets it from."""
    if isinstance(credential.source, str):
        return f"set {credential.shown.removeprefix(credential.scheme).lstrip('$')} to"
    return "let its source in the target file give"


def _unreachable(target: Target, told: str) -> OperatorError:
    host = urlsplit(target.url).netloc
    lowered = told.partition(target.url)[2].lower()  # the host's name says nothing of its answer
    if (
        "name or service not known" in lowered
        or "getaddrinfo" in lowered
        or "resolution" in lowered
    ):
        return OperatorError(
            f"the host of {target.url} cannot be found", "mend the URL, or the DNS"
        )
    if "certificate" in lowered or "ssl" in lowered:
        why = re.search(r"\[[^]]*\] ([^(]+)", told)
        return OperatorError(
            f"no TLS connection to {host} ({why.group(1).strip(' )') if why else told})",
            "mend the certificate, the scheme of the URL, or set SSL_CERT_FILE",
        )
    if "429" in lowered:
        return OperatorError(
            f"{host} answers 429: the rate limit does not let an order through",
            "wait for as long as its Retry-After says, and run again",
        )
    if "refused" in lowered:
        return OperatorError(f"nobody listens at {host}", "start the deployment, or mend the URL")
    return OperatorError(f"{target.url} cannot be reached ({told})", "mend the URL or the network")
