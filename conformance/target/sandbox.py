"""What the reference deployment tells of itself when it is served as a sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.target.credentials import ENVIRONMENT
from conformance.target.description import CAPABILITY_OF_IDENTITIES


def introduction(announced: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that ``serve`` prints: URL, mailbox, identities."""
    yield f"Reference deployment: {announced['url']}"
    yield f"Delivered mail:       {announced['mailbox']} (the API of Mailpit)"
    generator = announced["token_generator"]
    yield f"Token generator:      {generator['url']} ({generator['user']}:{generator['password']})"
    yield f"Organisations:        {announced['creator']}, {announced['second_creator']}"
    yield f"SMS order:            {announced['sms_order']['id']}"
    yield ""
    for kind in CAPABILITY_OF_IDENTITIES:
        yield f"{kind.replace('_', ' ').capitalize()}:"
        for each in announced["identities"][kind]:
            yield f"  {each['number']:<12} {each['name']} {' '.join(each['addresses'])}".rstrip()


def environment(announced: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a shell that set the credentials of the sandbox."""
    for name, variable in ENVIRONMENT.items():
        yield f"export {variable}='{announced['credentials'][name]}'"


def target_file(announced: Mapping[str, Any], *, cancels: bool = True) -> str:
    """Return a target file in TOML; its credentials refer to the environment.

    Args:
        announced: what the reference says of itself.
        cancels: whether orders that are not due are cancelled at the end of a run.
    """
    lines = [
        'name = "reference"',
        f"url = {json.dumps(announced['url'])}",
        f"creator = {json.dumps(announced['creator'])}",
        f"processing_seconds = {announced['processing_seconds']}",
        f"sms_order = {json.dumps(announced['sms_order']['id'])}",
        f"sender_address = {json.dumps(announced['sender'])}",
        *(['cancel = "PUT /orders/{id}/cancel"'] if cancels else []),
        "",
        "[callback]",
        "",
        "[mailbox]",
        f"url = {json.dumps(announced['mailbox'])}",
        "",
        "[credentials]",
        *(f'{name} = "${{{variable}}}"' for name, variable in ENVIRONMENT.items()),
    ]
    for kind in CAPABILITY_OF_IDENTITIES:
        for each in announced["identities"][kind]:
            lines += ["", f"[[identities.{kind}]]"]
            lines += [
                f"{key} = {json.dumps(each[key], ensure_ascii=False)}"
                for key in ("number", "name", "addresses")
            ]
    return "\n".join(lines) + "\n"
