"""The fixtures of the suite's tests: the API, the identities, the mailbox, the watched order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from conformance.api import Api
from conformance.catalogue import load
from conformance.checks.summary import notifications_of
from conformance.clock import chance
from conformance.errors import Blocked
from conformance.inbox import Inbox
from conformance.observers.callback import Call
from conformance.observers.mailbox import Arrived
from conformance.orders import Orders
from conformance.planning import CONTROLS, requirement_of
from conformance.runner import Runner
from conformance.target.credentials import Credential, is_of_same_organisation, unfit
from conformance.target.description import Identity, Target
from conformance.watching import Watched

if TYPE_CHECKING:
    from conformance.fuzz.engine import Engine
    from conformance.fuzz.model import Model
    from conformance.session import Worker


DELIVERED = "delivery.delivered"
"""The one requirement that fails where the mailbox gets no email at all."""

KEYWORDS = "keyword.own-values"
"""A requirement of the editions that have keywords."""

Mails = Callable[[str], Arrived]
Calls = Callable[[str], list[Call]]
WasCalled = Callable[[str], bool]
CredentialOf = Callable[[str], Credential]


@dataclass(frozen=True)
class Known:
    """The synthetic persons, or organisations, that the target file names.

    Each property is the first of its kind; Blocked when the target names none.
    """

    _identities: Mapping[str, tuple[Identity, ...]]
    _kind: str

    @property
    def reachable(self) -> Identity:
        """One whom the registers know with an address."""
        return self._all("reachable")[0]

    @property
    def reserved(self) -> Identity:
        """One who is reserved against electronic communication."""
        return self._all("reserved")[0]

    @property
    def contactless(self) -> Identity:
        """One for whom the registers know no address."""
        return self._all("contactless")[0]

    @property
    def all_reserved(self) -> tuple[Identity, ...]:
        """All who are reserved."""
        return self._all("reserved")

    @property
    def all_contactless(self) -> tuple[Identity, ...]:
        """All for whom the registers know no address."""
        return self._all("contactless")

    @property
    def all_reachable(self) -> tuple[Identity, ...]:
        """All whom the registers know with an address."""
        return self._all("reachable")

    @property
    def all_named(self) -> tuple[Identity, ...]:
        """All of these in whose names is no keyword; Blocked when there are none."""
        named = tuple(each for each in self.all_reachable if each.is_plainly_named)
        if not named:
            raise Blocked("every name of the target file has a keyword in it", "configuration")
        return named

    def _all(self, state: str) -> tuple[Identity, ...]:
        known = self._identities.get(f"{state}_{self._kind}")
        if not known:
            raise Blocked(f"the target names no {state} {self._kind}", "configuration")
        return known


@pytest.fixture
def worker(request: pytest.FixtureRequest) -> Worker:
    """What the tests of this process share."""
    runner = request.config.pluginmanager.get_plugin(Runner.NAME)
    assert isinstance(runner, Runner)
    return runner.worker


@pytest.fixture
def target(worker: Worker) -> Target:
    """The deployment under test."""
    return worker.settings.target


@pytest.fixture
def api(worker: Worker, request: pytest.FixtureRequest) -> Api:
    """The API, asked with the main credential."""
    return worker.api(_purpose(request))


def _purpose(request: pytest.FixtureRequest) -> str:
    """Return the name of a test, the same from whichever folder it is run."""
    return f"{request.node.path.name}::{request.node.nodeid.partition('::')[2]}"


@pytest.fixture
def build(api: Api) -> Orders:
    """The builder of valid orders and fresh values of this test."""
    return api.build


@pytest.fixture
def people(target: Target) -> Known:
    """The synthetic persons that the target file names."""
    return Known(target.identities, "people")


@pytest.fixture
def organisations(target: Target) -> Known:
    """The synthetic organisations that the target file names."""
    return Known(target.identities, "organisations")


@pytest.fixture
def credential(worker: Worker) -> CredentialOf:
    """Return a credential of the target file by its name there; Blocked when it is not that."""

    def named(name: str) -> Credential:
        target = worker.settings.target
        found = target.credentials[name]
        worker.await_end(name)
        why = unfit(name, found, worker.clock.now(), target.token_leeway_seconds)
        if name == "second_organisation_bearer" and is_of_same_organisation(found, target.main):
            why = "is of the same organisation"
        if why:
            raise Blocked(f"the credential {name} {why}", "configuration")
        return found

    return named


@pytest.fixture
def fuzz(worker: Worker, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Tries a property on cases that the run's seed and this test decide."""
    from conformance.fuzz.engine import Engine

    settings, mark = worker.settings, request.node.get_closest_marker("tries")
    seed = chance(settings.seed, _purpose(request)).getrandbits(64)
    effort = settings.effort
    engine = Engine(seed, effort.cases(mark.args[0]), is_thorough=effort.is_thorough)
    yield engine
    worker.tried(engine.tried)


@pytest.fixture
def model(worker: Worker, target: Target, build: Orders) -> Model:
    """What the documents promise, given whom the registers know."""
    from conformance.fuzz.model import Model

    keywords = worker.settings.edition in load().requirements[KEYWORDS].editions
    return Model(target.identities, build, target.mail_domain, keywords=keywords)


@pytest.fixture
def watched(worker: Worker, request: pytest.FixtureRequest) -> Watched:
    """The watched order of the scenario that the test is marked with, once it is settled."""
    mark = request.node.get_closest_marker("watches")
    return worker.watched(mark.args[0])


@pytest.fixture
def watched_orders(worker: Worker, request: pytest.FixtureRequest) -> list[Watched]:
    """The watched orders of all scenarios that the test is marked with, the lowest mark first."""
    marks = request.node.iter_markers("watches")
    return [worker.watched(mark.args[0]) for mark in marks]


@pytest.fixture
def mails(worker: Worker, watched_orders: list[Watched], request: pytest.FixtureRequest) -> Mails:
    """Return the emails of the watched order, or of several that are alike, at an address.

    Blocked where there are none, and none of any other order of the run: then the mailbox is not
    the one that gets them. Only whether emails arrive at all is judged all the same.
    """
    inbox: Inbox | None = worker.inbox
    if inbox is None:
        raise Blocked("the target provides no mailbox", "configuration")

    def mails_to(address: str) -> Arrived:
        found = inbox.mails(watched_orders, address)
        if not found.mails and requirement_of(request.node) != DELIVERED:
            inbox.require_mail()
        return found

    return mails_to


@pytest.fixture
def others_are_processed(worker: Worker) -> None:
    """Blocked unless a due order lists notifications: that another lists none tells nothing then.

    For tests that pass where nothing is there.
    """
    control = worker.watched(CONTROLS["processing"])
    if not any(map(notifications_of, control.readings)):
        raise Blocked("no order is processed: one to addresses that is due lists no notification")


@pytest.fixture
def conditions_are_asked(worker: Worker) -> None:
    """Blocked unless any condition of the run was called; that they are is a promise of its own.

    Of a deployment that cannot reach this machine nothing else can be told: where no condition
    answers, the documents do not say whether the order is sent.
    """
    orders = worker.shared.orders_with("conditionEndpoint")
    if not any(worker.shared.calls_of(order["conditionEndpoint"]) for order in orders):
        raise Blocked(
            "no conditionEndpoint of this run was called: make sure that the deployment reaches it",
            "configuration",
        )


@pytest.fixture
def condition_was_called(worker: Worker) -> WasCalled:
    """Tell whether a URL of the condition endpoint was called."""
    return lambda url: bool(worker.shared.calls_of(url))


@pytest.fixture
def condition_calls(worker: Worker) -> Calls:
    """Return the calls of the path of a URL of the condition endpoint; Blocked without any.

    Their query may be another one; that there are calls is a promise of its own.
    """

    def calls_of(url: str) -> list[Call]:
        calls = worker.shared.calls_of(url)
        if not calls:
            raise Blocked("the conditionEndpoint of a watched order was not called")
        return calls

    return calls_of
