"""The one line that tells whoever started the server where it is and how to use it."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from conformance.reference import registers, sample
from conformance.reference.credentials import ORGANISATION, SECOND_ORGANISATION, Authority
from conformance.reference.gallery import BASE_PATH, SENDER
from conformance.reference.pace import Pace
from conformance.reference.registers import Party
from conformance.reference.token_generator import PATH, TokenGenerator


def announcement(origin: str, pace: Pace, authority: Authority, generator: TokenGenerator) -> str:
    """The line: where the server is, and all that it takes to test it."""
    told = {
        "url": f"{origin}{BASE_PATH}",
        "creator": ORGANISATION,
        "second_creator": SECOND_ORGANISATION,
        "sender": SENDER,
        "speed": pace.speed,
        "processing_seconds": pace.processing_seconds,
        "credentials": authority.credentials(),
        "token_generator": {
            "url": f"{origin}{PATH}",
            "user": generator.user,
            "password": generator.password,
        },
        "identities": _identities(),
        "mailbox": f"{origin}/mailbox",
        "sms_order": _sms_order(),
    }
    return json.dumps(told)


def announce(line: str, file: Path | None) -> None:
    """To the file, which is never seen half written, or to standard output."""
    if file is None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        return
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(line + "\n", encoding="utf-8")
    draft.replace(file)


def _identities() -> dict[str, object]:
    return {
        "reachable_people": _parties(registers.REACHABLE_PEOPLE),
        "reserved_people": _parties(registers.RESERVED_PEOPLE),
        "contactless_people": _parties(registers.CONTACTLESS_PEOPLE),
        "reachable_organisations": _parties(registers.REACHABLE_ORGANISATIONS),
        "contactless_organisations": _parties(registers.CONTACTLESS_ORGANISATIONS),
    }


def _parties(parties: Iterable[Party]) -> list[dict[str, object]]:
    return [
        {"number": party.number, "name": party.name, "addresses": list(party.addresses)}
        for party in parties
    ]


def _sms_order() -> dict[str, object]:
    return {
        "id": sample.SAMPLE_ID,
        "recipients": [{"mobileNumber": sample.SAMPLE_RECIPIENT.mobile_number}],
        "senderNumber": sample.SAMPLE_TEMPLATE.sender_number,
        "body": sample.SAMPLE_TEMPLATE.body,
    }
