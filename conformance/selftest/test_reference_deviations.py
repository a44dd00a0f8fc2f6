"""Faults and variants deviate from the reference where they say so, and nowhere else."""

from __future__ import annotations

import pytest

from conformance.reference.deviations import combined, fault, variant
from conformance.reference.faults import FAULTS
from conformance.reference.rules import Rules
from conformance.reference.variants import VARIANTS
from conformance.selftest.reference_server import LATER, MINIMAL, UNKNOWN_ID, running, shared


def test_order_answered_200() -> None:
    base = shared().exhibit("/faults/order-answered-200")

    assert shared().post(MINIMAL | LATER, base=base).status_code == 200
    assert shared().post(MINIMAL | LATER).status_code == 202


def test_unknown_order_answered_200() -> None:
    base = shared().exhibit("/faults/unknown-order-answered-200")

    assert shared().get(f"/orders/{UNKNOWN_ID}", base=base).status_code == 200
    assert shared().get(f"/orders/{UNKNOWN_ID}/notifications/email", base=base).status_code == 404


def test_bearer_not_verified() -> None:
    reference = shared()
    url = f"{reference.exhibit('/faults/bearer-not-verified')}/orders/email"

    def status(credential: str) -> int:
        headers = reference.headers(credential)
        return reference.http.post(url, json=MINIMAL | LATER, headers=headers).status_code

    assert status("foreign_key_bearer") == 202
    assert status("expired_bearer") == 401
    assert status("bearer_without_scope") == 403
    assert (
        reference.http.post(url, json={}, headers={"Authorization": "Bearer x"}).status_code == 401
    )


def test_subject_not_required() -> None:
    base = shared().exhibit("/faults/subject-not-required")
    order = {name: value for name, value in MINIMAL.items() if name != "subject"}

    assert shared().post(order | LATER, base=base).status_code == 202
    assert shared().post(order | {"subject": ""}, base=base).status_code == 400


def test_location_names_another_order() -> None:
    reference = shared()
    base = reference.exhibit("/faults/location-names-another-order")

    answer = reference.post(MINIMAL | LATER, base=base)

    location = answer.headers["location"]
    assert location.startswith(f"{base}/orders/")
    assert not location.endswith(answer.json()["orderId"])
    assert reference.http.get(location, headers=reference.headers()).status_code == 404


def test_nulls_for_unsent_members() -> None:
    base = shared().exhibit("/variants/nulls-for-unsent-members")

    receipt = shared().post(MINIMAL | LATER, base=base).json()

    details = shared().get(f"/orders/{receipt['orderId']}", base=base).json()
    assert receipt["recipientLookup"] is None
    assert details["sendersReference"] is None
    assert details["smsTemplate"] is None


def test_problem_on_404() -> None:
    base = shared().exhibit("/variants/problem-on-404")

    answer = shared().get(f"/orders/{UNKNOWN_ID}", base=base)

    assert answer.status_code == answer.json()["status"] == 404


def test_extra_members() -> None:
    base = shared().exhibit("/variants/extra-members")

    assert "apiVersion" in shared().post(MINIMAL | LATER, base=base).json()
    assert "instance" in shared().post({}, base=base).json()


def test_path_only_location() -> None:
    base = shared().exhibit("/variants/path-only-location")

    answer = shared().post(MINIMAL | LATER, base=base)

    path = "/variants/path-only-location/notifications/api/v1/orders/"
    assert answer.headers["location"] == path + answer.json()["orderId"]


def test_malformed_id_400() -> None:
    base = shared().exhibit("/variants/malformed-id-400")

    assert shared().get("/orders/x", base=base).status_code == 400
    assert shared().get(f"/orders/{UNKNOWN_ID}", base=base).status_code == 404


def test_each_exhibit_has_its_own_orders() -> None:
    base = shared().exhibit("/variants/extra-members")
    order_id = shared().post(MINIMAL | LATER, base=base).json()["orderId"]

    assert shared().get(f"/orders/{order_id}", base=base).status_code == 200
    assert shared().get(f"/orders/{order_id}").status_code == 404


def test_an_exhibit_has_the_sample_sms_order_and_sends_mail() -> None:
    reference = shared()
    base = reference.exhibit("/faults/order-answered-200")
    sample = reference.announced["sms_order"]["id"]
    recipients = [{"emailAddress": "exhibit@example.com"}]

    order_id = reference.post(MINIMAL | {"recipients": recipients}, base=base).json()["orderId"]

    details = reference.get(f"/orders/{sample}", base=base).json()
    assert details["links"]["self"] == f"{base}/orders/{sample}"
    assert reference.settled(order_id, base=base)[0]["sendStatus"]["status"] == "Delivered"
    assert len(reference.mails_to("exhibit@example.com")) == 1


def test_an_unknown_exhibit_is_not_found() -> None:
    assert shared().get("/orders/x", base=shared().exhibit("/faults/no-such")).status_code == 404


def test_deviations_of_the_command_line_are_combined() -> None:
    options = ["--fault", "order-answered-200", "--variant", "path-only-location"]
    with running(*options, "--fault", "order-answered-200") as reference:
        answer = reference.post(MINIMAL | LATER)

    assert answer.status_code == 200
    assert answer.headers["location"].startswith("/notifications/")


def test_all_deviations_go_together() -> None:
    rules = combined([*FAULTS.values(), *VARIANTS.values()])

    assert issubclass(rules, Rules)
    assert rules.accepted_status is not Rules.accepted_status


def test_a_deviation_is_named_after_its_class() -> None:
    assert FAULTS["order-answered-200"].breaks == "order.status-202"
    assert VARIANTS["problem-on-404"].description.startswith("A 404 carries problem details")


def test_a_deviation_needs_a_name_and_a_description_of_its_own() -> None:
    with pytest.raises(ValueError, match="no docstring"):
        variant(type("Wordless", (Rules,), {}))
    with pytest.raises(ValueError, match="two deviations are called order-answered-200"):
        fault(breaks="order.status-202")(type("OrderAnswered200", (Rules,), {"__doc__": "Again."}))
