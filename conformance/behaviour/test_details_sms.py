"""The details of an SMS order, placed beforehand by the operator."""

from __future__ import annotations

import pytest

from conformance.api import Api, given_object
from conformance.checks import details, sms
from conformance.exchange import Exchange
from conformance.expect import expect
from conformance.marks import requirement
from conformance.target.description import Target


@pytest.fixture
def sms_details(api: Api, target: Target) -> Exchange:
    """The details of the SMS order that the target file names."""
    return given_object(api.get_sms_order(target.sms_order), "the details of the SMS order")


@requirement("details.sms-common-members")
def test_an_sms_order_has_the_members_of_any_order(sms_details: Exchange) -> None:
    """id, creator, times and links are as in the details of an email order."""
    expect(sms_details).passes(
        details.id_names_order.judge,
        details.creator_is_present.judge,
        details.times_are_in_utc.judge,
        details.self_link_names_order.judge,
        details.status_link_names_order.judge,
    )


@requirement("details.sms-channel")
def test_the_channel_of_an_sms_order_is_sms(sms_details: Exchange) -> None:
    """notificationChannel is Sms, in any case."""
    expect(sms_details).passes(sms.channel_is_sms)


@requirement("details.sms-template")
def test_an_sms_order_has_an_sms_template(sms_details: Exchange) -> None:
    """smsTemplate has a senderNumber and a body."""
    expect(sms_details).passes(sms.template_is_complete)


@requirement("details.sms-recipients")
def test_the_recipients_of_an_sms_order_are_identified(sms_details: Exchange) -> None:
    """Each recipient has a mobile number, or a number that leads to one."""
    expect(sms_details).passes(sms.recipients_are_identified)


@requirement("details.sms-no-email-template")
def test_an_sms_order_has_no_email_template(sms_details: Exchange) -> None:
    """emailTemplate is absent or null."""
    expect(sms_details).lacks("emailTemplate")
