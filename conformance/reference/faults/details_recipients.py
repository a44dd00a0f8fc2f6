"""Wrong answers to reading an order: its recipients and links, and all of an SMS order."""

from conformance.reference.deviations import fault
from conformance.reference.model import SMS, Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.wire import Value

# Recipients


@fault(breaks="details.recipients-returned")
class FiftyRecipientsReturned(Rules):
    """The details of an order list its first fifty recipients."""

    def recipients(self, order: Order) -> Value:
        return super().recipients(order)[:50]


@fault(breaks="details.recipients-returned")
class LastRecipientLost(Rules):
    """Of several recipients the last one is missing from the details."""

    def recipients(self, order: Order) -> Value:
        recipients = super().recipients(order)
        return recipients[:-1] or recipients


@fault(breaks="details.recipients-returned")
class PlusInAddressIsSpace(Rules):
    """A plus sign in the email address of a recipient comes back as a space."""

    def recipient(self, recipient: Recipient) -> Value:
        shown = super().recipient(recipient)
        if recipient.email_address:
            shown["emailAddress"] = recipient.email_address.replace("+", " ")
        return shown


@fault(breaks="details.recipients-returned")
class DotsInAddressLost(Rules):
    """The dots before the at-sign of an email address are missing from the details."""

    def recipient(self, recipient: Recipient) -> Value:
        shown = super().recipient(recipient)
        if recipient.email_address:
            local, _, domain = recipient.email_address.rpartition("@")
            shown["emailAddress"] = f"{local.replace('.', '')}@{domain}"
        return shown


@fault(breaks="details.address-letters-kept")
class AddressesInLowerCase(Rules):
    """The email address of a recipient comes back in lower case."""

    def recipient(self, recipient: Recipient) -> Value:
        shown = super().recipient(recipient)
        if recipient.email_address:
            shown["emailAddress"] = recipient.email_address.lower()
        return shown


@fault(breaks="details.numbers-returned")
class PersonNumbersMasked(Rules):
    """A national identity number comes back without its last five digits.

    The contract has no such number.
    """

    def recipient(self, recipient: Recipient) -> Value:
        shown = super().recipient(recipient)
        if recipient.national_identity_number:
            shown["nationalIdentityNumber"] = recipient.national_identity_number[:6] + "*****"
        return shown


@fault(breaks="details.numbers-returned")
class LeadingZeroLost(Rules):
    """A national identity number comes back without its leading zero."""

    def recipient(self, recipient: Recipient) -> Value:
        shown = super().recipient(recipient)
        if recipient.national_identity_number:
            shown["nationalIdentityNumber"] = recipient.national_identity_number.lstrip("0")
        return shown


@fault(breaks="details.known-numbers-returned")
class AddressInPlaceOfNumber(Rules):
    """A recipient given by number comes back as the email address that was found for it."""

    def recipient(self, recipient: Recipient) -> Value:
        party = self.party(recipient)
        if party is None or not party.addresses:
            return super().recipient(recipient)
        return {"emailAddress": party.addresses[0]}


@fault(breaks="details.recipients-returned")
class NumbersLostBesideAddresses(Rules):
    """The details of an order that has recipients given by address list no others."""

    def recipients(self, order: Order) -> Value:
        recipients = super().recipients(order)
        return [each for each in recipients if "emailAddress" in each] or recipients


@fault(breaks="details.recipient-as-ordered")
class OtherIdentifiersEmpty(Rules):
    """A recipient comes back with all identifiers, those it was not ordered with empty.

    The contract has no number without digits.
    """

    def recipient(self, recipient: Recipient) -> Value:
        nothing = {"emailAddress": "", "nationalIdentityNumber": "", "organizationNumber": ""}
        return nothing | super().recipient(recipient)


@fault(breaks="details.known-numbers-returned")
class AddressBesideNumber(Rules):
    """A recipient given by number comes back with the email address that was found as well."""

    def recipient(self, recipient: Recipient) -> Value:
        shown = super().recipient(recipient)
        if (party := self.party(recipient)) and party.addresses:
            shown["emailAddress"] = party.addresses[0]
        return shown


@fault(breaks="details.same-after-processing")
class AddressesAddedByProcessing(Rules):
    """Once an order is processed, its recipients come back with the addresses that were used."""

    def recipients(self, order: Order) -> Value:
        shown = super().recipients(order)
        if not order.notifications:
            return shown
        return [
            each | {"emailAddress": notification.address}
            for each, notification in zip(shown, order.notifications, strict=False)
        ]


# Links


@fault(breaks="details.self-link")
class SelfLinkIsStatusLink(Rules):
    """links.self leads to the status of the order, and so is not Location."""

    def self_link(self, order: Order) -> Value:
        return self.status_link(order)


@fault(breaks="details.status-link")
class StatusLinkIsSelfLink(Rules):
    """links.status leads to the order itself."""

    def status_link(self, order: Order) -> Value:
        return self.self_link(order)


@fault(breaks="details.status-link-below-self")
class StatusLinkWithoutBasePath(Rules):
    """links.status lacks the path that the API lies at behind its gateway."""

    def status_link(self, order: Order) -> Value:
        origin = self.setting.base_url.removesuffix("/notifications/api/v1")
        return f"{origin}/orders/{order.id}/status"


@fault(breaks="details.links-work")
class SelfLinkWithoutBasePath(Rules):
    """links.self lacks the path that the API lies at behind its gateway, and so is not Location."""

    def self_link(self, order: Order) -> Value:
        origin = self.setting.base_url.removesuffix("/notifications/api/v1")
        return f"{origin}/orders/{order.id}"


@fault(breaks="details.self-link-is-location")
class SelfLinkBehindGateway(Rules):
    """links.self shows the address behind the gateway, where the path of the API is another."""

    def self_link(self, order: Order) -> Value:
        return f"http://notifications.internal.example/api/v1/orders/{order.id}"


# SMS orders


@fault(breaks="details.sms-common-members")
class SmsLinksHaveTheirOwnPath(Rules):
    """The links of an SMS order lead to /orders/sms and its id."""

    def links(self, order: Order) -> Value:
        links = super().links(order)
        if order.channel != SMS:
            return links
        return {name: link.replace("/orders/", "/orders/sms/") for name, link in links.items()}


@fault(breaks="details.sms-common-members")
class SmsOrderHasNoCreator(Rules):
    """The creator in the details of an SMS order is null."""

    def creator(self, order: Order) -> Value:
        return None if order.channel == SMS else super().creator(order)


@fault(breaks="details.sms-channel")
class EveryChannelIsEmail(Rules):
    """The notificationChannel of an SMS order is Email."""

    def notification_channel(self, order: Order) -> Value:
        return "Email"


@fault(breaks="details.sms-template")
class SmsWithoutSender(Rules):
    """smsTemplate has no senderNumber."""

    def sms_template(self, order: Order) -> Value:
        template = super().sms_template(order)
        return template and {"body": template["body"]}


@fault(breaks="details.sms-recipients")
class MobileNumbersHidden(Rules):
    """The recipients of an SMS order come back without their mobile numbers."""

    def recipient(self, recipient: Recipient) -> Value:
        shown = super().recipient(recipient)
        shown.pop("mobileNumber", None)
        return shown


@fault(breaks="details.sms-no-email-template")
class SmsWithEmailTemplate(Rules):
    """An SMS order has an emailTemplate whose members are null."""

    def email_template(self, order: Order) -> Value:
        nothing = dict.fromkeys(("fromAddress", "subject", "body", "contentType"))
        return super().email_template(order) or nothing
