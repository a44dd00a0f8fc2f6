"""The keywords of edition 2025-01, in the template and in the delivered email."""

from __future__ import annotations

import pytest

from conformance.api import Api, control
from conformance.behaviour import scenarios
from conformance.conftest import Known, Mails
from conformance.expect import expect, expect_mail, expect_summary
from conformance.marks import others_are_processed, requirement, watches, watches_each
from conformance.target.description import most_addressed
from conformance.watching import Watched

in_either_order = watches_each(
    scenarios.keywords_for_all,
    scenarios.keywords_for_organisations_first,
    scenarios.all_options,
)
KEYWORDS = "Dear $recipientName$, your number is $recipientNumber$."


@requirement("keyword.accepted")
def test_an_order_with_keywords_is_accepted(api: Api) -> None:
    """An order whose subject and body use both keywords is accepted."""
    control(api.order_email())

    answer = api.order_email(subject=KEYWORDS, body=KEYWORDS)

    expect(answer).is_accepted()


@requirement("keyword.template-kept")
def test_the_template_keeps_its_keywords(api: Api) -> None:
    """The order details show subject and body with their keywords unreplaced."""
    placed = api.given_order(subject=KEYWORDS, body=KEYWORDS)

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.subject", KEYWORDS).has("emailTemplate.body", KEYWORDS)


@requirement("keyword.template-kept-for-known")
def test_the_template_keeps_its_keywords_for_a_known_recipient(
    api: Api, organisations: Known
) -> None:
    """Subject and body stay unreplaced although the recipient's name and number are known."""
    placed = api.given_order(subject=KEYWORDS, body=KEYWORDS, recipients=[organisations.reachable])

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.subject", KEYWORDS).has("emailTemplate.body", KEYWORDS)


@requirement("keyword.template-kept-when-processed")
@watches(scenarios.keywords_for_organisation)
def test_the_template_of_a_processed_order_keeps_its_keywords(api: Api, watched: Watched) -> None:
    """Subject and body stay unreplaced in the details when the email has been generated."""
    expect_summary(watched.summary).lists_notifications()

    answer = api.given_details(watched.placed)

    subject, body = watched.placed.order["subject"], watched.placed.order["body"]
    expect(answer).has("emailTemplate.subject", subject).has("emailTemplate.body", body)


@requirement("keyword.organisation-name-in-body")
@watches(scenarios.keywords_for_organisation)
def test_the_body_names_the_organisation(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """$recipientName$ in the body becomes the name of the organisation."""
    known = organisations.reachable

    expect_mail(mails(known.address), watched.placed.receipt).says(f"Navn [{known.name}]")


@requirement("keyword.organisation-name-in-subject")
@watches(scenarios.keywords_for_organisation)
def test_the_subject_names_the_organisation(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """$recipientName$ in the subject becomes the name of the organisation."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).subject_says(f"Til <{known.name}>")


@requirement("keyword.organisation-number-in-body")
@watches(scenarios.keywords_for_organisation)
def test_the_body_has_the_number_of_the_organisation(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """$recipientNumber$ in the body becomes the organization number."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).says(f"nummer [{known.number}]")


@requirement("keyword.organisation-number-in-subject")
@watches(scenarios.keywords_for_organisation)
def test_the_subject_has_the_number_of_the_organisation(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """$recipientNumber$ in the subject becomes the organization number."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).subject_says(f"nummer <{known.number}>")


@requirement("keyword.organisation-number-in-subject")
@watches(scenarios.look_alikes)
def test_a_subject_has_the_number_though_the_body_has_none(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """$recipientNumber$ is replaced in the subject where the body has no keyword."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).subject_says(f"<{known.number}>")


@requirement("keyword.person-name-in-body")
@watches(scenarios.keywords_for_person)
def test_the_body_names_the_person(watched: Watched, mails: Mails, people: Known) -> None:
    """$recipientName$ in the body becomes the full name of the person."""
    known = people.reachable

    expect_mail(mails(known.address), watched.placed.receipt).says(f"Navn [{known.name}]")


@requirement("keyword.person-name-in-body")
@watches(scenarios.names_of_people)
def test_the_body_names_every_person(watched: Watched, mails: Mails, people: Known) -> None:
    """However many words a name has, each person reads the whole of it in the body."""
    for known in people.all_named:
        arrived = expect_mail(mails(known.address), watched.placed.receipt)
        arrived.one_says(f"Navn [{known.name}]")


@requirement("keyword.person-name-in-subject")
@watches(scenarios.names_of_people)
def test_the_subject_names_every_person(watched: Watched, mails: Mails, people: Known) -> None:
    """However many words a name has, each person reads the whole of it in the subject."""
    for known in people.all_named:
        arrived = expect_mail(mails(known.address), watched.placed.receipt)
        arrived.one_subject_says(f"Til <{known.name}>")


@requirement("keyword.reserved-person-named")
@watches(scenarios.reservation_ignored)
def test_the_body_names_a_reserved_person(watched: Watched, mails: Mails, people: Known) -> None:
    """$recipientName$ becomes the name of a reserved person who is sent to all the same."""
    known = people.reserved
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).says(f"Navn [{known.name}], nummer [].")


@requirement("keyword.person-name-in-subject")
@watches(scenarios.keywords_for_person)
def test_the_subject_names_the_person(watched: Watched, mails: Mails, people: Known) -> None:
    """$recipientName$ in the subject becomes the full name of the person."""
    known = people.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).subject_says(f"Til <{known.name}>")


@requirement("keyword.person-number-empty-in-body")
@watches(scenarios.keywords_for_person)
def test_the_body_has_no_number_of_a_person(watched: Watched, mails: Mails, people: Known) -> None:
    """$recipientNumber$ in the body becomes empty for a person."""
    arrived = mails(people.reachable.address)

    expect_mail(arrived, watched.placed.receipt).says("nummer []")


@requirement("keyword.rest-kept-for-person")
@watches(scenarios.keywords_for_person)
def test_the_missing_number_of_a_person_takes_no_space_along(
    watched: Watched, mails: Mails, people: Known
) -> None:
    """Where $recipientNumber$ becomes empty the space before it stays."""
    arrived = mails(people.reachable.address)

    expect_mail(arrived, watched.placed.receipt).says("Sak , ferdig")


@requirement("keyword.person-number-empty-in-subject")
@watches(scenarios.keywords_for_person)
def test_the_subject_has_no_number_of_a_person(
    watched: Watched, mails: Mails, people: Known
) -> None:
    """$recipientNumber$ in the subject becomes empty for a person."""
    arrived = mails(people.reachable.address)

    expect_mail(arrived, watched.placed.receipt).subject_says("nummer <>")


@requirement("keyword.number-alone-in-subject")
@others_are_processed
@watches(scenarios.number_alone)
def test_a_subject_of_a_number_alone_becomes_empty(
    watched: Watched, mails: Mails, people: Known
) -> None:
    """A subject that is but $recipientNumber$ does not stay, whether it can be sent or not."""
    arrived = mails(people.reachable.address)

    expect_mail(arrived, watched.placed.receipt).no_subject_says("$recipientNumber$")


@requirement("keyword.in-html-body")
@watches(scenarios.keywords_in_html)
def test_keywords_are_replaced_in_html(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """A keyword in an HTML body is replaced."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).says(f"Nummer [{known.number}]")


@requirement("keyword.in-html-body")
@watches(scenarios.keywords_in_html)
def test_keywords_are_replaced_within_tags(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """A keyword in an attribute is replaced like any other."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).says(f"nr-{known.number}-nr")


@requirement("keyword.name-in-html-body")
@watches(scenarios.keywords_in_html)
def test_names_are_shown_in_html(watched: Watched, mails: Mails, organisations: Known) -> None:
    """$recipientName$ in an HTML body becomes what reads as the name, entities or not."""
    known = organisations.reachable

    expect_mail(mails(known.address), watched.placed.receipt).shows(f"Navn [{known.name}]")


@requirement("keyword.organisation-name-in-subject")
@watches(scenarios.keywords_in_html)
def test_the_subject_of_html_names_the_organisation(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """The subject of an HTML email is text, in which the name stands as it is."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).subject_says(f"Til <{known.name}>")


@requirement("keyword.case-sensitive")
@watches(scenarios.look_alikes)
def test_keywords_in_other_letters_stay(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """The keywords in other letter cases stay as they are."""
    arrived = mails(organisations.reachable.address)

    expect_mail(arrived, watched.placed.receipt).says(
        "[$RECIPIENTNAME$] [$recipientname$] [$RecipientNumber$]"
    )


@requirement("keyword.case-sensitive")
@watches(scenarios.look_alikes)
def test_keywords_in_other_letters_stay_in_the_subject(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """The keywords in other letter cases stay as they are in the subject, too."""
    arrived = mails(organisations.reachable.address)

    expect_mail(arrived, watched.placed.receipt).subject_says(
        "[$RECIPIENTNAME$] [$recipientnumber$]"
    )


@requirement("keyword.look-alikes-kept")
@watches(scenarios.look_alikes)
def test_look_alikes_stay(watched: Watched, mails: Mails, organisations: Known) -> None:
    """Texts that are no keywords, if only by a letter, stay as they are."""
    arrived = mails(organisations.reachable.address)

    expect_mail(arrived, watched.placed.receipt).says(
        "[$recipientName] [recipientNumber$] [$recipient$] [$recipientNames$]"
    )


@requirement("keyword.every-occurrence")
@watches(scenarios.keywords_for_organisation)
def test_every_occurrence_is_replaced(watched: Watched, mails: Mails, organisations: Known) -> None:
    """The second occurrence of a keyword is replaced like the first."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).says(
        f"Igjen {{{known.name}}}, {{{known.number}}}."
    )


@requirement("keyword.every-occurrence")
@watches(scenarios.keywords_for_organisation)
def test_every_occurrence_in_the_subject_is_replaced(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """The second occurrence of a keyword in the subject is replaced like the first."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).subject_says(
        f"{{{known.name}}}, {{{known.number}}}"
    )


@requirement("keyword.every-occurrence")
@watches(scenarios.keywords_in_many_lines)
def test_every_occurrence_in_a_long_text_is_replaced(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """A keyword is replaced in each of hundreds of lines."""
    known, ordered = organisations.reachable, watched.placed.order
    arrived = expect_mail(mails(known.address), watched.placed.receipt)

    arrived.has_text(ordered["body"].replace("$recipientNumber$", known.number))


@requirement("keyword.rest-kept")
@watches(scenarios.keywords_among_signs)
def test_all_but_the_keywords_stays(watched: Watched, mails: Mails, organisations: Known) -> None:
    """Of a text with a keyword all else arrives as it was ordered, sign for sign."""
    known, ordered = organisations.reachable, watched.placed.order
    arrived = expect_mail(mails(known.address), watched.placed.receipt)

    arrived.has_text(ordered["body"].replace("$recipientNumber$", known.number))
    arrived.has_subject(ordered["subject"].replace("$recipientNumber$", known.number))


@requirement("keyword.every-occurrence")
@watches(scenarios.keywords_late_and_early)
def test_an_early_keyword_is_replaced_after_a_late_one(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """A keyword early in the body is replaced, however late the last one in the subject stood."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).says(f"[{known.number}] er nummeret.")


@requirement("keyword.anywhere")
@watches(scenarios.keywords_for_organisation)
def test_keywords_beside_letters_are_replaced(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """A keyword is replaced between letters, and right after another one."""
    number = organisations.reachable.number
    arrived = mails(organisations.reachable.address)

    expect_mail(arrived, watched.placed.receipt).says(f"Nr{number}a{number}{number}b.")


@requirement("keyword.anywhere")
@watches(scenarios.keywords_for_organisation)
def test_keywords_beside_dollar_signs_are_replaced(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """A dollar sign that belongs to no keyword stays, and hides none."""
    known = organisations.reachable
    arrived = mails(known.address)

    expect_mail(arrived, watched.placed.receipt).says(
        f"Pris 5 $, til {known.name}, US${known.number}, 7 $."
    )


@in_either_order
@requirement("keyword.own-values")
@pytest.mark.parametrize("position", [0, -1])
def test_each_recipient_reads_its_own_name(
    watched: Watched, mails: Mails, people: Known, organisations: Known, position: int
) -> None:
    """Persons and organisations in one order each read their own name and number."""
    person, organisation = (each.all_reachable[:2][position] for each in (people, organisations))
    placed = watched.placed.receipt

    expect_mail(mails(person.address), placed).one_says(f"Til {person.name} ().")
    expect_mail(mails(organisation.address), placed).one_says(
        f"Til {organisation.name} ({organisation.number})."
    )


@requirement("keyword.own-values")
@watches(scenarios.keywords_for_all)
def test_every_address_of_an_organisation_reads_its_name(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """No email to an organisation keeps a keyword, whichever of its addresses it goes to."""
    known = most_addressed(organisations.all_reachable[:2])

    for address in known.addresses:
        arrived = expect_mail(mails(address), watched.placed.receipt)
        arrived.mentions_none_of("$recipientName$", "$recipientNumber$")


@in_either_order
@requirement("keyword.own-values-in-subject")
@pytest.mark.parametrize("position", [0, -1])
def test_each_recipient_reads_its_own_name_in_the_subject(
    watched: Watched, mails: Mails, people: Known, organisations: Known, position: int
) -> None:
    """Persons and organisations in one order each read their own values in the subject."""
    person, organisation = (each.all_reachable[:2][position] for each in (people, organisations))
    placed = watched.placed.receipt

    expect_mail(mails(person.address), placed).one_subject_says(f"Til {person.name} ()")
    expect_mail(mails(organisation.address), placed).one_subject_says(
        f"Til {organisation.name} ({organisation.number})"
    )


@requirement("keyword.no-values-of-others")
@watches(scenarios.keywords_for_all)
def test_an_address_reads_nobody_elses_name(
    watched: Watched, mails: Mails, people: Known, organisations: Known
) -> None:
    """A recipient given by address does not read the name or number of another recipient."""
    known = [*people.all_reachable[:2], *organisations.all_reachable[:2]]
    values = [text for each in known for text in (each.name, each.number)]
    arrived = mails(watched.placed.order["recipients"][-1]["emailAddress"])

    expect_mail(arrived, watched.placed.receipt).mentions_none_of(*values)
