"""Serves the second deployment in threads of this process, and tells what its operator can."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from conformance.selftest.mail_server import MailServer, mail_server
from conformance.selftest.second.answers import BASE
from conformance.selftest.second.app import application
from conformance.selftest.second.orders import Order, Recipient
from conformance.selftest.second.processing import SENDER, Store
from conformance.selftest.second.registers import DOMAIN, ENTRIES, Entry
from conformance.selftest.second.tokens import HOUR, ORGANISATION, SCOPE, Tokens

PROCESSING_SECONDS = 2
CREDENTIALS = {
    "bearer": "CONFORMANCE_BEARER_TOKEN",
    "platform_access_token": "CONFORMANCE_PLATFORM_ACCESS_TOKEN",
    "expired_bearer": "CONFORMANCE_EXPIRED_BEARER_TOKEN",
    "expired_platform_access_token": "CONFORMANCE_EXPIRED_PLATFORM_ACCESS_TOKEN",
    "not_yet_valid_bearer": "CONFORMANCE_NOT_YET_VALID_BEARER_TOKEN",
    "bearer_without_scope": "CONFORMANCE_BEARER_TOKEN_WITHOUT_SCOPE",
    "bearer_with_similar_scope": "CONFORMANCE_BEARER_TOKEN_WITH_SIMILAR_SCOPE",
    "second_organisation_bearer": "CONFORMANCE_SECOND_ORGANISATION_BEARER_TOKEN",
}


@dataclass(frozen=True)
class Deployment:
    """What is needed to judge it: a target file, and the variables that the file refers to."""

    target_file: str
    environment: Mapping[str, str] = field(repr=False)


class OneAnswer(WSGIRequestHandler):
    """HTTP/1.0: a connection ends with its answer. Requests are not logged."""

    protocol_version = "HTTP/1.0"

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def second_deployment() -> Iterator[Deployment]:
    """Serve until the end of the block."""
    tokens = Tokens()
    with mail_server() as mails:
        store = Store(mails.smtp)
        server = make_server(
            "127.0.0.1", 0, application(store, tokens), threaded=True, request_handler=OneAnswer
        )
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        serving.start()
        try:
            with store.processed():
                url = f"http://127.0.0.1:{server.server_port}{BASE}"
                yield Deployment(
                    described(url, mails, text_message(store)), handed_out(tokens, mails)
                )
        finally:
            server.shutdown()
            serving.join()
            server.server_close()


def text_message(store: Store) -> Order:
    """Place an SMS order, for which the API has no operation; its channel is as in the prose."""
    recipients = [Recipient(mobile="+4799999999")]
    order = Order(ORGANISATION, "A text message", recipients, channel="SMS", waiting=False)
    store.add(order)
    return order


def handed_out(tokens: Tokens, mails: MailServer) -> Mapping[str, str]:
    """Return the variables: every credential, and the password of the mailbox."""
    values = {
        "bearer": tokens.altinn(scope=f"openid {SCOPE}"),
        "platform_access_token": tokens.platform(),
        "expired_bearer": tokens.altinn(begins=-2 * HOUR),
        "expired_platform_access_token": tokens.platform(begins=-2 * HOUR),
        "not_yet_valid_bearer": tokens.altinn(begins=HOUR),
        "bearer_without_scope": tokens.altinn(scope="openid"),
        "bearer_with_similar_scope": tokens.altinn(scope=f"{SCOPE}.not"),
        "second_organisation_bearer": tokens.altinn("digdir"),
    }
    variables = {CREDENTIALS[name]: value for name, value in values.items()}
    return variables | {"CONFORMANCE_MAILBOX_PASSWORD": mails.password}


def described(url: str, mails: MailServer, text_message: Order) -> str:
    """Return a target file with everything that can be stated."""
    lines = [
        f'url = "{url}"',
        'name = "second"',
        f'creator = "{ORGANISATION}"',
        f'sender_address = "{SENDER}"',
        f"processing_seconds = {PROCESSING_SECONDS}",
        "token_leeway_seconds = 0",
        f'sms_order = "{text_message.id}"',
        'cancel = "POST /orders/{id}/cancellation"',
        "[credentials]",
        *(f'{name} = "${{{variable}}}"' for name, variable in CREDENTIALS.items()),
        "[mailbox]",
        f'url = "{mails.imap}"',
        f'domain = "{DOMAIN}"',
        f'user = "{mails.user}"',
        'password = "${CONFORMANCE_MAILBOX_PASSWORD}"',
        "[callback]",
        *(identity(each) for each in ENTRIES),
    ]
    return "\n".join(lines)


def identity(entry: Entry) -> str:
    addresses = ", ".join(f'"{each}"' for each in entry.addresses)
    return (
        f"[[identities.{entry.kind}]]\n"
        f'number = "{entry.number}"\nname = "{entry.name}"\naddresses = [{addresses}]'
    )
