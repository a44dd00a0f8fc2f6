"""Where the tokens of a run come from: given as they are, printed by a command, or asked for.

A token that was fetched is fetched anew before it expires, so that a run may last longer than it.
No secret is in an error or a representation: not the tokens, and not what they are got with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from conformance.clock import Clock
from conformance.errors import OperatorError
from conformance.target.credentials import EXPIRED, expiry
from conformance.target.tokens.command import Command
from conformance.target.tokens.generator import Generator
from conformance.target.tokens.maskinporten import Maskinporten

MARGIN = timedelta(minutes=2)
"""How long before its end a token is fetched anew; at most half of what is left of it."""
RETRY = timedelta(seconds=30)
"""How long an attempt that brought nothing new is not repeated."""


class Tokens:
    """A token that may be fetched, and is fetched anew before it expires.

    Pickled, it takes its current token along, and the secrets with which it fetches the next one.

    Args:
        fetch: returns a token, or raises OperatorError.
        clock: tells when a token expires.
        renews: whether the token is fetched anew.
    """

    def __init__(self, fetch: Callable[[], str], clock: Clock, *, renews: bool = True) -> None:
        self._fetch = fetch
        self._clock = clock
        self._renews = renews
        self._token = ""
        self._expires: datetime | None = None
        self._due: datetime | None = None
        self._failure: tuple[OperatorError, datetime] | None = None

    def current(self) -> str:
        """Return a token that is valid for a while, as far as it says when it expires.

        Raises:
            OperatorError: when there is none, with what to mend.
        """
        if not self._token or (self._due is not None and self._due <= self._clock.now()):
            self._renew()
        return self._token

    def _renew(self) -> None:
        if self._failure and self._clock.now() < self._failure[1]:
            raise self._failure[0]
        try:
            self._token = self._fetch()
        except OperatorError as error:
            now = self._clock.now()
            if self._expires is None or self._expires <= now:
                self._failure = error, now + RETRY
                raise
            self._due = min(self._expires, now + RETRY)
        else:
            self._expires = expiry(self._token) if self._renews else None
            self._due = _due(self._expires, self._clock.now())


def tokens_of(name: str, source: str | Mapping[str, Any], clock: Clock) -> Tokens:
    """Return the tokens of a credential.

    Args:
        name: of the credential in the target file, for errors.
        source: of the form that the schema of a target file prescribes, with its secrets in place.
            A command's arguments are no place for a secret: any user of the machine sees them.
        clock: the clock of the run.

    Raises:
        OperatorError: when the source cannot work, which shows without asking it.
    """
    return Tokens(_fetch(name, source, clock), clock, renews=name not in EXPIRED)


def _fetch(name: str, source: str | Mapping[str, Any], clock: Clock) -> Callable[[], str]:
    match source:
        case str():
            return Given(source)
        case {"command": command}:
            return Command(name, tuple(command))
        case {"maskinporten": given}:
            return Maskinporten(name, clock, **given)
        case {"generator": given}:
            return Generator(name, **given)
    raise OperatorError(
        f"{name} has no source of a token", "give one of command, maskinporten, generator"
    )


def _due(expires: datetime | None, now: datetime) -> datetime | None:
    """Return when to fetch the next token, None for never."""
    if expires is None:
        return None
    if expires <= now:  # it came too late, or the clocks differ: do not ask at every use
        return now + RETRY
    return expires - min(MARGIN, (expires - now) / 2)


@dataclass(frozen=True)
class Given:
    """A token that the environment holds."""

    token: str = field(repr=False)

    def __call__(self) -> str:
        """Return the token."""
        return self.token
