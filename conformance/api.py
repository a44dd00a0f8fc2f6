"""The API as a test speaks to it: place an order, read it back, follow its notifications.

Methods that begin with ``given`` arrange: what they need must work before the test can ask its own
question, and where it does not the test is Blocked, which accuses no one of the test's requirement.
All other methods act: they return the exchange, whatever was answered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from conformance import contract
from conformance.checks.answers import DETAILS, NOTIFICATIONS, PLACE
from conformance.checks.values import instant_of, is_guid
from conformance.errors import Blocked
from conformance.exchange import Exchange, Request
from conformance.finding import Finding, Nonconformance
from conformance.orders import KNOWN_RESOURCE, Orders
from conformance.target.client import Client
from conformance.target.credentials import Credential
from conformance.trace import Trace

JSON = ("Content-Type", "application/json")
FOUND = {DETAILS: "details.status-200", NOTIFICATIONS: "summary.status-200"}
ACCEPTED = "order.contract-accepted"
ANSWERED = "http.documented-status"
CLOCKS_DIFFER = timedelta(minutes=2)
"""How far the clock of a deployment may be ahead of this machine's."""


@dataclass(frozen=True)
class Placed:
    """An accepted order: its id, what was sent, and the exchange that placed it."""

    id: str
    order: dict[str, Any]
    receipt: Exchange

    def called(self, id: str) -> Placed:
        """Return what this would be if its id were another one."""
        return replace(self, id=id)


class Api:
    """One deployment, asked with one credential."""

    def __init__(
        self, client: Client, base: str, credential: Credential, orders: Orders, trace: Trace
    ) -> None:
        self._client = client
        self._base = base
        self._credential = credential
        self._trace = trace
        self.build = orders

    def asking_with(self, credential: Credential) -> Api:
        """Return the same API, asked with another credential."""
        return Api(self._client, self._base, credential, self.build, self._trace)

    def order_email(self, **members: Any) -> Exchange:
        """Place a valid order, changed by ``members`` (see :meth:`Orders.order`)."""
        return self.place(self.build.order(**members))

    def place(self, order: Any) -> Exchange:
        """Place an order that is any JSON value."""
        body = json.dumps(order, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return self.place_raw(body)

    def place_raw(self, body: bytes | None, media_type: str | None = JSON[1]) -> Exchange:
        """Place an order whose body is any bytes, with any media type."""
        headers = (("Content-Type", media_type),) if media_type else ()
        standard = PLACE if media_type == JSON[1] else ""
        return self.send(Request("POST", f"{self._base}/orders/email", headers, body), standard)

    def get_order(self, id: str) -> Exchange:
        """Ask for the details of an order."""
        return self.send(Request("GET", f"{self._base}/orders/{id}"), DETAILS)

    def get_sms_order(self, id: str) -> Exchange:
        """Ask for the details of an SMS order, to which the checks of email orders do not apply."""
        return self.send(Request("GET", f"{self._base}/orders/{id}"))

    def get_notifications(self, id: str) -> Exchange:
        """Ask for the email notifications of an order."""
        url = f"{self._base}/orders/{id}/notifications/email"
        return self.send(Request("GET", url), NOTIFICATIONS)

    def follow(self, link: str) -> Exchange:
        """Follow a link of the deployment.

        The host of links comes from a deployment's configuration and may differ from the one it
        is tested at. Credentials go to the tested host only: a link to another is followed by the
        part of its path that begins with /orders/.
        """
        own = urlsplit(self._base)
        try:
            other = urlsplit(link)
        except ValueError:
            raise Blocked(f"a link of the deployment is no URL: {link[:80]!r}") from None
        if (own.scheme, own.netloc) != (other.scheme, other.netloc):
            link = f"{self._base}/orders/{other.path.rpartition('/orders/')[2]}"
        return self.send(Request("GET", link))

    def send(self, request: Request, operation: str = "") -> Exchange:
        """Send any request with this API's credential."""
        traced = replace(request, headers=(*request.headers, self._trace.header()))
        return self._client.send(traced, self._credential, operation)

    def given_receipt(self, **members: Any) -> Exchange:
        """Place a valid order and return the exchange; Blocked when it is not accepted."""
        with arranging():
            return control(self.order_email(**members))

    def given_lookup(self, **members: Any) -> Exchange:
        """Place an order that needs a lookup; Blocked unless the receipt holds one."""
        receipt = self.given_receipt(**members)
        if not isinstance(receipt.response.member("recipientLookup"), dict):
            raise Blocked("an order that needs a lookup was answered without recipientLookup")
        return receipt

    def given_refusal(self, *statuses: int, **flaw: Any) -> Exchange:
        """Place an order with a flaw; Blocked unless it is refused, with 400 if nothing is said."""
        return self.given_refusal_of(self.build.order(**flaw), *statuses)

    def given_refusal_of(self, order: Any, *statuses: int) -> Exchange:
        """Place what is to be refused, as it is; Blocked unless it is."""
        with arranging():
            refusal = self.place(order)
        status, wanted = refusal.response.status, statuses or (400,)
        if status not in wanted:
            told = " or ".join(map(str, wanted))
            raise Blocked(f"a flawed order was answered {status}, not {told}", disputes_status=True)
        return refusal

    def given_order(self, **members: Any) -> Placed:
        """Place a valid order; Blocked when it is not accepted or gets no orderId."""
        order = self.build.order(**members)
        with arranging():
            receipt = control(self.place(order))
        id = receipt.response.member("orderId")
        if not is_guid(id):
            raise Blocked("a valid order was accepted without an orderId that is a GUID")
        return Placed(id, order, receipt)

    def given_details(self, placed: Placed) -> Exchange:
        """Read the details of a placed order; Blocked unless they are a JSON object."""
        with arranging():
            return given_object(self.get_order(placed.id), "the details of an accepted order")

    def given_notifications(self, placed: Placed) -> Exchange:
        """Read the email notifications of a placed order; Blocked unless they are an object."""
        with arranging():
            return given_object(self.get_notifications(placed.id), "the notifications of an order")


@contextmanager
def arranging() -> Iterator[None]:
    """Tie an answer that did not come to its own requirement, not to the one that is judged."""
    try:
        yield
    except Nonconformance as error:
        raise Nonconformance(error.finding.of(ANSWERED)) from None


def control(exchange: Exchange) -> Exchange:
    """Return an exchange that must have succeeded; Blocked when it has not.

    A refusal counts only as one of a pair: the same request without its one flaw comes first, and
    this shows that it is accepted.
    """
    status = exchange.response.status
    if 200 <= status < 300:
        return exchange
    if status == 400 and exchange.operation == PLACE and _is_surely_valid(exchange):
        told = exchange.response.body[:300].decode("utf-8", "replace")
        actual = f"status 400 with {told}"
        raise Nonconformance(
            Finding("a valid order to be accepted (202)", actual, exchange, ACCEPTED, True)
        )
    if exchange.operation == PLACE and _may_blame_endpoint(exchange):
        endpoint = exchange.request.json["conditionEndpoint"]
        told = f"an order with the conditionEndpoint {endpoint} was answered {status}"
        raise Blocked(
            f"{told}: let public_url of the target's callback have a name", "configuration"
        )
    cause = "configuration" if status in (401, 403) else "implementation"
    raise Blocked(f"{_asked(exchange)} without any flaw was answered {status}", cause)


def _asked(exchange: Exchange) -> str:
    """Return what was asked for, in the same words for every order."""
    known = contract.load().operations.get(exchange.operation)
    path = known.path if known else urlsplit(exchange.request.url).path
    return f"{exchange.request.method} {path}"


def _is_surely_valid(exchange: Exchange) -> bool:
    """Tell whether an order has to be accepted.

    The documents do not say whether a send time may lie in the past, and clocks differ; nor
    whether a condition endpoint may be on a host without a dotted name, or a resource be unknown.
    """
    order = exchange.request.json
    if contract.load().request_violations(PLACE, order) or not _has_usual_endpoint(order):
        return False
    if order.get("resourceId") not in (None, KNOWN_RESOURCE):
        return False
    due = instant_of(order.get("requestedSendTime"))
    return due is None or due > exchange.started + CLOCKS_DIFFER


def _may_blame_endpoint(exchange: Exchange) -> bool:
    """Tell whether an order may have been refused for a conditionEndpoint on this machine."""
    order, errors = exchange.request.json, exchange.response.member("errors")
    if _has_usual_endpoint(order):
        return False
    named = " ".join(errors).lower() if isinstance(errors, dict) else ""
    others = {member.lower() for member in order} - {"conditionendpoint"}
    return "conditionendpoint" in named or not any(member in named for member in others)


def _has_usual_endpoint(order: Any) -> bool:
    endpoint = order.get("conditionEndpoint") if isinstance(order, dict) else None
    if not isinstance(endpoint, str):
        return True
    host = urlsplit(endpoint).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return "." in host
    return False


def given_not_found(exchange: Exchange) -> Exchange:
    """Return an exchange that must be a 404; Blocked when it is not."""
    if exchange.response.status != 404:
        status = exchange.response.status
        raise Blocked(f"an unknown order was answered {status}, not 404", disputes_status=True)
    return exchange


def given_object(exchange: Exchange, what: str) -> Exchange:
    """Return an exchange that must be a 200 with a JSON object; Blocked when it is not.

    That an accepted order is not found at all is no matter of the test's requirement, and is told.
    """
    if exchange.response.status == 404 and exchange.operation in FOUND:
        expected, requirement = "the accepted order to be found (200)", FOUND[exchange.operation]
        raise Nonconformance(Finding(expected, "status 404", exchange, requirement, True))
    answered = control(exchange).response
    if answered.status != 200 or not isinstance(answered.json, dict):
        raise Blocked(f"{what} were answered {answered.status} without a JSON object")
    return exchange
