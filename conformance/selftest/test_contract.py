"""The contract is valid, says where everything comes from, and judges bodies as it should.

Every body below is an example of the documents with one member changed, so that a rejection can
have no other reason than that member.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from conformance import resources
from conformance.contract import FORMATS, LONGEST_MESSAGE, Operation, Violation, load

CONTRACT = load()
ORDER, DETAILS, SUMMARY = "placeEmailOrder", "getOrder", "getEmailNotifications"
DOCUMENTS = {
    "Send email notifications (August 2024)",
    "Send email notifications (January 2025)",
    "Get email notifications (June 2024)",
    "Get order details",
}
ABSENT = object()

Steps = tuple[str | int, ...]


# -- walking the document --------------------------------------------------------------------------


def nodes(node: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    """Yield every mapping in the document with the steps that lead to it; no values of examples."""
    if isinstance(node, Mapping):
        yield steps, node
        for key, value in node.items():
            if key != "value":
                yield from nodes(value, (*steps, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from nodes(value, (*steps, index))


def properties(document: Mapping[str, Any]) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    """Yield the properties that schemas declare, not those that a composition constrains again."""
    for name, schema in document["components"]["schemas"].items():
        for member, declared in schema.get("properties", {}).items():
            yield ("components", "schemas", name, member), declared


def sourced(document: Mapping[str, Any]) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    """Yield all that has to name its source."""
    yield from properties(document)
    for steps, node in nodes(document):
        match steps:
            case ("paths", _, _, "responses", _):
                yield steps, node
            case ("paths", *_, "headers", _) | ("paths", *_, "examples", _):
                yield steps, node
            case ("components", "parameters" | "securitySchemes", _):
                yield steps, node


def unsourced(document: Mapping[str, Any]) -> list[Steps]:
    """Return what does not name a section of one of the documents."""
    sections = {name: set(each["sections"]) for name, each in document["x-documents"].items()}

    def is_named(source: Mapping[str, Any]) -> bool:
        names = [source.get("document"), *([source["also"]] if "also" in source else [])]
        return all(source.get("section") in sections.get(name, ()) for name in names)

    return [steps for steps, node in sourced(document) if not is_named(node.get("x-source", {}))]


def without(document: Mapping[str, Any], *steps: str) -> Mapping[str, Any]:
    """Return a copy of the document without one node."""
    changed: Any = deepcopy(dict(document))
    node = changed
    for step in steps[:-1]:
        node = node[step]
    del node[steps[-1]]
    return changed  # type: ignore[no-any-return]


# -- the document ----------------------------------------------------------------------------------


def test_the_contract_is_valid_openapi_3_1() -> None:
    assert CONTRACT.document["openapi"].startswith("3.1.")
    assert not list(OpenAPIV31SpecValidator(dict(CONTRACT.document)).iter_errors())


def test_the_operations_are_the_documented_ones() -> None:
    assert CONTRACT.operations == {
        ORDER: Operation(ORDER, "POST", "/orders/email"),
        DETAILS: Operation(DETAILS, "GET", "/orders/{id}"),
        SUMMARY: Operation(SUMMARY, "GET", "/orders/{id}/notifications/email"),
    }


def test_the_responses_are_the_documented_ones_and_those_declared_silent() -> None:
    found = {
        (steps[1], steps[-1], node["x-source"].get("silent", False))
        for steps, node in sourced(CONTRACT.document)
        if steps[-2] == "responses"
    }
    documented = {("/orders/email", status, False) for status in ("202", "400", "401", "403")}
    for path in ("/orders/{id}", "/orders/{id}/notifications/email"):
        documented |= {(path, status, False) for status in ("200", "401", "403", "404")}
        documented |= {(path, "400", True)}
    assert found == documented | {("/orders/email", "415", True)}


def test_everything_names_a_section_of_a_document() -> None:
    assert set(CONTRACT.document["x-documents"]) == DOCUMENTS
    assert unsourced(CONTRACT.document) == []


@pytest.mark.parametrize(
    "steps",
    [
        ("components", "schemas", "SendStatus", "properties", "lastUpdate", "x-source"),
        ("paths", "/orders/{id}", "get", "responses", "404", "x-source"),
        ("paths", "/orders/email", "post", "responses", "202", "headers", "Location", "x-source"),
        ("components", "parameters", "id", "x-source", "section"),
        ("components", "securitySchemes", "AltinnToken", "x-source", "document"),
    ],
    ids=lambda steps: steps[-2],
)
def test_a_missing_source_is_noticed(steps: tuple[str, ...]) -> None:
    assert len(unsourced(without(CONTRACT.document, *steps))) == 1


def test_every_cited_section_is_used() -> None:
    used = {
        (name, node["x-source"]["section"])
        for _, node in sourced(CONTRACT.document)
        for name in (node["x-source"]["document"], node["x-source"].get("also"))
    }
    stated = {
        (name, section)
        for name, each in CONTRACT.document["x-documents"].items()
        for section in each["sections"]
    }
    assert stated <= used


def test_every_property_has_a_description_and_a_type() -> None:
    assert [
        steps
        for steps, node in properties(CONTRACT.document)
        if not node.get("description") or not node.keys() & {"type", "$ref", "enum"}
    ] == []


def test_the_order_links_to_both_readings_of_it() -> None:
    response = CONTRACT.document["paths"]["/orders/email"]["post"]["responses"]["202"]
    links = {(each["operationId"], each["parameters"]["id"]) for each in response["links"].values()}
    assert links == {(DETAILS, "$response.body#/orderId"), (SUMMARY, "$response.body#/orderId")}


def test_either_credential_is_enough() -> None:
    assert CONTRACT.document["security"] == [{"AltinnToken": []}, {"PlatformAccessToken": []}]
    schemes = CONTRACT.document["components"]["securitySchemes"]
    assert (schemes["AltinnToken"]["type"], schemes["AltinnToken"]["scheme"]) == ("http", "bearer")
    platform = schemes["PlatformAccessToken"]
    assert (platform["type"], platform["in"], platform["name"]) == (
        "apiKey",
        "header",
        "PlatformAccessToken",
    )


def test_every_format_is_checked() -> None:
    used = {node["format"] for _, node in nodes(CONTRACT.document) if "format" in node}
    assert used - set(FORMATS.checkers) == {"int32"}  # what it says, `type: integer` says as well


def test_every_composition_says_in_words_what_it_demands() -> None:
    assert [
        steps
        for steps, node in nodes(CONTRACT.document["components"]["schemas"])
        if node.keys() & {"anyOf", "oneOf", "not"} and "not" not in steps and "title" not in node
    ] == []


# -- the module ------------------------------------------------------------------------------------


def test_the_digest_is_that_of_the_file() -> None:
    source = resources.openapi("openapi.yaml").read_bytes()
    assert CONTRACT.digest == f"sha256:{hashlib.sha256(source).hexdigest()}"


def test_the_contract_is_read_once() -> None:
    assert load() is CONTRACT


def test_the_folder_inside_the_package_is_preferred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "package")
    assert resources.openapi("a.yaml") == tmp_path / "openapi" / "a.yaml"
    (tmp_path / "package" / "openapi").mkdir(parents=True)
    assert resources.openapi("a.yaml") == tmp_path / "package" / "openapi" / "a.yaml"


@pytest.mark.parametrize(("operation", "status"), [(ORDER, 401), (DETAILS, 500), ("unknown", 200)])
def test_a_response_without_a_schema_has_no_violations(operation: str, status: int) -> None:
    assert CONTRACT.violations(operation, status, {"any": "thing"}) == []


def test_an_operation_without_a_request_body_has_no_violations() -> None:
    assert CONTRACT.request_violations(DETAILS, {"any": "thing"}) == []


def test_a_violation_names_its_place_in_odd_members_too() -> None:
    body = {"status": 400, "title": "Invalid", "errors": {"Recipients[0].Email": ["ok", ""]}}
    assert CONTRACT.violations(ORDER, 400, body) == [
        Violation('errors["Recipients[0].Email"][1]', 'is "", expected minLength 1', "minLength")
    ]


@pytest.mark.parametrize("value", ["x" * 10_000, ["x" * 10_000], {"x" * 10_000: 1}])
def test_a_message_is_short_whatever_the_body_holds(value: object) -> None:
    violations = CONTRACT.violations(SUMMARY, 200, {"orderId": value, "generated": value})
    assert {violation.path for violation in violations} >= {"orderId", "generated"}
    assert all(len(violation.message) <= LONGEST_MESSAGE for violation in violations)
    assert not any("x" * 100 in violation.message for violation in violations)


def test_every_missing_member_is_reported_once() -> None:
    missing = [
        Violation(name, "is missing", "required") for name in ("body", "recipients", "subject")
    ]
    assert CONTRACT.request_violations(ORDER, {}) == missing


# -- examples --------------------------------------------------------------------------------------


def examples() -> Iterator[tuple[str, int | None, str]]:
    """Yield operation, status (None for a request) and name of every example with a body."""
    for each in CONTRACT.operations.values():
        details = CONTRACT.document["paths"][each.path][each.method.lower()]
        request = details.get("requestBody", {}).get("content", {}).get("application/json", {})
        yield from ((each.id, None, name) for name in request.get("examples", ()))
        for status, response in details["responses"].items():
            for media_type in response.get("content", {}).values():
                yield from ((each.id, int(status), name) for name in media_type.get("examples", ()))


def example(operation: str, status: int | None, name: str) -> dict[str, Any]:
    """Return a copy of an example's value."""
    each = CONTRACT.operations[operation]
    details = CONTRACT.document["paths"][each.path][each.method.lower()]
    holder = details["requestBody"] if status is None else details["responses"][str(status)]
    value: dict[str, Any] = holder["content"]["application/json"]["examples"][name]["value"]
    return deepcopy(value)


def changed(body: Any, steps: Steps, value: object) -> Any:
    """Return the body with one member replaced, added or (ABSENT) taken out."""
    if not steps:
        return value
    node = body
    for step in steps[:-1]:
        node = node[step]
    if value is ABSENT:
        node.pop(steps[-1], None)
    else:
        node[steps[-1]] = value
    return body


def judged(operation: str, status: int | None, name: str, steps: Steps, value: object) -> set[str]:
    """Return the paths that are found wrong in an example after one change."""
    body = changed(example(operation, status, name), steps, value)
    if status is None:
        return {violation.path for violation in CONTRACT.request_violations(operation, body)}
    return {violation.path for violation in CONTRACT.violations(operation, status, body)}


def test_the_examples_are_those_of_the_documents() -> None:
    assert sorted(examples(), key=str) == [
        ("getEmailNotifications", 200, "new"),
        ("getOrder", 200, "email-to-address"),
        ("getOrder", 200, "email-with-keywords"),
        ("getOrder", 200, "sms-to-number"),
        ("getOrder", 200, "sms-with-keywords"),
        ("placeEmailOrder", 202, "partial-success"),
        ("placeEmailOrder", 400, "empty-subject"),
        ("placeEmailOrder", None, "keywords"),
        ("placeEmailOrder", None, "three-kinds-of-recipient"),
    ]


@pytest.mark.parametrize(("operation", "status", "name"), list(examples()))
def test_an_example_of_the_documents_is_valid(
    operation: str, status: int | None, name: str
) -> None:
    assert judged(operation, status, name, ("addedLater",), {"any": "thing"}) == set()


# -- responses -------------------------------------------------------------------------------------

Body = tuple[str, int, str]

RECEIPT = (ORDER, 202, "partial-success")
PROBLEM = (ORDER, 400, "empty-subject")
EMAIL = (DETAILS, 200, "email-to-address")
SMS = (DETAILS, 200, "sms-to-number")
SENT = (SUMMARY, 200, "new")
LOOKUP = "recipientLookup"
RECIPIENT = ("recipients", 0)
ITEM = ("notifications", 0)
ADDRESSEE = (*ITEM, "recipient", "emailAddress")
STATUS = (*ITEM, "sendStatus", "status")
UPDATED = (*ITEM, "sendStatus", "lastUpdate")
GUID = "f1a1cc30-197f-4f34-8304-006ce4945fd1"
SELF = f"https://platform.altinn.no/notifications/api/v1/orders/{GUID}"
STATUSES = [
    "New",
    "Sending",
    "Succeeded",
    "Delivered",
    "Failed",
    "Failed_RecipientNotIdentified",
    "Failed_InvalidEmailFormat",
    "Failed_Bounced",
    "Failed_FilteredSpam",
    "Failed_Quarantined",
]

# What the documents promise: neither missing nor null.
PROMISED: list[tuple[Body, Steps]] = [
    (RECEIPT, ("orderId",)),
    (RECEIPT, (LOOKUP, "status")),
    (RECEIPT, (LOOKUP, "isReserved")),
    (RECEIPT, (LOOKUP, "missingContact")),
    (PROBLEM, ("title",)),
    (PROBLEM, ("status",)),
    (EMAIL, ("id",)),
    (EMAIL, ("creator",)),
    (EMAIL, ("requestedSendTime",)),
    (EMAIL, ("created",)),
    (EMAIL, ("notificationChannel",)),
    (EMAIL, ("recipients",)),
    (EMAIL, ("emailTemplate",)),
    (EMAIL, ("emailTemplate", "fromAddress")),
    (EMAIL, ("emailTemplate", "subject")),
    (EMAIL, ("emailTemplate", "body")),
    (EMAIL, ("emailTemplate", "contentType")),
    (EMAIL, ("links",)),
    (EMAIL, ("links", "self")),
    (EMAIL, ("links", "status")),
    (SMS, ("notificationChannel",)),
    (SMS, ("smsTemplate",)),
    (SMS, ("smsTemplate", "senderNumber")),
    (SMS, ("smsTemplate", "body")),
    (SENT, ("orderId",)),
    (SENT, ("generated",)),
    (SENT, ("succeeded",)),
    (SENT, ("notifications",)),
    (SENT, (*ITEM, "id")),
    (SENT, (*ITEM, "succeeded")),
    (SENT, (*ITEM, "recipient")),
    (SENT, (*ITEM, "sendStatus")),
    (SENT, STATUS),
    (SENT, UPDATED),
]

# What may be missing, and may then be null as well.
OPTIONAL: list[tuple[Body, Steps]] = [
    (RECEIPT, (LOOKUP,)),
    (PROBLEM, ("type",)),
    (PROBLEM, ("traceId",)),
    (PROBLEM, ("detail",)),
    (EMAIL, ("sendersReference",)),
    (EMAIL, ("ignoreReservation",)),
    (EMAIL, ("resourceId",)),
    (EMAIL, ("smsTemplate",)),
    (EMAIL, (*RECIPIENT, "nationalIdentityNumber")),
    (EMAIL, (*RECIPIENT, "organizationNumber")),
    (EMAIL, (*RECIPIENT, "mobileNumber")),
    (SMS, ("emailTemplate",)),
    (SMS, (*RECIPIENT, "emailAddress")),
    (SENT, ("sendersReference",)),
    (SENT, ADDRESSEE),
    (SENT, (*ITEM, "sendStatus", "description")),
]

# One flaw each, beyond missing members and wrong types.
REJECTED: list[tuple[Body, Steps, object]] = [
    (RECEIPT, (), []),
    (RECEIPT, (), None),
    (RECEIPT, ("orderId",), "17"),
    (RECEIPT, ("orderId",), GUID.replace("-", "")),
    (RECEIPT, ("orderId",), f"{{{GUID}}}"),
    (RECEIPT, (LOOKUP, "status"), "Partial"),
    (RECEIPT, (LOOKUP, "status"), "success"),
    (RECEIPT, (LOOKUP, "isReserved", 0), "311000179"),
    (RECEIPT, (LOOKUP, "isReserved", 0), "11876995923\n"),
    (RECEIPT, (LOOKUP, "isReserved", 0), 11876995923),
    (RECEIPT, (LOOKUP, "missingContact"), "311000179"),
    (PROBLEM, (), "Bad Request"),
    (PROBLEM, ("status",), 422),
    (PROBLEM, ("title",), ""),
    (PROBLEM, ("errors", "Subject"), "must not be empty"),
    (PROBLEM, ("errors", "Subject"), []),
    (PROBLEM, ("errors", "Subject", 0), ""),
    (PROBLEM, ("errors", "Subject", 0), {"message": "empty"}),
    (PROBLEM, ("errors",), ["must not be empty"]),
    (EMAIL, (), []),
    (EMAIL, ("id",), "1"),
    (EMAIL, ("creator",), ""),
    (EMAIL, ("requestedSendTime",), "2023-12-12T14:13:27"),
    (EMAIL, ("requestedSendTime",), "2023-12-12T15:13:27+01:00"),
    (EMAIL, ("requestedSendTime",), "2023-02-30T14:13:27Z"),
    (EMAIL, ("requestedSendTime",), "2023-12-12T14:13:27.0123456789Z"),
    (EMAIL, ("created",), "Tue, 12 Dec 2023 14:13:27 GMT"),
    (EMAIL, ("notificationChannel",), "email"),
    (EMAIL, ("notificationChannel",), "Fax"),
    (EMAIL, ("recipients",), []),
    (EMAIL, RECIPIENT, {}),
    (EMAIL, RECIPIENT, {"emailAddress": None, "mobileNumber": ""}),
    (EMAIL, RECIPIENT, "a@example.com"),
    (EMAIL, (*RECIPIENT, "emailAddress"), "nobody"),
    (EMAIL, (*RECIPIENT, "organizationNumber"), "12345678"),
    (EMAIL, (*RECIPIENT, "nationalIdentityNumber"), "311000179"),
    (EMAIL, ("emailTemplate", "subject"), ""),
    (EMAIL, ("emailTemplate", "body"), ""),
    (EMAIL, ("emailTemplate", "contentType"), "plain"),
    (EMAIL, ("links", "self"), f"https://altinn.no:port/orders/{GUID}"),
    (EMAIL, ("links", "status"), f"not a url/orders/{GUID}/status"),
    (SMS, ("smsTemplate", "body"), ""),
    (SENT, (), []),
    (SENT, ("generated",), -1),
    (SENT, ("generated",), 0.5),
    (SENT, ("succeeded",), -1),
    (SENT, ("succeeded",), False),
    (SENT, ITEM, None),
    (SENT, (*ITEM, "id"), "1"),
    (SENT, STATUS, "Sent"),
    (SENT, STATUS, "new"),
    (SENT, STATUS, "Failed_"),
    (SENT, STATUS, "FailedBounced"),
    (SENT, UPDATED, "2023-11-14 16:06:02"),
]

TOLERATED: list[tuple[Body, Steps, object]] = [
    (RECEIPT, ("orderId",), GUID.upper()),
    (RECEIPT, (LOOKUP, "status"), "Success"),
    (RECEIPT, (LOOKUP, "status"), "Failed"),
    (RECEIPT, (LOOKUP, "isReserved"), []),
    (RECEIPT, (LOOKUP, "missingContact"), ["311000179", "11876995923"]),
    (RECEIPT, (LOOKUP, "addedLater"), 1),
    (PROBLEM, ("type",), ""),
    (PROBLEM, ("type",), "about:blank"),
    (PROBLEM, ("detail",), "'Subject' must not be empty."),
    (PROBLEM, ("errors", "Subject", 0), "Feltet kan ikke være tomt"),
    (PROBLEM, ("errors", ""), ["A non-empty request body is required."]),
    (EMAIL, ("ignoreReservation",), False),
    (EMAIL, ("resourceId",), "app_ttd_apps-test"),
    (EMAIL, ("requestedSendTime",), "2023-12-12T14:13:27Z"),
    (EMAIL, ("requestedSendTime",), "2023-12-12T14:13:27.836731+00:00"),
    (EMAIL, ("requestedSendTime",), "2023-12-12T14:13:27.123456789Z"),
    (EMAIL, RECIPIENT, {"nationalIdentityNumber": "11876995923"}),
    (EMAIL, (*RECIPIENT, "mobileNumber"), "+4799999999"),
    (EMAIL, ("emailTemplate", "contentType"), "Html"),
    (EMAIL, ("emailTemplate", "fromAddress"), "Altinn <noreply@altinn.no>"),
    (EMAIL, ("links", "self"), f"http://127.0.0.1:8080/api/orders/{GUID.upper()}"),
    (EMAIL, ("links", "self"), f"/notifications/api/v1/orders/{GUID}"),
    (EMAIL, ("links", "addedLater"), SELF),
    (SMS, ("notificationChannel",), "SMS"),
    (SMS, ("notificationChannel",), "sms"),
    (SENT, ("notifications",), []),
    (SENT, ("generated",), 0),
    (SENT, ADDRESSEE, "a@example.com"),
    (SENT, (*ITEM, "recipient", "organizationNumber"), "311000179"),
    (SENT, STATUS, "Failed_RecipientReserved"),
    (SENT, STATUS, "Failed_SupressedRecipient"),
    (SENT, UPDATED, "2023-11-14T16:06:02.8773612+00:00"),
    *((SENT, STATUS, status) for status in STATUSES),
]


def path_of(steps: Steps) -> str:
    """Return steps in the notation of a violation."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(parts).removeprefix(".") or "$"


def member(body: Body, steps: Steps) -> object:
    """Return a member of an example, None when the example does not have it."""
    node: Any = example(*body)
    for step in steps:
        node = node[step] if isinstance(step, int) else node.get(step)
    return node


@pytest.mark.parametrize(("body", "steps"), PROMISED)
def test_a_promised_member_is_neither_missing_nor_null(body: Body, steps: Steps) -> None:
    assert judged(*body, steps, ABSENT) == {path_of(steps)}
    assert judged(*body, steps, None) == {path_of(steps)}


@pytest.mark.parametrize(("body", "steps"), OPTIONAL)
def test_an_optional_member_may_be_missing_or_null(body: Body, steps: Steps) -> None:
    assert judged(*body, steps, ABSENT) == set()
    assert judged(*body, steps, None) == set()


@pytest.mark.parametrize(("body", "steps"), [*PROMISED, *OPTIONAL])
def test_a_member_has_its_documented_type(body: Body, steps: Steps) -> None:
    is_text = isinstance(member(body, steps), str | None)
    assert judged(*body, steps, 17 if is_text else "17") == {path_of(steps)}


def test_the_documented_statuses_are_listed() -> None:
    status = CONTRACT.document["components"]["schemas"]["SendStatus"]["properties"]["status"]
    assert status["anyOf"][0]["enum"] == STATUSES


@pytest.mark.parametrize(("body", "steps", "value"), REJECTED)
def test_a_response_with_one_flaw_is_rejected_for_it(
    body: Body, steps: Steps, value: object
) -> None:
    assert judged(*body, steps, value) == {path_of(steps)}


@pytest.mark.parametrize(("body", "steps", "value"), TOLERATED)
def test_a_response_in_which_the_documents_are_silent_passes(
    body: Body, steps: Steps, value: object
) -> None:
    assert judged(*body, steps, value) == set()


@pytest.mark.parametrize("number", ["a@example.com", "1187699592", 311000179])
def test_a_missing_contact_is_given_by_number(number: object) -> None:
    violations = judged(*RECEIPT, (LOOKUP, "missingContact"), ["311000179", number])
    assert violations == {"recipientLookup.missingContact[1]"}


def test_the_message_of_a_400_may_stand_in_detail_alone() -> None:
    body = {"title": "Bad Request", "status": 400, "detail": "'Subject' must not be empty."}
    assert CONTRACT.violations(ORDER, 400, body) == []
    assert CONTRACT.violations(ORDER, 400, body | {"errors": None}) == []
    assert CONTRACT.violations(ORDER, 400, body | {"detail": ""}) != []
    assert CONTRACT.violations(ORDER, 400, body | {"detail": None}) != []


@pytest.mark.parametrize("errors", [ABSENT, None, {}])
def test_a_400_says_why(errors: object) -> None:
    assert judged(*PROBLEM, ("errors",), errors) == {"$"}


@pytest.mark.parametrize("operation", [DETAILS, SUMMARY])
@pytest.mark.parametrize(
    "body",
    [
        {"type": "about:blank", "title": "Not Found", "status": 404},
        {"title": "Not Found", "status": None},
        {"statusCode": 404, "message": "Resource not found"},
        {},
    ],
    ids=str,
)
def test_a_404_may_carry_problem_details_or_a_body_of_a_gateway(
    operation: str, body: dict[str, Any]
) -> None:
    assert CONTRACT.violations(operation, 404, body) == []


@pytest.mark.parametrize("operation", [DETAILS, SUMMARY])
@pytest.mark.parametrize(
    "body", [{"status": 200}, {"status": "404"}, {"orderId": GUID}, {"notifications": []}, []]
)
def test_a_404_carries_no_other_status_and_nothing_that_was_not_found(
    operation: str, body: object
) -> None:
    assert CONTRACT.violations(operation, 404, body) != []
    assert CONTRACT.violations(operation, 404, example(*EMAIL)) != []


# -- requests --------------------------------------------------------------------------------------

REQUEST = (ORDER, None, "three-kinds-of-recipient")
ADDRESS = ("recipients", 0)
PERSON = ("recipients", 1)
ORGANIZATION = ("recipients", 2)

ACCEPTED: list[tuple[Steps, object]] = [
    (("contentType",), ABSENT),
    (("contentType",), "Html"),
    (("sendersReference",), ABSENT),
    (("sendersReference",), ""),
    (("requestedSendTime",), "2030-01-01T12:00:00Z"),
    (("requestedSendTime",), "2030-01-01T12:00:00.1234567+01:00"),
    (("resourceId",), "app_ttd_apps-test"),
    (("ignoreReservation",), True),
    (("conditionEndpoint",), "https://example.com/condition?order=1"),
    (("conditionEndpoint",), "http://example.com:8080"),
    (("subject",), "$recipientName$ $recipientNumber$"),
    (("body",), "<p>Første linje</p>\n<p>\U0001f4e7</p>"),
    (("recipients",), [{"emailAddress": "a@example.com"}]),
    ((*ADDRESS, "mobileNumber"), "+4799999999"),
]

MUST_REFUSE: list[tuple[Steps, object]] = [
    ((), []),
    ((), None),
    (("subject",), ABSENT),
    (("subject",), None),
    (("subject",), ""),
    (("subject",), 1),
    (("body",), ABSENT),
    (("body",), ""),
    (("body",), ["text"]),
    (("recipients",), ABSENT),
    (("recipients",), None),
    (("recipients",), []),
    (("recipients",), {"emailAddress": "a@example.com"}),
    (ADDRESS, "a@example.com"),
    (ADDRESS, {}),
    (ADDRESS, {"mobileNumber": "+4799999999"}),
    ((*ADDRESS, "emailAddress"), True),
    ((*ADDRESS, "emailAddress"), "nobody"),
    ((*ADDRESS, "emailAddress"), "@example.com"),
    (ADDRESS, {"emailAddress": "a@example.com", "nationalIdentityNumber": "11876995923"}),
    (PERSON, {"nationalIdentityNumber": "11876995923", "organizationNumber": "311000179"}),
    ((*PERSON, "nationalIdentityNumber"), "1187699592"),
    ((*PERSON, "nationalIdentityNumber"), "1187699592x"),
    ((*PERSON, "nationalIdentityNumber"), 11876995923),
    ((*ORGANIZATION, "organizationNumber"), "31100017"),
    ((*ORGANIZATION, "organizationNumber"), "3110001790"),
    ((*ORGANIZATION, "organizationNumber"), 311000179),
    (("contentType",), "Markdown"),
    (("contentType",), True),
    (("requestedSendTime",), "tomorrow"),
    (("requestedSendTime",), "2030-01-01T12:00:00"),
    (("requestedSendTime",), "2030-13-01T12:00:00Z"),
    (("requestedSendTime",), 1893456000),
    (("sendersReference",), 1),
    (("resourceId",), {"org": "ttd"}),
    (("ignoreReservation",), "yes"),
    (("conditionEndpoint",), 1),
    (("conditionEndpoint",), "condition"),
]

# Neither may a client send these nor does a promise say that they are refused.
UNJUDGED: list[tuple[Steps, object]] = [
    (("subject",), " "),
    (("body",), "\n"),
    (("contentType",), None),
    (("contentType",), "plain"),
    (("contentType",), 1),
    (("requestedSendTime",), None),
    (("requestedSendTime",), "2030-01-01 12:00Z"),
    (("sendersReference",), None),
    (("resourceId",), None),
    (("resourceId",), ""),
    (("ignoreReservation",), None),
    (("conditionEndpoint",), None),
    (("conditionEndpoint",), ""),
    (("conditionEndpoint",), "https://example.com/{id}"),
    ((*ADDRESS, "nationalIdentityNumber"), None),
    ((*ADDRESS, "organizationNumber"), None),
    ((*PERSON, "nationalIdentityNumber"), "11876995923\n"),
    ((*ORGANIZATION, "organizationNumber"), "311000179\n"),
    ((*ORGANIZATION, "emailAddress"), ""),
    ((*ORGANIZATION, "emailAddress"), None),
]


def refused(steps: Steps, value: object) -> set[str]:
    """Return the paths for which a request with one change has to be refused."""
    body = changed(example(*REQUEST), steps, value)
    violations = CONTRACT.request_violations(ORDER, body, tolerated=True)
    return {violation.path for violation in violations}


@pytest.mark.parametrize(("steps", "value"), ACCEPTED)
def test_a_request_by_the_documents_fits_both_schemas(steps: Steps, value: object) -> None:
    assert judged(*REQUEST, steps, value) == set()
    assert refused(steps, value) == set()


@pytest.mark.parametrize(("steps", "value"), MUST_REFUSE)
def test_a_request_with_one_flaw_fits_neither_schema(steps: Steps, value: object) -> None:
    assert path_of(steps) in judged(*REQUEST, steps, value)
    assert refused(steps, value) == {path_of(steps)}


@pytest.mark.parametrize(("steps", "value"), UNJUDGED)
def test_a_request_that_the_documents_leave_open_need_not_be_refused(
    steps: Steps, value: object
) -> None:
    assert judged(*REQUEST, steps, value) != set()
    assert refused(steps, value) == set()
