"""All deployments of one server.

The one at the base path is as the documents want it, or as the command line says. Beside it, every
fault and every variant has a deployment of its own, with its own orders, at
``/faults/NAME/notifications/api/v1`` and ``/variants/NAME/notifications/api/v1``, made when it is
first called; ``NAME+NAME`` has several at once. Credentials, registers and mailbox are shared.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from conformance.reference.condition import ConditionClient
from conformance.reference.credentials import Authority
from conformance.reference.deployment import Deployment
from conformance.reference.deviations import Deviation, combined
from conformance.reference.endpoints import Endpoints
from conformance.reference.outlet import Outlet
from conformance.reference.pace import Pace
from conformance.reference.registers import Registers
from conformance.reference.sample import sample_sms_order
from conformance.reference.setting import Setting

BASE_PATH = "/notifications/api/v1"
SENDER = "noreply@altinn.example"


class Gallery:
    """Makes deployments, and keeps them at work."""

    def __init__(
        self, origin: str, pace: Pace, outlet: Outlet, authority: Authority, registers: Registers
    ) -> None:
        self._origin = origin
        self._pace = pace
        self._outlet = outlet
        self._authority = authority
        self._registers = registers
        self._condition = ConditionClient(timeout=max(1.5, 10.0 / pace.speed))
        self._deployments: list[Deployment] = []

    def exhibit(self, prefix: str, deviations: Sequence[Deviation]) -> Endpoints:
        """A new deployment with these deviations, and no orders but the sample."""
        base_url = f"{self._origin}{prefix}{BASE_PATH}"
        setting = Setting(base_url, SENDER, self._registers, self._authority)
        rules = combined(deviations)(setting)
        deployment = Deployment(rules, self._pace, self._outlet, self._condition)
        deployment.place(sample_sms_order())
        self._deployments.append(deployment)
        return Endpoints(deployment)

    async def run(self) -> None:
        """Starts what is due, once every tick."""
        while True:
            await self._pace.tick()
            for deployment in self._deployments:
                deployment.start_due(datetime.now(UTC))

    async def close(self) -> None:
        """Drop all work."""
        for deployment in self._deployments:
            deployment.processing.stop()
        await self._condition.close()


class Wing:
    """The deployments of all faults, or of all variants."""

    def __init__(self, gallery: Gallery, prefix: str, deviations: Mapping[str, Deviation]) -> None:
        self._gallery = gallery
        self._prefix = prefix
        self._deviations = deviations
        self._exhibits: dict[str, Endpoints] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to the deployment that its path names."""
        name = scope["path_params"]["name"]
        if not self._deviations.keys() >= set(name.split("+")):
            raise HTTPException(404, f"nothing is called {name}")
        await self._exhibit(name)(scope, receive, send)

    def _exhibit(self, name: str) -> Endpoints:
        if name not in self._exhibits:
            deviations = [self._deviations[each] for each in name.split("+")]
            self._exhibits[name] = self._gallery.exhibit(f"{self._prefix}/{name}", deviations)
        return self._exhibits[name]
