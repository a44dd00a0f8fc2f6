"""Wrong results of the recipient lookup."""

from dataclasses import replace

from conformance.reference.deviations import fault
from conformance.reference.model import Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Value

# Whether there is one


@fault(breaks="lookup.absent-for-addresses")
class LookupAlwaysPresent(Rules):
    """An order to addresses alone is answered with a lookup that found nobody unreachable."""

    def requires_lookup(self, order: Order) -> bool:
        return True


@fault(breaks="lookup.present-for-person")
class NoLookupForPersons(Rules):
    """An order without an organisation is answered without recipientLookup.

    So it is for a person among addresses.
    """

    def requires_lookup(self, order: Order) -> bool:
        return any(recipient.organization_number for recipient in order.recipients)


@fault(breaks="lookup.present-for-person")
class LookupOnlyWhenNotSuccessful(Rules):
    """The recipientLookup is left out when it is a success."""

    def requires_lookup(self, order: Order) -> bool:
        return super().requires_lookup(order) and self.lookup_status(order) != "Success"


@fault(breaks="lookup.present-for-organisation")
class NoLookupForOrganisations(Rules):
    """An order without a person is answered without recipientLookup."""

    def requires_lookup(self, order: Order) -> bool:
        return any(recipient.national_identity_number for recipient in order.recipients)


@fault(breaks="lookup.present-beside-addresses")
class FirstRecipientDecidesOnLookup(Rules):
    """The recipientLookup is left out when the first recipient is given by address."""

    def requires_lookup(self, order: Order) -> bool:
        return order.recipients[0].email_address is None


@fault(breaks="lookup.present-beside-addresses")
class LastRecipientDecidesOnLookup(Rules):
    """The recipientLookup is left out when the last recipient is given by address."""

    def requires_lookup(self, order: Order) -> bool:
        return order.recipients[-1].email_address is None


# Status


@fault(breaks="lookup.status-known")
class FailedIsCalledFailure(Rules):
    """The status of a lookup that failed for all recipients is Failure instead of Failed.

    So it is never Failed when it has to be.
    """

    def lookup_status(self, order: Order) -> Value:
        return str(super().lookup_status(order)).replace("Failed", "Failure")


@fault(breaks="lookup.status-known")
class PartialSuccessIsCalledPartial(Rules):
    """The status of a lookup that was successful for some recipients is Partial.

    So it is never PartialSuccess when it has to be.
    """

    def lookup_status(self, order: Order) -> Value:
        return str(super().lookup_status(order)).replace("PartialSuccess", "Partial")


@fault(breaks="lookup.status-agrees-with-lists")
class StrangersDoNotCount(Rules):
    """The status does not count numbers that the registers do not know, though they are listed."""

    def is_unreachable(self, order: Order, recipient: Recipient) -> bool:
        return self.party(recipient) is not None and super().is_unreachable(order, recipient)


@fault(breaks="lookup.success-when-all-reachable")
class SuccessForOneRecipientOnly(Rules):
    """The status is PartialSuccess when several recipients were looked up and can be reached."""

    def lookup_status(self, order: Order) -> Value:
        status = super().lookup_status(order)
        several = len(self.looked_up(order)) > 1
        return "PartialSuccess" if several and status == "Success" else status


@fault(breaks="lookup.success-when-all-reachable")
class SeveralAddressesAreNone(Rules):
    """An organisation with more than one address counts as one that cannot be reached."""

    def is_unreachable(self, order: Order, recipient: Recipient) -> bool:
        several = len(self.registered_addresses(order, recipient)) > 1
        return several or super().is_unreachable(order, recipient)


@fault(breaks="lookup.partial-when-some-reserved")
class ReservedCountAsReached(Rules):
    """Reserved persons do not count against the status."""

    def is_unreachable(self, order: Order, recipient: Recipient) -> bool:
        return self.lacks_contact(order, recipient)


@fault(breaks="lookup.partial-when-some-contactless")
class ContactlessOrganisationsDoNotCount(Rules):
    """Organisations without contact details, unlike persons, do not count against the status."""

    def is_unreachable(self, order: Order, recipient: Recipient) -> bool:
        return recipient.organization_number is None and super().is_unreachable(order, recipient)


@fault(breaks="lookup.failed-when-all-unreachable")
class SingleUnreachableIsPartial(Rules):
    """The status is PartialSuccess when the only recipient cannot be reached."""

    def lookup_status(self, order: Order) -> Value:
        status = super().lookup_status(order)
        single = len(order.recipients) == 1
        return "PartialSuccess" if single and status == "Failed" else status


@fault(breaks="lookup.failed-when-all-reserved")
class AllReservedIsPartial(Rules):
    """The status is PartialSuccess when all recipients are reserved."""

    def lookup_status(self, order: Order) -> Value:
        status = super().lookup_status(order)
        return "PartialSuccess" if self.reserved(order) and status == "Failed" else status


@fault(breaks="lookup.failed-when-all-reserved")
class ReservedBesideContactlessIsPartial(Rules):
    """The status is PartialSuccess when some are reserved and all others without contact."""

    def lookup_status(self, order: Order) -> Value:
        mixed = self.reserved(order) and self.missing_contact(order)
        return "PartialSuccess" if mixed else super().lookup_status(order)


@fault(breaks="lookup.failed-when-all-reserved")
class AnyIgnoreReservationIgnores(Rules):
    """An ignoreReservation that is false is taken for true, and reservations do not count then."""

    def is_unreachable(self, order: Order, recipient: Recipient) -> bool:
        if order.ignore_reservation is None:
            return super().is_unreachable(order, recipient)
        return self.lacks_contact(order, recipient)


@fault(breaks="lookup.missing-whatever-is-ignored")
class IgnoringFindsEveryone(Rules):
    """An order that ignores reservations is told that the lookup was a success for all."""

    def lookup_status(self, order: Order) -> Value:
        return "Success" if order.ignore_reservation else super().lookup_status(order)

    def missing_contact(self, order: Order) -> Value:
        return [] if order.ignore_reservation else super().missing_contact(order)


@fault(breaks="lookup.every-mix")
class PersonsDecideOnStatus(Rules):
    """Beside persons, organisations do not count for the status."""

    def lookup_status(self, order: Order) -> Value:
        persons = [each for each in self.looked_up(order) if each.national_identity_number]
        return super().lookup_status(
            replace(order, recipients=tuple(persons)) if persons else order
        )


@fault(breaks="lookup.every-mix")
class MissingOrganisationsReplacePersons(Rules):
    """missingContact lists persons only where no organisation is missing."""

    def missing_contact(self, order: Order) -> Value:
        missing = super().missing_contact(order)
        organisations = {recipient.organization_number for recipient in order.recipients}
        return [number for number in missing if number in organisations] or missing


@fault(breaks="lookup.every-mix")
class ReservedHidesMissing(Rules):
    """missingContact is empty where isReserved is not."""

    def missing_contact(self, order: Order) -> Value:
        return [] if self.reserved(order) else super().missing_contact(order)


@fault(breaks="lookup.every-mix")
class AnswersInOrderOfNumbers(Rules):
    """What the register tells comes in the order of numbers, and is dealt out in that.

    So who is listed is another one than who cannot be reached.
    """

    def missing_contact(self, order: Order) -> Value:
        numbers = [each.number for each in self.looked_up(order) if each.number]
        dealt = dict(zip(sorted(numbers), numbers, strict=True))
        return [dealt[number] for number in super().missing_contact(order)]


@fault(breaks="lookup.every-mix-beside-addresses")
class OrganisationsBesideAddressesNotCounted(Rules):
    """Beside addresses, organisations are listed but do not count for the status."""

    def is_unreachable(self, order: Order, recipient: Recipient) -> bool:
        beside = len(order.recipients) > len(self.looked_up(order))
        uncounted = beside and recipient.organization_number is not None
        return not uncounted and super().is_unreachable(order, recipient)


@fault(breaks="lookup.complete-among-many")
class LookupOfFirstHundred(Rules):
    """Only the first hundred recipients are looked up."""

    def looked_up(self, order: Order) -> list[Recipient]:
        return super().looked_up(order)[:100]


@fault(breaks="lookup.each-listed-once")
class MissingListedForEachChannel(Rules):
    """missingContact lists once for email and once for SMS who has neither address nor mobile."""

    def missing_contact(self, order: Order) -> Value:
        return super().missing_contact(order) * 2


@fault(breaks="lookup.addresses-do-not-count")
class AddressesCountAsReached(Rules):
    """A recipient given by address counts as one that was looked up and can be reached."""

    def lookup_status(self, order: Order) -> Value:
        status = super().lookup_status(order)
        beside = len(order.recipients) > len(self.looked_up(order))
        return "PartialSuccess" if beside and status == "Failed" else status


@fault(breaks="lookup.addresses-do-not-count")
class AddressesCountAsUnreachable(Rules):
    """A recipient given by address counts as one that was looked up in vain."""

    def lookup_status(self, order: Order) -> Value:
        status = super().lookup_status(order)
        beside = len(order.recipients) > len(self.looked_up(order))
        return "PartialSuccess" if beside and status == "Success" else status


@fault(breaks="lookup.accepted-when-all-unreachable")
class NobodyReachableRefused(Rules):
    """An order none of whose recipients can be reached is refused.

    So are all orders to numbers that the registers do not know.
    """

    def accepted(self, order: Order) -> Answer:
        if self.requires_lookup(order) and self.lookup_status(order) == "Failed":
            return self.json_answer(400, self.problem({"Recipients": ["Nobody can be reached."]}))
        return super().accepted(order)


@fault(breaks="lookup.failed-when-all-reserved")
class OnlyReservedRefused(Rules):
    """An order all of whose recipients are reserved is refused."""

    def accepted(self, order: Order) -> Answer:
        if all(map(self.is_reserved, order.recipients)):
            return self.json_answer(400, self.problem({"Recipients": ["All are reserved."]}))
        return super().accepted(order)


# Lists


@fault(breaks="lookup.reserved-holds-person-numbers")
class NobodyReservedIsNull(Rules):
    """isReserved is null instead of empty."""

    def reserved(self, order: Order) -> Value:
        return super().reserved(order) or None


@fault(breaks="lookup.reserved-holds-person-numbers")
class UnknownOrganisationsAreReserved(Rules):
    """isReserved lists organisations without contact details."""

    def reserved(self, order: Order) -> Value:
        return super().reserved(order) + [
            recipient.number
            for recipient in self.looked_up(order)
            if recipient.organization_number and self.lacks_contact(order, recipient)
        ]


@fault(breaks="lookup.missing-holds-numbers")
class MissingPersonsAreMasked(Rules):
    """missingContact hides the last five digits of a national identity number.

    So it names no recipient of the order.
    """

    def missing_contact(self, order: Order) -> Value:
        numbers = super().missing_contact(order)
        return [f"{number[:6]}*****" if len(number) == 11 else number for number in numbers]


@fault(breaks="lookup.missing-holds-numbers")
class NobodyMissingIsNull(Rules):
    """missingContact is null instead of empty."""

    def missing_contact(self, order: Order) -> Value:
        return super().missing_contact(order) or None


@fault(breaks="lookup.lists-name-recipients")
class OrganisationNumbersArePadded(Rules):
    """missingContact fills organization numbers up to the length of national identity numbers.

    So it does not list an organisation without contact details by its number.
    """

    def missing_contact(self, order: Order) -> Value:
        return [number.zfill(11) for number in super().missing_contact(order)]


@fault(breaks="lookup.lists-name-recipients")
class MissingOfEarlierOrders(Rules):
    """missingContact still lists the recipient of the order before."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._before: list[str] = []

    def missing_contact(self, order: Order) -> Value:
        missing = super().missing_contact(order)
        listed, self._before = [*missing, *self._before], missing
        return listed


@fault(breaks="lookup.reachable-not-listed")
class EveryPersonIsReserved(Rules):
    """isReserved lists persons who are not reserved."""

    def reserved(self, order: Order) -> Value:
        return [each.number for each in self.looked_up(order) if each.national_identity_number]


@fault(breaks="lookup.reachable-not-listed")
class MissingWithoutMobile(Rules):
    """missingContact of an email order lists those for whom no mobile number is known."""

    def missing_contact(self, order: Order) -> Value:
        without = {
            recipient.number
            for recipient in self.looked_up(order)
            if (party := self.party(recipient)) and not party.mobile
        }
        return sorted({*super().missing_contact(order), *without})


@fault(breaks="lookup.reserved-listed")
class OnlyFirstReservedListed(Rules):
    """isReserved lists the first of several reserved persons."""

    def reserved(self, order: Order) -> Value:
        return super().reserved(order)[:1]


@fault(breaks="lookup.reserved-not-missing")
class ReservedAreMissing(Rules):
    """missingContact lists reserved persons as well."""

    def missing_contact(self, order: Order) -> Value:
        return super().missing_contact(order) + self.reserved(order)


@fault(breaks="lookup.contactless-person-listed")
class MissingPersonsNotListed(Rules):
    """missingContact lists organisations alone."""

    def missing_contact(self, order: Order) -> Value:
        organisations = {recipient.organization_number for recipient in order.recipients}
        return [number for number in super().missing_contact(order) if number in organisations]


@fault(breaks="lookup.contactless-person-listed")
class OnlyFirstMissingListed(Rules):
    """missingContact lists the first of several recipients without contact details."""

    def missing_contact(self, order: Order) -> Value:
        return super().missing_contact(order)[:1]


@fault(breaks="lookup.contactless-organisation-listed")
class MissingOrganisationsNotListed(Rules):
    """missingContact lists persons alone."""

    def missing_contact(self, order: Order) -> Value:
        persons = {recipient.national_identity_number for recipient in order.recipients}
        return [number for number in super().missing_contact(order) if number in persons]


@fault(breaks="lookup.reserved-listed-when-ignored")
class IgnoredReservationNotListed(Rules):
    """isReserved is empty when the order ignores reservations."""

    def reserved(self, order: Order) -> Value:
        return [] if order.ignore_reservation else super().reserved(order)
