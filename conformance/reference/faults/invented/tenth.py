"""Ten faults of a first release, as popular frameworks and their defaults suggest them."""

import html
import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Order
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.wire import Answer, Call, Json, Value

_BRACES = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


@fault(breaks="validation.json-strict")
class TextAfterTheJsonIgnored(Rules):
    """The parser stops after the first JSON value of the body and ignores what follows it."""

    def decode(self, body: bytes) -> object:
        text = body.decode("utf-8").lstrip()
        _, end = json.JSONDecoder().raw_decode(text)
        return super().decode(text[:end].encode())


@fault(breaks="order.contract-accepted")
class LongTopLevelDomainsRefused(Rules):
    """A well-known regular expression knows no top-level domain of more than four letters.

    Addresses in .museum, .kommune or .online are refused as if they were none.
    """

    def is_email_address(self, text: str) -> bool:
        domain = text.rpartition(".")[2]
        return super().is_email_address(text) and 2 <= len(domain) <= 4


@fault(breaks="lookup.every-mix")
class OrganisationsOverwriteMissingPeople(Rules):
    """People and organisations are looked up apart, and the two results merged by overwriting.

    Where an organisation is in the order that lacks contact details, missingContact lists
    organisations only, and the people without contact details are gone.
    """

    def missing_contact(self, order: Order) -> Value:
        missing = super().missing_contact(order)
        organisations = {given.organization_number for given in self.looked_up(order)}
        return [number for number in missing if number in organisations] or missing


@fault(breaks="details.schema")
class LinksListedByRelation(Rules):
    """The links of an order are a list of objects with rel and href, not an object of links."""

    def links(self, order: Order) -> Value:
        links = super().links(order)
        return [{"rel": relation, "href": link} for relation, link in links.items()]


@fault(breaks="keyword.template-kept-when-processed")
class TemplatePersonalisedOnceSent(Rules):
    """The texts of the first email are saved to the order, for whom they were personalised.

    The object-relational mapper writes back the changed entity: once an email is sent, the order
    is read with the name of its first recipient where the template has keywords. The emails
    themselves are right.
    """

    def email_template(self, order: Order) -> Value:
        template = super().email_template(order)
        party = next((sent.party for sent in order.notifications if sent.party), None)
        if template is None or party is None:
            return template
        subject = self.substituted_subject(template["subject"], party)
        body = self.substituted_body(template["body"], party)
        return {**template, "subject": subject, "body": body}


@fault(breaks="condition.url-as-ordered")
class ConditionParametersKeptAsDictionary(Rules):
    """The query of the condition endpoint goes through a dictionary on its way to the HTTP client.

    Of a parameter that is named twice, the last value arrives; one without a value does not arrive.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is None:
            return None
        parts = urlsplit(url)
        return urlunsplit(parts._replace(query=urlencode(dict(parse_qsl(parts.query)))))


@fault(breaks="delivery.plain-as-text")
class HtmlGuessedFromTags(Rules):
    """An email whose body has something like a tag is sent as HTML, also when it is Plain."""

    def mail_content_type(self, template: EmailTemplate) -> str:
        return "Html" if _TAG.search(template.body) else super().mail_content_type(template)


@fault(breaks="details.senders-reference-returned")
class ReferenceEscapedForHtml(Rules):
    """The sanitiser of the request escapes the sendersReference for HTML, & as &amp;."""

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        if order.senders_reference is not None:
            order.senders_reference = html.escape(order.senders_reference)
        return order


@fault(breaks="auth.details-no-credentials")
class MissingTokenLeadsToLogin(Rules):
    """Reading without any credential is redirected to a login page, as in a web application."""

    def no_bearer(self, call: Call) -> Answer:
        if call.method == "GET" and self.platform_token(call) is None:
            return Answer(302, {"location": f"{self.setting.base_url}/login"})
        return super().no_bearer(call)


@fault(breaks="delivery.body")
class BracesRenderedByTemplateEngine(Rules):
    """A template engine renders the body, so that whatever is in double braces is gone."""

    def substituted_body(self, text: str, party: Party | None) -> str:
        return _BRACES.sub("", super().substituted_body(text, party))
