"""What every topic of the rules stands on."""

import re
import uuid
from datetime import UTC, datetime

from conformance.reference.setting import Setting
from conformance.reference.wire import Value

GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


class Ground:
    """Time, ids and the setting of the deployment."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    def now(self) -> datetime:
        """The clock of the deployment."""
        return datetime.now(UTC)

    def timestamp(self, moment: datetime) -> Value:
        """Times are UTC with a fraction of a second (Get order details, Examples)."""
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def new_id(self) -> str:
        """Type: Guid, lower case with hyphens as in every example."""
        return str(uuid.uuid4())

    def new_order_id(self) -> str:
        """The id of a new order; no two are the same."""
        return self.new_id()

    def new_notification_id(self) -> str:
        """The id of a new notification; no two are the same."""
        return self.new_id()

    def is_guid(self, text: str) -> bool:
        """Whether a text is a GUID with hyphens, in either case."""
        return GUID.fullmatch(text) is not None
