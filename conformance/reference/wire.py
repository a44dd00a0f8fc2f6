"""What crosses the wire, seen from the rules: a call, and the answer to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Value = Any
"""A value in JSON. A deviation may put there what the documents rule out."""
Json = dict[str, Value]
Headers = dict[str, str]


class Operation(StrEnum):
    """What a caller may ask for."""

    ORDER_EMAIL = "order-email"
    ORDER_SMS = "order-sms"
    READ_ORDER = "read-order"
    READ_STATUS = "read-status"
    READ_EMAILS = "read-emails"
    CANCEL_ORDER = "cancel-order"
    UNKNOWN = "unknown"
    """No such path, or a method that the path does not have."""


@dataclass(frozen=True)
class Call:
    """One request."""

    operation: Operation
    method: str
    path: str
    headers: Mapping[str, str]
    """Names in any case."""
    order_id: str = ""
    """The ``{id}`` of the path, as it was spelled."""
    body: bytes = b""
    query: str = ""

    @property
    def places_order(self) -> bool:
        """Whether this is a POST, with an order in its body."""
        return self.operation in (Operation.ORDER_EMAIL, Operation.ORDER_SMS)


@dataclass
class Answer:
    """One response."""

    status: int
    headers: Headers = field(default_factory=dict)
    body: bytes = b""

    @property
    def content(self) -> Value:
        """The body as JSON."""
        return json.loads(self.body)

    @content.setter
    def content(self, value: Value) -> None:
        self.body = json.dumps(value, ensure_ascii=False).encode()


class RefusalError(Exception):
    """The call ends here, with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer
