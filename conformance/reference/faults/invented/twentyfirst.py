"""A mutation tool that walks through the documents and weakens one sentence at a time."""

from conformance.reference.credentials import SCOPE
from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient, SmsTemplate
from conformance.reference.registers import Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.order_status import COMPLETED
from conformance.reference.rules.problems import Errors
from conformance.reference.wire import Call, Json, Operation, Value

# Get email notifications


@fault(breaks="summary.notification-ids-unique")
class AddressesOfAnOrganisationShareAnId(Rules):
    """The notifications to the several addresses of one organisation all have the same id.

    The id was given to the recipient, when a recipient had only one address.
    """

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        notifications = super().notifications_for(order, recipient)
        for notification in notifications:
            notification.id = notifications[0].id
        return notifications


@fault(breaks="summary.not-identified-without-address")
class NumberStandsInForTheAddress(Rules):
    """A notification without an address has the recipient's number as its emailAddress.

    A national identity number is no contact detail, and nothing was sent to it.
    """

    def used_address(self, notification: Notification) -> Value:
        if notification.address is None and notification.party is not None:
            return notification.party.number
        return super().used_address(notification)


@fault(breaks="auth.summary-similar-scope")
class EmailsAreReadWithASimilarScope(Rules):
    """A scope that only begins like the required one opens the email notifications of an order.

    The other operations compare the whole scope.
    """

    def has_scope(self, call: Call, claims: Claims) -> bool:
        begins = any(scope.startswith(SCOPE) for scope in self.scopes(claims))
        return super().has_scope(call, claims) or (
            call.operation is Operation.READ_EMAILS and begins
        )


# Get order details


@fault(breaks="details.same-after-processing")
class RecipientsWhoWereNotReachedAreForgotten(Rules):
    """Once an order is processed, its details list only those recipients who had an address.

    Processing takes the others off the list of the order itself.
    """

    def recipients(self, order: Order) -> Value:
        listed = [
            self.recipient(recipient)
            for recipient in order.recipients
            if self.addresses_of(order, recipient)
        ]
        return listed if order.status == COMPLETED else super().recipients(order)


@fault(breaks="details.unsent-not-invented", also=("summary.senders-reference-unsent",))
class ReferenceIsInvented(Rules):
    """An order that was placed without a sendersReference gets its own id as one.

    The member is for what the creator provided, and the creator provided nothing. The summary of
    its emails reads the same record, and tells the same.
    """

    def order(
        self, document: Json, creator: str, channel: str, template: EmailTemplate | SmsTemplate
    ) -> Order:
        order = super().order(document, creator, channel, template)
        if order.senders_reference is None:
            order.senders_reference = order.id
        return order


# Send email notifications, January 2025


@fault(breaks="keyword.reserved-person-named")
class ReservedPeopleAreNameless(Rules):
    """In an email that overrides a reservation, $recipientName$ is replaced with nothing.

    The name comes with the contact details that the register gives for those not reserved.
    """

    def recipient_name(self, party: Party) -> str:
        if isinstance(party, Person) and party.reserved:
            return ""
        return super().recipient_name(party)


@fault(breaks="condition.not-met-not-sent")
class ScheduledOrdersSkipTheirCondition(Rules):
    """The condition of an order is checked only when the order asks for no later send time.

    The job that starts scheduled orders sends them without a look at conditionEndpoint.
    """

    def condition_url(self, order: Order) -> str | None:
        return None if order.requested_send_time > order.created else super().condition_url(order)


@fault(breaks="delivery.reservation-ignored")
class OneReservationIsOverridden(Rules):
    """ignoreReservation holds for the first reserved person of an order, not for the others.

    The others get no email, as if the order had said nothing about reservations.
    """

    def addresses_of(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        reserved = [each for each in order.recipients if self.is_reserved(each)]
        if recipient in reserved[1:] and self.given_address(order, recipient) is None:
            return ()
        return super().addresses_of(order, recipient)


# Send email notifications, June 2024


@fault(breaks="order.location-works")
class OrderToNobodyIsNotKept(Rules):
    """An order that reaches nobody is accepted, with its id and link, and then not kept.

    Whoever follows the link is told 404.
    """

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        reaches = any(self.addresses_of(order, recipient) for recipient in order.recipients)
        return reaches and super().may_read(call, order, organisation)


@fault(breaks="problem.explains")
class ErrorsInsideListsAreLost(Rules):
    """The 400 for an invalid recipient inside the list has empty errors, so it says nothing.

    Only errors in members of the order itself are written into the problem details.
    """

    def problem_errors(self, errors: Errors) -> Value:
        return {member: texts for member, texts in errors.items() if "[" not in member}
