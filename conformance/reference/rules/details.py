"""The answer to reading an order (Get order details, Response)."""

from conformance.reference.model import EmailTemplate, Order, Recipient, SmsTemplate
from conformance.reference.rules.answers import AnswerRules
from conformance.reference.wire import Answer, Json, Value


class DetailsRules(AnswerRules):
    """One method for each member."""

    def order_found(self, order: Order) -> Answer:
        """The 200."""
        return self.json_answer(200, self.details(order))

    def details(self, order: Order) -> Json:
        """NotificationOrderExt, its members in the order of the examples."""
        return self.present(
            {
                "id": self.details_id(order),
                "creator": self.creator(order),
                "sendersReference": self.senders_reference(order),
                "requestedSendTime": self.requested_send_time(order),
                "created": self.created(order),
                "notificationChannel": self.notification_channel(order),
                "ignoreReservation": self.ignore_reservation(order),
                "resourceId": self.resource_id(order),
                "recipients": self.recipients(order),
                "emailTemplate": self.email_template(order),
                "smsTemplate": self.sms_template(order),
                "links": self.links(order),
            }
        )

    def details_id(self, order: Order) -> Value:
        """id: the order to which the details are associated."""
        return order.id

    def creator(self, order: Order) -> Value:
        """The abbreviated name of whoever created the order."""
        return order.creator

    def senders_reference(self, order: Order) -> Value:
        """sendersReference, as provided in the order request."""
        return order.senders_reference

    def requested_send_time(self, order: Order) -> Value:
        """requestedSendTime: when the notifications are scheduled to be sent."""
        return self.timestamp(order.requested_send_time)

    def created(self, order: Order) -> Value:
        """created: when the order request was registered."""
        return self.timestamp(order.created)

    def notification_channel(self, order: Order) -> Value:
        """Email or Sms, as the examples spell them."""
        return order.channel

    def ignore_reservation(self, order: Order) -> Value:
        """ignoreReservation, as ordered."""
        return order.ignore_reservation

    def resource_id(self, order: Order) -> Value:
        """resourceId, as ordered."""
        return order.resource_id

    def recipients(self, order: Order) -> Value:
        """recipients: one or more."""
        return [self.recipient(recipient) for recipient in order.recipients]

    def recipient(self, recipient: Recipient) -> Value:
        """What it was ordered with, and nothing that was looked up."""
        return self.present(
            {
                "emailAddress": recipient.email_address,
                "mobileNumber": recipient.mobile_number,
                "nationalIdentityNumber": recipient.national_identity_number,
                "organizationNumber": recipient.organization_number,
            }
        )

    def email_template(self, order: Order) -> Value:
        """EmailTemplateExt, its keywords not replaced (the second example)."""
        template = order.template
        if not isinstance(template, EmailTemplate):
            return None
        return {
            "fromAddress": self.from_address(),
            "subject": self.template_subject(template),
            "body": self.template_body(template),
            "contentType": self.template_content_type(template),
        }

    def from_address(self) -> Value:
        """fromAddress: whom the emails come from."""
        return self.setting.sender

    def template_subject(self, template: EmailTemplate) -> Value:
        """subject, as ordered."""
        return template.subject

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        """body, as ordered."""
        return template.body

    def template_content_type(self, template: EmailTemplate) -> Value:
        """contentType: Plain or Html."""
        return template.content_type

    def sms_template(self, order: Order) -> Value:
        """SmsTemplateExt."""
        template = order.template
        if not isinstance(template, SmsTemplate):
            return None
        return {"senderNumber": template.sender_number, "body": self.template_body(template)}

    def links(self, order: Order) -> Value:
        """OrderResourceLinksExt."""
        return {"self": self.self_link(order), "status": self.status_link(order)}

    def self_link(self, order: Order) -> Value:
        """self: this resource."""
        return f"{self.setting.base_url}/orders/{order.id}"

    def status_link(self, order: Order) -> Value:
        """status: how far the order has come."""
        return f"{self.setting.base_url}/orders/{order.id}/status"
