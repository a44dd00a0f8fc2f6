"""What several services do alike: how they label emails, and how they spell names and times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from conformance.reference.mail import Mail
from conformance.reference.registers import Party
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.rules.problems import Errors
from conformance.reference.variants.problems import camel_case

PIXEL = '<img src="https://track.mailer.example/o/{}.gif" width="1" height="1" alt="">'


@dataclass(frozen=True)
class Labelled(Mail):
    """A mail with the headers of whoever carried it."""

    label: tuple[tuple[str, str], ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        return {**super().headers, **dict(self.label)}


def labelled(mail: Mail, label: Mapping[str, str], body: str | None = None) -> Mail:
    """A mail with such headers, and with another body where one is given."""
    kept = mail if body is None else replace(mail, body=body)
    return Labelled(**vars(kept), label=tuple(label.items()))


def sentences(errors: Errors) -> list[tuple[str, str]]:
    """Each error by itself: the member, and what is wrong with it."""
    return [(camel_case(member), text) for member, texts in errors.items() for text in texts]


def escaped_for_script(text: str) -> bytes:
    """JSON that may stand in a page: each such sign is an escape."""
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text.encode()


def with_escaped_names(
    mail: Callable[[Party | None], Mail], party: Party | None, escape: Callable[[str], str]
) -> Mail:
    """A template engine escapes what it puts into HTML, and only there."""
    plain = mail(party)
    if party is None or not plain.is_html:
        return plain
    return replace(plain, body=mail(replace(party, name=escape(party.name))).body)


def ends_well(course: tuple[str, ...]) -> bool:
    """Tell whether the last of some send statuses is a success."""
    return course[-1] in statuses.SUCCESSES
