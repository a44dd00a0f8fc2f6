"""Flaws, any one of which makes a valid order one that has to be refused.

Send email notifications, Required and Optional order request properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.checks.details import IDENTIFIERS
from conformance.exchange import shown
from conformance.orders import KNOWN_RESOURCE, OMIT


@dataclass(frozen=True)
class Flaw:
    """A wrong value of a member.

    Attributes:
        member: of the order.
        value: that it has instead of a valid one.
        among: whether it stands among the recipients.
    """

    member: str
    value: Any
    among: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """By which a refusal may name it: a recipient also by what the documents give it."""
        return (self.member, *IDENTIFIERS) if self.among else (self.member,)

    @property
    def told(self) -> str:
        """What is wrong, in words."""
        if self.value is OMIT:
            return f"{self.member} is missing"
        return f"{'one of ' if self.among else ''}{self.member} is {shown(self.value)}"

    def planted(self, order: Mapping[str, Any], position: int = 0) -> dict[str, Any]:
        """Return an order with this flaw; ``position`` says where among the recipients."""
        if self.among:
            recipients = list(order["recipients"])
            recipients.insert(position % (len(recipients) + 1), self.value)
            return {**order, "recipients": recipients}
        changed = {**order, self.member: self.value}
        return {name: value for name, value in changed.items() if value is not OMIT}


NO_TEXTS = (17, 1.5, True, ["text"], {"text": "text"})
_VALUES: Mapping[str, tuple[Any, ...]] = {
    "subject": (OMIT, None, "", *NO_TEXTS),
    "body": (OMIT, None, *NO_TEXTS),
    "recipients": (OMIT, None, [], "text", 17, {"emailAddress": "conformance@example.com"}),
    "contentType": ("Markdown", "PlainText", "Htm", True, ["Plain"], {}),
    "requestedSendTime": ("tomorrow", "2099-13-01T12:00:00Z", "2099-01-01T25:00:00Z", True, {}),
    "sendersReference": NO_TEXTS,
    "resourceId": (17, True, [KNOWN_RESOURCE], {}),
    "ignoreReservation": ("perhaps", "true", 2, [True], {}),
    "conditionEndpoint": ("no url at all", 17, ["https://condition.example.com"], {}),
}
_AMONG: tuple[Any, ...] = (
    *({}, None, 17, "conformance@example.com", [], {"mobileNumber": "+4799999999"}),
    *({"emailAddress": None}, {"emailAddress": 17}, {"emailAddress": ["text"]}),
    *({"nationalIdentityNumber": None}, {"nationalIdentityNumber": 17}),
    *({"organizationNumber": None}, {"organizationNumber": True}, {"organizationNumber": {}}),
)
FLAWS = (
    *(Flaw(member, value) for member, values in _VALUES.items() for value in values),
    *(Flaw("recipients", value, among=True) for value in _AMONG),
)
"""Flaws of which the documents leave no doubt."""
