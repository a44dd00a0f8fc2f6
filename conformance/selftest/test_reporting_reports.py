"""The three reports: each valid in itself, and all of them saying the same."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from jsonschema import Draft202012Validator, FormatChecker

from conformance.catalogue import Level
from conformance.reporting import html, junit, report_json
from conformance.reporting.html import BODY_LIMIT
from conformance.reporting.model import Cause, Run
from conformance.reporting.text import four_parts
from conformance.resources import openapi
from conformance.selftest.samples import (
    HOSTILE,
    blocked,
    catalogue,
    exchange,
    failed,
    finding,
    hostile,
    passed,
    requirement,
    run,
    varied,
)

A, B = "order.first", "order.second"
SCHEMA = json.loads(openapi("report.schema.json").read_text(encoding="utf-8"))
JUNIT = xmlschema.XMLSchema(str(Path(__file__).parent / "data" / "junit.xsd"))
SUITE_ERROR = run(catalogue(requirement(A)), blocked(A, Cause.SUITE, "bug"))
RUNS = [varied(), hostile(), SUITE_ERROR]


class Page(HTMLParser):
    """What a browser would find in a report: its elements, its texts and the outcomes it tells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "input"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self._open), data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self, tag: str) -> str:
        return "".join(text for path, text in self.texts if tag in path)

    @property
    def outcomes(self) -> dict[str, str]:
        articles = self.all("article")
        headings = [text for path, text in self.texts if path[-2:] == ("h4", "span")]
        told = [text.strip() for text in headings if text.strip() in OUTCOMES]
        return {str(each["id"]): outcome for each, outcome in zip(articles, told, strict=True)}

    @property
    def counts(self) -> list[int]:
        return [
            int(text) for path, text in self.texts if path[-1:] == ("td",) and "details" not in path
        ]


OUTCOMES = SCHEMA["$defs"]["outcome"]["enum"]


def junit_results(document: ElementTree.Element) -> dict[str, str]:
    return {
        case.attrib["name"]: case[0].tag if len(case) else "passed"
        for case in document.iter("testcase")
    }


def as_junit(requirement: Mapping[str, Any]) -> str:
    if requirement["cause"] == "suite":
        return "error"
    return {"passed": "passed", "failed": "failure"}.get(requirement["outcome"], "skipped")


def members(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every schema of a member, an item or a definition in a JSON Schema."""
    for name, value in schema.items():
        if name in ("properties", "$defs"):
            yield from value.values()
        elif name == "items":
            yield value
        if isinstance(value, dict):
            yield from members(value)


@pytest.mark.parametrize("judged", RUNS)
def test_the_reports_agree_on_every_outcome(judged: Run) -> None:
    report = json.loads(report_json.render(judged))
    told = {each["id"]: each for each in report["requirements"]}

    page = Page(html.render(judged))
    assert {printed(name): each["outcome"] for name, each in told.items()} == page.outcomes
    assert junit_results(ElementTree.fromstring(junit.render(judged))) == {
        printed(name): as_junit(each) for name, each in told.items()
    }


def printed(name: str) -> str:
    """Return an id as the reports for people show it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


@pytest.mark.parametrize("judged", RUNS)
def test_the_reports_agree_on_verdict_and_counts(judged: Run) -> None:
    report = json.loads(report_json.render(judged))
    document = ElementTree.fromstring(junit.render(judged))
    page = Page(html.render(judged))
    tally = Counter(as_junit(each) for each in report["requirements"])

    properties = {(each.get("name"), each.get("value")) for each in document.iter("property")}
    assert ("verdict", report["verdict"]) in properties
    assert len(properties) == len(["verdict", "edition", "seed", "effort", "target", "url"])
    assert {"class": f"verdict {report['verdict']}"} in page.all("p")
    assert page.counts == [n for level in report["counts"].values() for n in level.values()]
    assert sum(page.counts) == len(report["requirements"])
    assert [document.get(name) for name in ("tests", "failures", "errors", "skipped")] == [
        str(each) for each in (tally.total(), tally["failure"], tally["error"], tally["skipped"])
    ]


@pytest.mark.parametrize("judged", RUNS)
def test_report_json_has_the_documented_form(judged: Run) -> None:
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())

    assert list(validator.iter_errors(json.loads(report_json.render(judged)))) == []


@pytest.mark.parametrize("member", ["verdict", "counts", "surprise"])
def test_the_form_of_report_json_is_strict(member: str) -> None:
    report = {**varied().to_json(), member: {}}

    assert not Draft202012Validator(SCHEMA).is_valid(report)


def test_the_schema_of_report_json_is_valid_and_describes_every_member() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    described = list(members(SCHEMA))
    assert len(described) > 60
    assert [each for each in described if not {"description", "$ref"} & each.keys()] == []


def test_a_body_that_is_no_utf8_is_recorded_as_documented() -> None:
    seen = exchange(body=b"\xff\x00", sent=b"\xfe")
    judged = run(catalogue(requirement(A)), failed(A, finding(A, seen=seen)))
    report = json.loads(report_json.render(judged))

    Draft202012Validator(SCHEMA).validate(report)
    response = report["requirements"][0]["findings"][0]["exchange"]["response"]
    assert base64.b64decode(response["body_base64"]) == b"\xff\x00"


@pytest.mark.parametrize("judged", RUNS)
def test_junit_xml_has_the_common_form(judged: Run) -> None:
    JUNIT.validate(ElementTree.fromstring(junit.render(judged)))


def test_the_junit_schema_refuses_a_case_with_two_results() -> None:
    document = ElementTree.fromstring(junit.render(SUITE_ERROR))
    case = next(document.iter("testcase"))
    case.append(ElementTree.Element("skipped", type="none"))

    assert not JUNIT.is_valid(document)


def test_a_junit_failure_holds_all_findings_in_four_parts() -> None:
    first, second = finding(A), finding(A, actual="status 500")
    judged = run(catalogue(requirement(A)), failed(A, first, second, seconds=1.25))

    case = next(ElementTree.fromstring(junit.render(judged)).iter("testcase"))
    assert (case.get("classname"), case.get("time")) == ("order", "1.25")
    for each in (first, second):
        assert "\n".join(four_parts(each, requirement(A), "2025-01")) in str(case[0].text)


def test_a_junit_skip_holds_the_reason() -> None:
    judged = run(catalogue(requirement(A)), blocked(A, Cause.ENVIRONMENT, "answered 429"))

    skip = next(ElementTree.fromstring(junit.render(judged)).iter("skipped"))
    assert (skip.get("message"), skip.get("type")) == ("answered 429", "environment")


@pytest.mark.parametrize("judged", RUNS)
def test_report_html_needs_nothing_else_and_runs_nothing(judged: Run) -> None:
    page = Page(html.render(judged))
    style = page.text("style")
    policy = next(each["content"] for each in page.all("meta") if "http-equiv" in each)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style
    assert "@import" not in style
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "img", "iframe"})
    assert all(str(link["href"]).startswith("#") for link in page.all("a"))
    attributes = {name for _, each in page.elements for name in each}
    assert not {name for name in attributes if name.startswith("on") or name in ("src", "style")}


@pytest.mark.parametrize("judged", RUNS)
def test_every_link_in_report_html_leads_somewhere_and_no_id_occurs_twice(judged: Run) -> None:
    page = Page(html.render(judged))
    ids = Counter(each["id"] for _, each in page.elements if "id" in each)

    assert max(ids.values()) == 1
    assert {str(link["href"])[1:] for link in page.all("a")} <= ids.keys()


def test_report_html_holds_hostile_answers_as_text_only() -> None:
    page = Page(html.render(hostile()))
    shown = printed(HOSTILE)

    assert shown in page.text("h1")
    assert page.text("pre").count(shown) == len(["the body", "the error of the other answer"])
    assert shown in page.text("dd")
    assert "".join(text for _, text in page.texts).replace("\n", "").isprintable()


def test_report_html_shows_evidence_and_what_would_verify() -> None:
    known = catalogue(
        requirement(A), requirement(B, Level.SHOULD), requirement("mail.sent", needs=("mailbox",))
    )
    seen = exchange(status=418, body=b"teapot")
    judged = run(
        known,
        failed(A, finding(A, seen=seen), title="It answers.", requests=3),
        passed(B, notes=((B, "a tolerated thing"),)),
        interrupted=True,
    )
    page = Page(html.render(judged))
    everything = "".join(text for _, text in page.texts)

    assert "HTTP 418\nContent-Type: application/json\n\nteapot" in page.text("pre")
    assert seen.curl() in page.text("code")
    assert "1 test, 3 requests" in page.text("summary")
    assert "The guide of 2025, Response codes" in everything
    assert "The guide of 2024" not in everything
    assert "To verify it: provide a mailbox to read" in everything
    assert "a tolerated thing" in everything
    assert "The run was interrupted" in page.text("header")


def test_report_html_says_why_there_is_no_answer() -> None:
    seen = exchange(status=0, body=b"", error="connection reset")
    page = Page(html.render(run(catalogue(requirement(A)), failed(A, finding(A, seen=seen)))))

    assert "no answer: connection reset" in page.text("pre")


def test_report_html_cuts_an_endless_body() -> None:
    seen = exchange(body=b"x" * (BODY_LIMIT + 1))
    page = Page(html.render(run(catalogue(requirement(A)), failed(A, finding(A, seen=seen)))))

    assert page.text("pre").count("x") < BODY_LIMIT + 100
    assert "all of them in exchanges.jsonl" in page.text("pre")
