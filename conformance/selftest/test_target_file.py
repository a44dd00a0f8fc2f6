"""Target files: references to the environment, what may not stand in them, and their mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from conformance.errors import OperatorError
from conformance.target.description import Callback, Mailbox, Target
from conformance.target.origin import target_from
from conformance.target.permits import Budget

SECRET = "hunter-22"
URL = "https://host.example/notifications/api/v1"
ENVIRON = {"TOKEN": "a.b.c", "MY_SECRET": SECRET, "EMPTY": "", "BLANK": "  ", "MY_URL": URL}
BARE = f"""\
url = "{URL}"

[credentials]
bearer = "${{TOKEN}}"
"""


def described(tmp_path: Path, text: str, **environ: str) -> Target:
    file = tmp_path / "target.toml"
    file.write_text(text, encoding="utf-8")
    return target_from(str(file), {**ENVIRON, **environ})


def refused(tmp_path: Path, text: str, **environ: str) -> OperatorError:
    """The one line that tells what is wrong; no secret is in it."""
    with pytest.raises(OperatorError) as error:
        described(tmp_path, text, **environ)
    told = str(error.value)
    assert "\n" not in told
    assert not [each for each in (SECRET, "a.b.c", "eyJ", "12345") if each in told]
    assert error.value.mend
    return error.value


# References

EVERYWHERE = """\
url = "${MY_URL}"
name = "${NAME}"
edition = "${EDITION}"
creator = " ${CREATOR} "
sms_order = "${SMS}"
cancel = "${CANCEL}"

[credentials]
bearer = "${TOKEN}"

[mailbox]
url = "${MAIL_URL}"
user = "${USER}"
password = "${MY_SECRET}"

[callback]
listen = "${LISTEN}"

[[identities.reachable_people]]
number = "${NUMBER}"
name = "${PERSON}"
addresses = ["fixed@example.com", "${ADDRESS}"]
"""
VALUES = {
    "NAME": "staging",
    "EDITION": "2024-08",
    "CREATOR": "ttd",
    "SMS": "5b0f5c1e-6d3a-4b7e-9c55-2f1f0a7d9e10",
    "CANCEL": "PUT /orders/{id}/cancel",
    "MAIL_URL": "imaps://mail.example.com",
    "USER": "me",
    "LISTEN": "127.0.0.1:8080",
    "NUMBER": "01828531200",
    "PERSON": "Kari ${NOT_A_REFERENCE} Nordmann",
    "ADDRESS": "kari@example.com",
}


def test_references_may_stand_anywhere(tmp_path: Path) -> None:
    target = described(tmp_path, EVERYWHERE, **VALUES)
    assert (target.url, target.name, target.edition) == (URL, "staging", "2024-08")
    assert (target.creator, target.sms_order) == ("ttd", VALUES["SMS"])
    assert target.cancel == VALUES["CANCEL"]
    assert target.mailbox == Mailbox("imaps://mail.example.com", user="me", password=SECRET)
    assert target.callback == Callback("127.0.0.1:8080")
    person = target.identities["reachable_people"][0]
    assert (person.number, person.name) == ("01828531200", VALUES["PERSON"])
    assert person.addresses == ("fixed@example.com", "kari@example.com")


def test_a_credential_is_shown_by_its_variable(tmp_path: Path) -> None:
    target = described(tmp_path, BARE)
    assert (target.main.value, target.main.shown) == ("Bearer a.b.c", "Bearer $TOKEN")


@pytest.mark.parametrize("variable", ["UNSET", "EMPTY", "BLANK"])
@pytest.mark.parametrize(
    ("line", "at"),
    [
        ('creator = "${X}"\n' + BARE, 1),
        (BARE.replace("${TOKEN}", "${X}"), 4),
        (BARE + '[mailbox]\nurl = "imaps://m.example"\npassword = "${X}"\n', 7),
        (BARE + '[[identities.reserved_people]]\nnumber = "${X}"\n', 6),
    ],
    ids=["text", "token", "password", "number"],
)
def test_a_variable_that_is_not_set_is_told(
    tmp_path: Path, variable: str, line: str, at: int
) -> None:
    error = refused(tmp_path, line.replace("${X}", f"${{{variable}}}"))
    assert error.what.endswith(f"target.toml:{at}: {variable} is not set")
    assert error.mend.startswith(f"export {variable}, or remove ")


@pytest.mark.parametrize("value", ["https://${MY_URL}/x", "${MY_URL}/x", "${MY_URL}${MY_URL}"])
def test_a_reference_stands_alone(tmp_path: Path, value: str) -> None:
    error = refused(tmp_path, BARE.replace(URL, value))
    assert error.what.endswith("target.toml:1: url has more in it than a reference")


def test_what_a_variable_holds_is_checked_as_well(tmp_path: Path) -> None:
    error = refused(tmp_path, EVERYWHERE, **VALUES | {"EDITION": "2023-01"})
    assert "target.toml:3: edition: '2023-01' is not one of" in error.what
    error = refused(tmp_path, EVERYWHERE, **VALUES | {"NUMBER": "01025531200"})
    assert "target.toml:20: 01025531200 in reachable_people" in error.what


def test_the_arguments_of_a_command_are_its_own(tmp_path: Path) -> None:
    told = 'bearer = { command = ["sh", "-c", "echo ${TOKEN} a.b.c"] }'
    target = described(tmp_path, BARE.replace('bearer = "${TOKEN}"', told))
    assert target.main.shown == "Bearer $CONFORMANCE_BEARER_TOKEN"


# Secrets

GENERATOR = """\
[credentials.bearer.generator]
url = "https://generator.example/token"
user = "me"
password = "${MY_SECRET}"
parameters = { env = "tt02", ttl = 60 }
"""
MASKINPORTEN = """\
[credentials.bearer.maskinporten]
issuer = "https://test.maskinporten.no/"
client_id = "a-client"
key = "${KEY}"
"""
MAILBOX = BARE + '[mailbox]\nurl = "imaps://m.example"\npassword = "${MY_SECRET}"\n'
LITERAL = {
    "bearer": (BARE.replace("${TOKEN}", "eyJ.a.b"), 4, "bearer"),
    "dollar": (BARE.replace("${TOKEN}", "$TOKEN"), 4, "bearer"),
    "beside a reference": (BARE.replace("${TOKEN}", "Bearer ${TOKEN}"), 4, "bearer"),
    "expired": (BARE + f'expired_bearer = "{SECRET}"\n', 5, "expired_bearer"),
    "mailbox": (MAILBOX.replace("${MY_SECRET}", SECRET), 7, "password"),
    "generator": (f'url = "{URL}"\n' + GENERATOR.replace("${MY_SECRET}", SECRET), 5, "password"),
    "maskinporten": (f'url = "{URL}"\n' + MASKINPORTEN.replace("${KEY}", SECRET), 5, "key"),
    "inline": (
        BARE.replace(
            '"${TOKEN}"',
            f'{{ generator = {{ url = "https://g.example", user = "u", password = "{SECRET}" }} }}',
        ),
        4,
        "password",
    ),
}


@pytest.mark.parametrize(("text", "line", "key"), LITERAL.values(), ids=LITERAL)
def test_a_literal_secret_is_refused(tmp_path: Path, text: str, line: int, key: str) -> None:
    error = refused(tmp_path, text)
    assert error.what.endswith(f"target.toml:{line}: {key} refers to no variable")
    assert f'write {key} = "${{' in error.mend


@pytest.mark.parametrize("value", ["12345", f'["{SECRET}"]', "true"])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BARE.replace('"${TOKEN}"', "VALUE"), 4),
        (MAILBOX.replace('"${MY_SECRET}"', "VALUE"), 7),
        (f'url = "{URL}"\n' + GENERATOR.replace('"${MY_SECRET}"', "VALUE"), 5),
    ],
    ids=["token", "mailbox", "generator"],
)
def test_a_secret_that_is_no_text_is_refused_and_not_told(
    tmp_path: Path, value: str, text: str, line: int
) -> None:
    error = refused(tmp_path, text.replace("VALUE", value))
    assert f"target.toml:{line}: " in error.what
    assert error.what.endswith("is not of the form that is expected")


@pytest.mark.parametrize(
    "url", ["url", "mailbox.url", "credentials.bearer.generator.url", "callback.public_url"]
)
def test_a_password_in_a_url_is_refused(tmp_path: Path, url: str) -> None:
    texts = {
        "url": BARE.replace("https://", f"https://me:{SECRET}@"),
        "mailbox.url": MAILBOX.replace("imaps://", f"imaps://me:{SECRET}@"),
        "credentials.bearer.generator.url": f'url = "{URL}"\n'
        + GENERATOR.replace("https://", f"https://me:{SECRET}@"),
        "callback.public_url": BARE + f'[callback]\npublic_url = "https://me:{SECRET}@h.example"\n',
    }
    assert f": {url}: is not of the form" in refused(tmp_path, texts[url]).what


# Where tokens come from


@pytest.mark.parametrize(
    "text",
    [
        BARE.replace('"${TOKEN}"', '{ command = ["get-token"] }'),
        f'url = "{URL}"\n[credentials.bearer]\ncommand = ["get-token"]\n',
        f'url = "{URL}"\n' + GENERATOR,
        BARE + GENERATOR.replace("bearer.", "second_organisation_bearer."),
    ],
)
def test_tables_of_credentials_are_accepted(tmp_path: Path, text: str) -> None:
    target = described(tmp_path, text)
    assert target.main.shown.startswith("Bearer $")
    assert {"bearer-token", "forgeable-token"} & target.capabilities
    assert SECRET not in repr(target)


def source(text: str) -> str:
    return BARE.replace('"${TOKEN}"', text)


SOURCES: Mapping[str, tuple[str, str, str]] = {
    "misspelt": (source("{ comand = [] }"), ":4: unknown key 'comand'", "'command'"),
    "misspelt inside": (
        f'url = "{URL}"\n' + GENERATOR.replace("user", "username"),
        ":4: unknown key 'username'",
        "'user'",
    ),
    "text": (source('{ command = "get-token" }'), ":4: credentials.bearer.command: ", "as a list"),
    "nothing to run": (source("{ command = [] }"), ":4: credentials.bearer.command: ", "command"),
    "nothing": (source("{}"), ":4: credentials.bearer: ", "command, maskinporten or generator"),
    "two": (
        source('{ command = ["x"], generator = {} }'),
        ":4: credentials.bearer: ",
        "command, maskinporten or generator",
    ),
    "without a key": (
        f'url = "{URL}"\n' + MASKINPORTEN.replace('key = "${KEY}"\n', ""),
        ":2: credentials.bearer.maskinporten: 'key' is missing",
        "Maskinporten",
    ),
    "without a password": (
        f'url = "{URL}"\n' + GENERATOR.replace('password = "${MY_SECRET}"\n', ""),
        ":2: credentials.bearer.generator: 'password' is missing",
        "generator",
    ),
    "no url": (
        f'url = "{URL}"\n' + GENERATOR.replace("https:", "ftp:"),
        ":3: credentials.bearer.generator.url: is not of the form",
        "URL",
    ),
    "parameter": (
        f'url = "{URL}"\n' + GENERATOR.replace("60", "[60]"),
        ":6: credentials.bearer.generator.parameters.ttl: is not of the form",
        "",
    ),
    "in clear": (
        f'url = "{URL}"\n' + GENERATOR.replace("https:", "http:"),
        "bearer.generator.url: http would send secrets in clear",
        "use https",
    ),
    "no key": (
        f'url = "{URL}"\n' + MASKINPORTEN.replace("${KEY}", "${MY_SECRET}"),
        "bearer: the key of maskinporten is no private RSA key",
        "JWK",
    ),
}


@pytest.mark.parametrize(("text", "what", "mend"), SOURCES.values(), ids=SOURCES)
def test_a_source_that_cannot_work_is_told(tmp_path: Path, text: str, what: str, mend: str) -> None:
    error = refused(tmp_path, text)
    assert what in error.what
    assert mend in error.mend


# Identities

PEOPLE = """
[[identities.reserved_people]]
number = "11876995923"

[[identities.reserved_people]]
number = "{}"
"""
ORGANISATIONS = '[identities]\ncontactless_organisations = [ {{ number = "{}" }} ]\n'
REAL = ["01015012345", "31120099999", "41015012345", "01525012345", "01405012345", "01935012345"]


@pytest.mark.parametrize("number", REAL)
def test_a_number_that_could_be_a_living_persons_is_refused(tmp_path: Path, number: str) -> None:
    with pytest.raises(OperatorError) as error:
        described(tmp_path, BARE + PEOPLE.format(number))
    assert f"target.toml:10: {number} in reserved_people could be a living" in error.value.what
    assert "CONFORMANCE_REAL_IDENTITIES=allowed" in error.value.mend


@pytest.mark.parametrize("number", ["911825827", "811825827", "123456789", "400000000"])
def test_a_number_that_could_be_a_real_organisations_is_refused(
    tmp_path: Path, number: str
) -> None:
    with pytest.raises(OperatorError) as error:
        described(tmp_path, BARE + ORGANISATIONS.format(number))
    assert f"target.toml:6: {number} in contactless_organisations could be a real" in str(
        error.value
    )


@pytest.mark.parametrize("said", ["", "yes", "true", "Allowed", "1"])
def test_only_the_one_word_insists(tmp_path: Path, said: str) -> None:
    with pytest.raises(OperatorError, match="living"):
        described(tmp_path, BARE + PEOPLE.format(REAL[0]), CONFORMANCE_REAL_IDENTITIES=said)


def test_whoever_insists_may_name_real_numbers(tmp_path: Path) -> None:
    text = (
        BARE
        + PEOPLE.format(REAL[0])
        + ORGANISATIONS.format("911825827")
        .replace("[identities]\n", "[[identities.contactless_organisations]]\n")
        .replace("contactless_organisations = [ { ", "")
        .replace(" } ]", "")
    )
    target = described(tmp_path, text, CONFORMANCE_REAL_IDENTITIES="allowed")
    assert target.identities["reserved_people"][1].number == REAL[0]
    assert target.identities["contactless_organisations"][0].number == "911825827"


@pytest.mark.parametrize("number", ["01828531200", "31925031234", "01815012345"])
def test_synthetic_numbers_are_accepted(tmp_path: Path, number: str) -> None:
    target = described(tmp_path, BARE + PEOPLE.format(number))
    assert target.identities["reserved_people"][1].number == number


@pytest.mark.parametrize(
    ("number", "told"), [("123", "11 digits"), ("1182853120x", "11 digits"), ("", "11 digits")]
)
def test_a_number_of_another_form_is_told(tmp_path: Path, number: str, told: str) -> None:
    error = refused(tmp_path, BARE + PEOPLE.format(number))
    assert "target.toml:10: identities.reserved_people.1.number" in error.what
    assert told in error.mend


# The rest of the file

MISTAKES = {
    "budget": ("[budget]\norder = 5\n", ":6: unknown key 'order'", "'orders'"),
    "budget of none": ("[budget]\norders = 0\n", ":6: budget.orders: 0 is less than", "How many"),
    "budget text": ('[budget]\norders = "many"\n', ":6: budget.orders: 'many' is not", "How many"),
    "listen": ('[callback]\nlisten = "8080"\n', ":6: callback.listen: is not of", "0.0.0.0:8080"),
    "mailbox without url": ('[mailbox]\nuser = "u"\n', ":5: mailbox: 'url' is missing", "read"),
    "mailbox scheme": ('[mailbox]\nurl = "pop3://m"\n', ":6: mailbox.url: is not of", "imaps://"),
    "mailbox port": ('[mailbox]\nurl = "imap://m:99999"\n', ":6: the port of url", "65535"),
    "public port": ('[callback]\npublic_url = "http://m:9x"\n', ":6: the port of", "65535"),
    "no name": (
        '[[identities.reachable_people]]\nnumber = "01828531200"\naddresses = ["a@b.c"]\n',
        ":5: identities.reachable_people.0: 'name' is missing",
        "number, name and addresses",
    ),
}


@pytest.mark.parametrize(("text", "what", "mend"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_line_and_mend(
    tmp_path: Path, text: str, what: str, mend: str
) -> None:
    error = refused(tmp_path, BARE + text)
    assert f"target.toml{what}" in error.what
    assert mend in error.mend


TOP = {
    "cancel": ('cancel = "GET /orders/{id}"', "cancel: is not of the form"),
    "cancel without id": ('cancel = "PUT /orders/cancel"', "cancel: is not of the form"),
    "rate": ("requests_per_second = 0", "requests_per_second: 0 is less than or equal"),
    "sms order": ('sms_order = "an-id"', "sms_order: is not of the form"),
    "patience": ("processing_seconds = 36000", "processing_seconds: 36000 is greater"),
    "edition": ('edition = "2030-01"', "edition: '2030-01' is not one of"),
}


@pytest.mark.parametrize(("line", "told"), TOP.values(), ids=TOP)
def test_a_value_that_makes_no_sense_is_told(tmp_path: Path, line: str, told: str) -> None:
    assert f"target.toml:1: {told}" in refused(tmp_path, f"{line}\n{BARE}").what


@pytest.mark.parametrize("port", ["99999", "-1", "9x"])
def test_a_port_that_is_none_is_told(tmp_path: Path, port: str) -> None:
    url = URL.replace(".example", f".example:{port}")
    assert "target.toml:1: the port of url" in refused(tmp_path, BARE.replace(URL, url)).what
    with pytest.raises(OperatorError, match="is no base URL"):
        target_from(url, {"CONFORMANCE_BEARER_TOKEN": "a.b.c"})


def test_manners_are_part_of_the_target(tmp_path: Path) -> None:
    manners = 'cancel = "DELETE /orders/{id}"\nrequests_per_second = 2.5\n'
    budget = "[budget]\nrequests = 5\norders = 4\nemails = 0\nseconds = 1.5\n"
    target = described(tmp_path, manners + BARE + budget)
    assert (target.cancel, target.requests_per_second) == ("DELETE /orders/{id}", 2.5)
    assert target.budget == Budget(5, 4, 0, 1.5)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
def test_files_of_any_editor_are_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "target.toml"
    file.write_bytes(BARE.replace("\n", "\r\n").encode(encoding))
    assert target_from(str(file), ENVIRON).url == URL


@pytest.mark.parametrize("text", [b"\xff\xfe", b"url = ", BARE.encode("utf-16")])
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "target.toml"
    file.write_bytes(text)
    with pytest.raises(OperatorError, match=r"UTF-8|mend the TOML") as error:
        target_from(str(file), ENVIRON)
    assert "\n" not in str(error.value)
