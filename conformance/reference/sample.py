"""One SMS order that every deployment starts with (Get order details, third example)."""

from datetime import UTC, datetime

from conformance.reference.credentials import ORGANISATION
from conformance.reference.model import SMS, Order, Recipient, SmsTemplate
from conformance.reference.rules.order_status import REGISTERED

SAMPLE_ID = "5b0f5c1e-6d3a-4b7e-9c55-2f1f0a7d9e10"
SAMPLE_TEMPLATE = SmsTemplate(
    body="A text message sent by a service owner through Altinn.", sender_number="Altinn"
)
SAMPLE_RECIPIENT = Recipient(mobile_number="+4799999999")


def sample_sms_order() -> Order:
    """The order, placed just now."""
    now = datetime.now(UTC)
    return Order(
        id=SAMPLE_ID,
        creator=ORGANISATION,
        channel=SMS,
        requested_send_time=now,
        created=now,
        recipients=(SAMPLE_RECIPIENT,),
        template=SAMPLE_TEMPLATE,
        senders_reference="sample-sms-order",
        resource_id=None,
        ignore_reservation=None,
        condition_endpoint=None,
        status=REGISTERED,
        changed=now,
    )
