"""The background work: starts orders when they are due, and takes each to its end."""

import asyncio
import heapq
import itertools
import logging
from datetime import datetime

from conformance.reference.condition import ConditionClient
from conformance.reference.model import EMAIL, Notification, Order
from conformance.reference.outlet import Outlet
from conformance.reference.pace import PICK_UP, RETRY, STEP, Pace
from conformance.reference.rules import Rules
from conformance.reference.rules.order_status import (
    CANCELLED,
    COMPLETED,
    CONDITION_NOT_MET,
    PROCESSING,
)
from conformance.reference.rules.send_statuses import FAILED

log = logging.getLogger(__name__)


class Processing:
    """The agenda of one deployment."""

    def __init__(
        self, rules: Rules, pace: Pace, outlet: Outlet, condition: ConditionClient
    ) -> None:
        self._rules = rules
        self._pace = pace
        self._outlet = outlet
        self._condition = condition
        self._agenda: list[tuple[datetime, int, Order]] = []
        self._position = itertools.count()
        self._running: set[asyncio.Task[None]] = set()

    def schedule(self, order: Order) -> None:
        """Remember an order until it is due."""
        start = min(self._rules.start_time(order), self._rules.condition_time(order))
        entry = (start, next(self._position), order)
        heapq.heappush(self._agenda, entry)

    def start_due(self, now: datetime) -> None:
        """Start all orders that are due."""
        while self._agenda and self._agenda[0][0] <= now:
            _, _, order = heapq.heappop(self._agenda)
            task = asyncio.create_task(self._process(order))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def stop(self) -> None:
        """Drop all work, finished or not."""
        for task in self._running:
            task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            log.error("processing of an order failed", exc_info=failure)

    async def _process(self, order: Order) -> None:
        if order.status == CANCELLED:
            return
        self._enter(order, PROCESSING)
        await self._pace.wait(PICK_UP)
        if not await self._condition_holds(order):
            self._enter(order, CONDITION_NOT_MET)
            return
        await self._wait_until(self._rules.start_time(order))
        if order.channel == EMAIL:
            order.notifications.extend(self._rules.generate(order))
        self._enter(order, COMPLETED)
        await asyncio.gather(*(self._send(order, sent) for sent in list(order.notifications)))

    async def _wait_until(self, moment: datetime) -> None:
        """Real time, as all times of an order are."""
        await asyncio.sleep((moment - self._rules.now()).total_seconds())

    def _enter(self, order: Order, status: str) -> None:
        order.status = status
        order.changed = self._rules.now()

    async def _condition_holds(self, order: Order) -> bool:
        url = self._rules.condition_url(order)
        if url is None:
            return True
        for attempt in range(self._rules.condition_tries()):
            if attempt:
                await self._pace.wait(RETRY)
            if (met := await self._ask(url)) is not None:
                return met
        return self._rules.sends_without_condition()

    async def _ask(self, url: str) -> bool | None:
        method, body = self._rules.condition_method(), self._rules.condition_body()
        reply = await self._condition.ask(method, url, body)
        return None if reply is None else self._rules.condition_met(*reply)

    async def _send(self, order: Order, notification: Notification) -> None:
        for status in self._rules.course(notification):
            await self._pace.wait(STEP)
            failed = self._rules.sends_mail(status) and not await self._mail(order, notification)
            notification.status = FAILED if failed else status
            notification.changed = self._rules.now()
            if failed:
                return

    async def _mail(self, order: Order, notification: Notification) -> bool:
        mails = self._rules.mails(order, notification)
        return all([await self._outlet.deliver(mail) for mail in mails])
