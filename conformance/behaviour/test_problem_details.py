"""The problem details of a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.api import Api, control
from conformance.behaviour.operations import ACCEPTED, at_once, once_more
from conformance.checks import problem
from conformance.checks.details import IDENTIFIERS
from conformance.checks.registry import Check
from conformance.exchange import shown
from conformance.expect import expect
from conformance.marks import costs, requirement
from conformance.orders import KNOWN_RESOURCE, OMIT

FLAWS: list[dict[str, Any]] = [
    {"subject": ""},
    {"body": 17},
    {"recipients": []},
    {"contentType": "Markdown"},
]
OF_OTHER_KINDS: list[dict[str, Any]] = [
    {"subject": OMIT},
    {"recipients": ["conformance@example.com", {}]},
]
OPTIONAL: list[dict[str, Any]] = [
    {"requestedSendTime": "tomorrow"},
    {"conditionEndpoint": "no url at all"},
    {"sendersReference": 17},
    {"resourceId": [KNOWN_RESOURCE]},
    {"ignoreReservation": "perhaps"},
    {"recipients": ["conformance@example.com", {}]},
    {"recipients": ["conformance@example.com", {"emailAddress": 17}]},
]


each_check = pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, id=check.requirement, marks=requirement(check.requirement))
        for check in (
            problem.is_json_object,
            problem.explains,
            problem.status_is_400,
            problem.has_title,
            problem.has_type,
            problem.detail_is_text,
            problem.errors_map_members_to_texts,
            problem.has_trace_id,
        )
    ],
)


@pytest.mark.parametrize("flaw", FLAWS + OF_OTHER_KINDS, ids=str)
@each_check
def test_a_refusal_carries_problem_details(api: Api, check: Check, flaw: dict[str, Any]) -> None:
    """A refusal carries problem details, whichever member was flawed."""
    control(api.order_email())

    refusal = api.given_refusal(**flaw)

    expect(refusal).passes(check)


@each_check
@pytest.mark.parametrize("body", [b"", b'{"subject": "Cut sh', b"[]"], ids=bytes.decode)
def test_a_refusal_of_what_cannot_be_read_carries_problem_details(
    api: Api, check: Check, body: bytes
) -> None:
    """A refusal carries problem details, though there is no order to name a member of."""
    control(api.order_email())

    refusal = api.place_raw(body)

    expect(refusal).is_refused(400).passes(check)


@costs(emails=1)
@requirement("problem.is-json-object")
@pytest.mark.parametrize("member", ["contentType", "requestedSendTime"])
def test_a_refusal_may_quote_what_was_sent(api: Api, member: str) -> None:
    """Problem details are JSON although the flawed value has quotes, backslashes and controls."""
    control(api.order_email())

    refusal = api.given_refusal(**{member: 'Mark"down" \\ \t æøå 🎉'})

    expect(refusal).passes(problem.is_json_object)


@costs(orders=3)
@requirement("problem.is-json-object")
@pytest.mark.parametrize("accepted", ACCEPTED)
def test_a_refusal_is_told_to_who_accepts_json(api: Api, accepted: str) -> None:
    """Problem details are JSON for whoever accepts application/json, alone or with others."""
    control(api.order_email())
    refused = api.given_refusal(subject="")

    refusal = once_more(api, refused, headers=[("Accept", accepted)], operation=refused.operation)

    expect(refusal).is_refused(400).passes(problem.is_json_object)


@costs(emails=1)
@requirement("problem.names-member")
@pytest.mark.parametrize("flaw", [*FLAWS, *OPTIONAL], ids=lambda flaw: next(iter(flaw)))
def test_a_refusal_names_the_flawed_member(api: Api, flaw: dict[str, Any]) -> None:
    """The key in errors names the member that was flawed."""
    control(api.order_email())

    refusal = api.given_refusal(**flaw)

    names = [*flaw, *IDENTIFIERS] if "recipients" in flaw else flaw
    expect(refusal).passes(lambda exchange: problem.names_member(exchange, *names))


@requirement("problem.names-no-other")
@pytest.mark.parametrize("identifier", ["nationalIdentityNumber", "organizationNumber"])
def test_a_refusal_names_no_other_identifier(api: Api, identifier: str) -> None:
    """No key in errors names another identifier than the one that was flawed."""
    control(api.order_email())

    refusal = api.given_refusal(recipients=[{identifier: "17"}])

    expect(refusal).passes(lambda exchange: problem.names_no_other_identifier(exchange, identifier))


@requirement("problem.names-no-other")
@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: next(iter(flaw)))
def test_a_refusal_names_no_right_member(api: Api, flaw: dict[str, Any]) -> None:
    """No key in errors names a member that was right."""
    control(api.order_email())

    refusal = api.given_refusal(**flaw)

    expect(refusal).passes(lambda exchange: problem.names_no_other(exchange, next(iter(flaw))))


@costs(requests=9, orders=9)
@requirement("problem.names-no-other")
def test_refusals_at_once_name_their_own_members(api: Api) -> None:
    """Of orders refused at the same moment each is told of its own flaw alone."""
    control(api.order_email())
    members = [next(iter(flaw)) for flaw in FLAWS] * 2
    orders = [api.build.order(**flaw) for flaw in FLAWS * 2]

    refusals = at_once(api.place, orders)

    findings = list(filter(None, map(problem.names_no_other, refusals, members)))
    told = shown([each.actual for each in findings])
    expect(refusals[-1]).saw("each refusal to name its own member", not findings, told)
