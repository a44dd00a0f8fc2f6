"""The recipient lookup in the answer to an accepted order."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from conformance.api import Api
from conformance.behaviour.mixes import KINDS, Mix
from conformance.checks import lookup
from conformance.conftest import Known
from conformance.expect import expect
from conformance.marks import requirement
from conformance.orders import EVERY_OPTION, OMIT, Orders
from conformance.target.description import most_addressed

MIXES = [
    *combinations(KINDS, 1),
    *combinations(KINDS, 2),
    tuple(KINDS),
    tuple(reversed(KINDS)),
]

OPTIONS = {**EVERY_OPTION, "ignoreReservation": False}


@requirement("lookup.absent-for-addresses")
@pytest.mark.parametrize("ignored", [OMIT, False, True])
def test_there_is_no_lookup_for_addresses(api: Api, build: Orders, ignored: Any) -> None:
    """An order to addresses only has no recipientLookup, whatever is said of reservations."""
    receipt = api.given_receipt(recipients=build.addresses(2), ignoreReservation=ignored)

    expect(receipt).passes(lookup.absent_without_numbers)


@requirement("lookup.present-for-person")
def test_there_is_a_lookup_for_a_person(api: Api, build: Orders) -> None:
    """An order to a person has a recipientLookup."""
    receipt = api.given_receipt(recipients=[{"nationalIdentityNumber": build.person_number()}])

    expect(receipt).passes(lookup.present_with_numbers)


@requirement("lookup.present-for-organisation")
def test_there_is_a_lookup_for_an_organisation(api: Api, build: Orders) -> None:
    """An order to an organisation has a recipientLookup."""
    receipt = api.given_receipt(recipients=[{"organizationNumber": build.organisation_number()}])

    expect(receipt).passes(lookup.present_with_numbers)


@requirement("lookup.present-beside-addresses")
@pytest.mark.parametrize("position", [0, 1, 2])
def test_there_is_a_lookup_for_one_number_among_addresses(
    api: Api, build: Orders, position: int
) -> None:
    """One recipient given by number suffices for a recipientLookup, wherever it stands."""
    recipients: list[object] = [*build.addresses(2)]
    recipients.insert(position, {"nationalIdentityNumber": build.person_number()})

    receipt = api.given_receipt(recipients=recipients)

    expect(receipt).passes(lookup.present_with_numbers)


@requirement("lookup.status-known")
def test_the_status_is_a_documented_one(api: Api, build: Orders) -> None:
    """The status of a lookup is one of the documented three."""
    receipt = api.given_lookup(recipients=[{"nationalIdentityNumber": build.person_number()}])

    expect(receipt).passes(lookup.status_is_known)


@requirement("lookup.reserved-holds-person-numbers")
def test_reserved_is_a_list_of_person_numbers(api: Api, build: Orders) -> None:
    """isReserved is a list of national identity numbers, also when it is empty."""
    receipt = api.given_lookup(recipients=[{"organizationNumber": build.organisation_number()}])

    expect(receipt).passes(lookup.reserved_holds_person_numbers)


@requirement("lookup.missing-holds-numbers")
def test_missing_is_a_list_of_numbers(api: Api, build: Orders) -> None:
    """missingContact is a list of numbers."""
    receipt = api.given_lookup(recipients=[{"nationalIdentityNumber": build.person_number()}])

    expect(receipt).passes(lookup.missing_holds_numbers)


@requirement("lookup.lists-name-recipients")
def test_the_lists_name_recipients_only(api: Api, build: Orders) -> None:
    """The lists of a lookup name nobody but recipients of the order."""
    receipt = api.given_lookup(
        recipients=[
            {"nationalIdentityNumber": build.person_number()},
            {"organizationNumber": build.organisation_number()},
        ]
    )

    expect(receipt).passes(lookup.lists_name_recipients)


@requirement("lookup.every-mix")
@pytest.mark.parametrize("kinds", MIXES, ids=" and ".join)
def test_the_lookup_tells_of_any_mix(
    api: Api, people: Known, organisations: Known, kinds: tuple[str, ...]
) -> None:
    """Status and lists are right for persons and organisations of any kind, side by side."""
    mix = Mix.of(kinds, people, organisations)

    receipt = api.given_lookup(recipients=mix.all)

    expect(receipt).has_lookup(status=mix.status, reserved=mix.reserved).lists(
        "missingContact", *mix.contactless
    ).does_not_list("missingContact", *mix.reachable)


@requirement("lookup.every-mix")
def test_an_organisation_counts_once_however_many_its_addresses(
    api: Api, people: Known, organisations: Known
) -> None:
    """One of two recipients is missing, though the other has more than one address."""
    known = most_addressed(organisations.all_reachable)

    receipt = api.given_lookup(recipients=[known, people.contactless])

    expect(receipt).has_lookup(status="PartialSuccess", missing=[people.contactless])


@requirement("lookup.every-mix-beside-addresses")
@pytest.mark.parametrize("kinds", [*combinations(KINDS, 1), tuple(KINDS)], ids=" and ".join)
def test_addresses_change_no_lookup(
    api: Api, build: Orders, people: Known, organisations: Known, kinds: tuple[str, ...]
) -> None:
    """Status and lists are the same with addresses before and after persons and organisations."""
    mix = Mix.of(kinds, people, organisations)

    receipt = api.given_lookup(recipients=[build.address(), *mix.all, build.address()])

    expect(receipt).has_lookup(status=mix.status, reserved=mix.reserved).lists(
        "missingContact", *mix.contactless
    ).does_not_list("missingContact", *mix.reachable)


@requirement("lookup.status-agrees-with-lists")
def test_the_status_agrees_with_the_lists(api: Api, build: Orders) -> None:
    """The status is the one for as many recipients as the lists name, whoever they are."""
    receipt = api.given_lookup(
        recipients=[
            {"nationalIdentityNumber": build.person_number()},
            {"organizationNumber": build.organisation_number()},
        ]
    )

    expect(receipt).passes(lookup.status_agrees_with_lists)


@requirement("lookup.each-listed-once")
def test_nobody_is_listed_twice(api: Api, people: Known) -> None:
    """Each reserved person, and each without contact details, is listed once."""
    receipt = api.given_lookup(recipients=[*people.all_reserved, *people.all_contactless])

    expect(receipt).passes(lookup.each_is_listed_once)


@requirement("lookup.complete-among-many")
@pytest.mark.parametrize("before", [250, 125, 0])
def test_everyone_of_many_is_looked_up(api: Api, build: Orders, people: Known, before: int) -> None:
    """A reserved person and one without contact details are listed, wherever among hundreds."""
    others = [{"nationalIdentityNumber": build.person_number()} for _ in range(250)]
    known = [people.reserved, people.contactless]

    receipt = api.given_lookup(recipients=[*others[:before], *known, *others[before:]])

    expect(receipt).lists("isReserved", people.reserved).lists("missingContact", people.contactless)


@requirement("lookup.reachable-among-many")
def test_who_can_be_reached_is_not_missing_among_many(
    api: Api, build: Orders, people: Known, organisations: Known
) -> None:
    """Before and after a hundred whom nobody knows, who can be reached is not listed as missing."""
    others = [{"nationalIdentityNumber": build.person_number()} for _ in range(100)]

    receipt = api.given_lookup(recipients=[people.reachable, *others, organisations.reachable])

    reachable = people.reachable, organisations.reachable
    expect(receipt).does_not_list("missingContact", *reachable).has_other_status("Failed")


@requirement("lookup.success-when-all-reachable")
def test_the_status_is_success_when_all_can_be_reached(
    api: Api, people: Known, organisations: Known
) -> None:
    """A person and an organisation with contact details give Success."""
    receipt = api.given_lookup(recipients=[*people.all_reachable, *organisations.all_reachable])

    expect(receipt).has_lookup(status="Success")


@requirement("lookup.reachable-not-listed")
def test_who_can_be_reached_is_not_listed(api: Api, people: Known, organisations: Known) -> None:
    """A person and an organisation with contact details are in neither list."""
    receipt = api.given_lookup(recipients=[*people.all_reachable, *organisations.all_reachable])

    expect(receipt).has_lookup(reserved=[], missing=[])


@requirement("lookup.reachable-not-listed")
@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_no_option_hides_who_can_be_reached(
    api: Api, people: Known, organisations: Known, option: str
) -> None:
    """Whatever else an order holds, who has contact details is in neither list."""
    recipients = [people.reachable, organisations.reachable]

    receipt = api.given_lookup(recipients=recipients, **{option: OPTIONS[option]})

    expect(receipt).has_lookup(reserved=[], missing=[])


@requirement("lookup.partial-when-some-reserved")
def test_the_status_is_partial_when_one_of_two_is_reserved(api: Api, people: Known) -> None:
    """A reserved recipient beside a reachable one gives PartialSuccess."""
    receipt = api.given_lookup(recipients=[people.reachable, people.reserved])

    expect(receipt).has_lookup(status="PartialSuccess")


@requirement("lookup.partial-when-some-contactless")
def test_the_status_is_partial_when_one_of_two_has_no_contact(
    api: Api, organisations: Known
) -> None:
    """A recipient without contact details beside a reachable one gives PartialSuccess."""
    receipt = api.given_lookup(recipients=[organisations.contactless, organisations.reachable])

    expect(receipt).has_lookup(status="PartialSuccess")


@requirement("lookup.failed-when-all-unreachable")
def test_the_status_is_failed_when_nobody_can_be_reached(api: Api, people: Known) -> None:
    """A recipient without contact details, alone, gives Failed."""
    receipt = api.given_lookup(recipients=[people.contactless])

    expect(receipt).has_lookup(status="Failed")


@requirement("lookup.failed-when-all-reserved")
def test_an_order_to_reserved_persons_is_accepted_and_failed(api: Api, people: Known) -> None:
    """Reserved persons alone give Failed, and the order is accepted."""
    answer = api.order_email(recipients=people.all_reserved)

    expect(answer).is_accepted().has_lookup(status="Failed")


@requirement("lookup.failed-when-all-reserved")
def test_reserved_beside_contactless_is_failed(api: Api, people: Known) -> None:
    """A reserved person beside one without contact details gives Failed."""
    receipt = api.given_lookup(recipients=[people.reserved, people.contactless])

    expect(receipt).has_lookup(status="Failed")


@requirement("lookup.failed-when-all-reserved")
def test_a_reservation_that_is_not_ignored_is_failed(api: Api, people: Known) -> None:
    """An ignoreReservation that is false leaves the status Failed, and the person listed."""
    receipt = api.given_lookup(recipients=[people.reserved], ignoreReservation=False)

    expect(receipt).has_lookup(status="Failed", reserved=[people.reserved])


@requirement("lookup.accepted-when-all-unreachable")
def test_an_order_to_nobody_reachable_is_accepted(api: Api, people: Known) -> None:
    """An order to a recipient without contact details is accepted."""
    answer = api.order_email(recipients=[people.contactless])

    expect(answer).is_accepted()


@requirement("lookup.addresses-do-not-count")
def test_an_address_does_not_change_the_status(api: Api, build: Orders, people: Known) -> None:
    """An address beside a recipient without contact details leaves the status Failed."""
    receipt = api.given_lookup(recipients=[build.address(), people.contactless])

    expect(receipt).has_lookup(status="Failed")


@requirement("lookup.addresses-do-not-count")
def test_an_address_beside_a_reachable_person_is_success(
    api: Api, build: Orders, people: Known
) -> None:
    """An address beside a recipient with contact details leaves the status Success."""
    receipt = api.given_lookup(recipients=[build.address(), people.reachable])

    expect(receipt).has_lookup(status="Success")


@requirement("lookup.missing-whatever-is-ignored")
def test_ignoring_reservations_finds_no_contact(api: Api, people: Known) -> None:
    """A person without contact details stays missing when reservations are ignored."""
    receipt = api.given_lookup(recipients=[people.contactless], ignoreReservation=True)

    expect(receipt).has_lookup(status="Failed").lists("missingContact", people.contactless)


@requirement("lookup.reserved-listed")
def test_all_reserved_persons_are_listed(api: Api, build: Orders, people: Known) -> None:
    """isReserved lists every reserved person among other recipients."""
    receipt = api.given_lookup(recipients=[build.address(), *people.all_reserved])

    expect(receipt).has_lookup(reserved=people.all_reserved)


@requirement("lookup.reserved-not-missing")
def test_a_reserved_person_is_not_missing(api: Api, people: Known) -> None:
    """A reserved person is not in missingContact."""
    receipt = api.given_lookup(recipients=[people.reserved])

    expect(receipt).does_not_list("missingContact", people.reserved)


@requirement("lookup.contactless-person-listed")
def test_a_person_without_contact_is_listed(api: Api, people: Known) -> None:
    """missingContact lists a person without contact details."""
    receipt = api.given_lookup(recipients=people.all_contactless)

    expect(receipt).lists("missingContact", *people.all_contactless)


@requirement("lookup.contactless-organisation-listed")
def test_an_organisation_without_contact_is_listed(api: Api, organisations: Known) -> None:
    """missingContact lists an organisation without contact details."""
    receipt = api.given_lookup(recipients=organisations.all_contactless)

    expect(receipt).lists("missingContact", *organisations.all_contactless)


@requirement("lookup.reserved-listed-when-ignored")
def test_a_reserved_person_is_listed_though_ignored(api: Api, people: Known) -> None:
    """isReserved lists a reserved person although ignoreReservation is true."""
    receipt = api.given_lookup(recipients=[people.reserved], ignoreReservation=True)

    expect(receipt).lists("isReserved", people.reserved)
