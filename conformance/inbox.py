"""The emails of watched orders, in a mailbox that may be slow, or may not be the one they go to.

Get email notifications, sendStatus: what has Succeeded "will be sent shortly", so that an email may
arrive after its order is settled. And an email that is not found tells something of the deployment
only where others of the same run are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from conformance.checks.summary import SUCCESSES, address_of, notifications_of, status_of
from conformance.clock import Clock
from conformance.errors import Blocked
from conformance.observers.mailbox import Arrived, Mail, MailReader
from conformance.target.description import Identity
from conformance.watching import Watched

PAUSES = 20
"""How often at most it is waited for emails: in all as long as an order takes to be settled."""
PAUSES_AT_ONCE = 4
"""How often at most it is waited for the emails of one order to one address."""

Order = Mapping[str, Any]


class Inbox:
    """What arrived of the watched orders of a run.

    Args:
        reader: reads the mailbox.
        orders: returns the watched orders, once they are settled.
        identities: whom the registers know, and with which addresses.
        clock: the clock of the run.
        seconds: within how many seconds a due order is settled.
    """

    def __init__(
        self,
        reader: MailReader,
        orders: Callable[[], Iterable[Order]],
        identities: Mapping[str, tuple[Identity, ...]],
        clock: Clock,
        seconds: float,
    ) -> None:
        self._reader = reader
        self._orders = orders
        self._known = {each.number: each.addresses for all in identities.values() for each in all}
        self._clock = clock
        self._pause = seconds / PAUSES
        self._pauses_left = PAUSES
        self._gets_mail: bool | None = None

    def mails(self, watched: Sequence[Watched], address: str) -> Arrived:
        """Return the emails of watched orders, of one or of several that are alike, to an address.

        As many as their summaries say have succeeded are waited for, though not for long, and not
        any more once it is known that the mailbox gets no mail at all. Of the several addresses
        that the registers know of a recipient any may be the one that is used.
        """
        known = {each for listed in self._known.values() if address in listed for each in listed}
        places = [address, *sorted(known - {address})]
        arrived = (Arrived(each, self._mails_at(watched, each)) for each in places)
        return next((each for each in arrived if each.mails), Arrived(address, ()))

    def _mails_at(self, watched: Sequence[Watched], address: str) -> list[Mail]:
        wanted = sum(_successes(each, address) for each in watched)
        promised = 0 if self._gets_mail is False else wanted
        order = watched[0].placed.order
        found = self._patiently(lambda: self._mails_of(order, address), promised)
        if found:
            self._gets_mail = True
        return found

    def require_mail(self) -> None:
        """Return when an email of any watched order has arrived; Blocked when none has."""
        if self._gets_mail is None:
            self._gets_mail = bool(self._patiently(self._any_mails, 1))
        if not self._gets_mail:
            raise Blocked(
                "no email of this run is in the mailbox: make sure that it gets the mail of its"
                " domain",
                "configuration",
            )

    def close(self) -> None:
        """Close the connections."""
        self._reader.close()

    def _patiently(self, look: Callable[[], list[Mail]], count: int) -> list[Mail]:
        """Look now and then until there are that many emails, or it took too long."""
        found = look()
        for _ in range(min(PAUSES_AT_ONCE, self._pauses_left)):
            if len(found) >= count:
                break
            self._pauses_left -= 1
            self._clock.sleep(self._pause)
            found = look()
        return found

    def _any_mails(self) -> list[Mail]:
        """Return the emails of the first watched order of which there are any."""
        places = ((order, address) for order in self._orders() for address in self._to(order))
        return next(filter(None, (self._mails_of(*place) for place in places)), [])

    def _mails_of(self, order: Order, address: str) -> list[Mail]:
        """Return what arrived of an order at an address, which may get emails of several orders."""
        mark = mark_of(order)
        found = self._reader.mails_to(address, mark)
        return [mail for mail in found if mark in mail.text + mail.html]

    def _to(self, order: Order) -> Iterator[str]:
        for recipient in order["recipients"]:
            for member, value in recipient.items():
                if isinstance(value, str):  # an order that is to be refused may hold anything
                    yield from [value] if member == "emailAddress" else self._known.get(value, ())


def mark_of(order: Order) -> str:
    """Return what tells the emails of a watched order: the last word of its body's first line."""
    return str(order["body"]).partition("\n")[0].split()[-1]


def _successes(watched: Watched, address: str) -> int:
    """Return how many emails to an address have left the deployment, by its own account."""
    listed = notifications_of(watched.readings[-1]) if watched.readings else []
    sent = [str(address_of(each)).lower() for each in listed if status_of(each) in SUCCESSES]
    return sent.count(address.lower())
