"""Services by what carries their emails."""

import secrets

from conformance.reference.deviations import variant
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.variants.services.spelling import PIXEL, ends_well, labelled
from conformance.reference.wire import Answer, Call, Json, Value


@variant
class MarketingPlatform(Rules):
    """A platform for campaigns (SendGrid, Mailchimp) with its editor, its tracking and its events.

    HTML becomes a document with a style sheet, a hidden preheader and a pixel at its end; the
    events are processed and delivered, nothing is told of sending; a bounce is often told only
    after a delivery to the relay ("a late bounce lowers succeeded"). Texts in plain stay as they
    are. Answers tell more than was documented of whatever there is.
    """

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        if course and course[-1] == statuses.BOUNCED:
            return (statuses.SUCCEEDED, statuses.DELIVERED, statuses.BOUNCED)
        return tuple(status for status in course if status != statuses.SENDING)

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        return mails if mails and ends_well(self.course(notification)) else []

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        label = {
            "List-Unsubscribe": f"<https://track.mailer.example/u/{mail.key}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
            "Auto-Submitted": "auto-generated",
            "X-SG-EID": secrets.token_urlsafe(60),
        }
        if not mail.is_html:
            return labelled(mail, label)
        body = (
            '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
            "<style>p, td { margin: 0; mso-line-height-rule: exactly; }</style></head><body>"
            '<div style="display:none;max-height:0;overflow:hidden">&#847;&zwnj;&nbsp;</div>'
            f"{mail.body}{PIXEL.format(mail.key)}</body></html>"
        )
        return labelled(mail, label, body)

    def receipt(self, order: Order) -> Json:
        more = {"status": "Registered", "estimatedEmails": len(order.recipients), "errors": []}
        return super().receipt(order) | more

    def details(self, order: Order) -> Json:
        return super().details(order) | {
            "campaign": {"id": 17, "name": None},
            "conditionEndpoint": order.condition_endpoint,
            "tags": [],
            "processingStatus": self.processing_status(order),
        }

    def links(self, order: Order) -> Value:
        mine = str(self.self_link(order))
        return {**super().links(order), "cancel": f"{mine}/cancel", "opens": f"{mine}/opens"}

    def summary(self, order: Order) -> Json:
        summary = super().summary(order)
        return summary | {"failed": summary["generated"] - summary["succeeded"], "opened": 0.0}

    def notification(self, notification: Notification) -> Value:
        more = {"attempts": 1, "opens": [], "providerMessageId": secrets.token_hex(8)}
        return super().notification(notification) | more


@variant
class MailHouse(Rules):
    """A mail house generates emails, and where there is no address there is none to generate.

    "The total number of email notifications generated so far" counts what was generated; whom no
    email can reach is told by the lookup, in missingContact and isReserved, and by nothing else. A
    relative Location leads to the order, links have the public name of the house, refusals are
    HTML of nginx.
    """

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        reachable = bool(self.addresses_of(order, recipient))
        return super().notifications_for(order, recipient) if reachable else []

    def location(self, order: Order) -> str | None:
        return "/" + self.setting.base_url.split("/", 3)[3] + f"/orders/{order.id}"

    def _public(self, link: str) -> str:
        return "https://varsling.example.no/" + link.split("/", 3)[3]

    def self_link(self, order: Order) -> Value:
        return self._public(str(super().self_link(order)))

    def status_link(self, order: Order) -> Value:
        return self._public(str(super().status_link(order)))

    def _nginx(self, status: int, title: str) -> Answer:
        page = (
            f"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>"
            f"{status} {title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>"
        )
        return Answer(status, {"content-type": "text/html", "server": "nginx"}, page.encode())

    def unauthorized(self, call: Call) -> Answer:
        answer = self._nginx(401, "Authorization Required")
        answer.headers["www-authenticate"] = 'Bearer realm="varsling"'
        return answer

    def forbidden(self, call: Call) -> Answer:
        return self._nginx(403, "Forbidden")

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return self._nginx(answer.status, "Not Allowed" if answer.status == 405 else "Not Found")
