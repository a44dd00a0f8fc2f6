"""The embedded reference deployment as a target: a process of its own, over real HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.clock import Clock
from conformance.errors import OperatorError
from conformance.target.credentials import ENVIRONMENT
from conformance.target.description import CAPABILITY_OF_IDENTITIES, Target, describe

SPEED = 240.0
"""How much faster than a deployment in the field it processes: a minute takes a quarter second."""


class Embedded:
    """A reference deployment that runs until it is stopped, or until this process ends.

    Args:
        options: of ``python -m conformance.reference``, such as ``--fault NAME``.

    Attributes:
        announced: what it says of itself: URL, credentials, identities.

    Raises:
        OperatorError: when it does not start.
    """

    def __init__(self, options: Sequence[str] = ()) -> None:
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (until it stops)
        command = [sys.executable, "-P", "-m", "conformance.reference", "--speed", str(SPEED)]
        self._process = subprocess.Popen(  # noqa: S603 (its own interpreter and module)
            [*command, "--stop-with-stdin", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise OperatorError(
                self._last_words(), "see --help, and `adequacy --list` for their names"
            )
        self.announced: Mapping[str, Any] = json.loads(line)

    @property
    def target(self) -> Target:
        """The target that it announced."""
        return target_of(self.announced)

    def wait(self) -> int:
        """Wait until it ends and return its exit code."""
        return self._process.wait()

    def stop(self) -> None:
        """Stop it and wait for its end."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdout, self._errors):
            if stream:
                stream.close()

    def _last_words(self) -> str:
        self._process.wait(timeout=10)
        self._errors.seek(0)
        told = self._errors.read().strip()
        self.stop()
        last = told.splitlines()[-1] if told else f"it ended with {self._process.returncode}"
        return f"the reference deployment did not start ({last})"


def target_of(announced: Mapping[str, Any]) -> Target:
    """Return the target that the reference deployment announces when it is ready."""
    values = {
        "name": "reference",
        "url": announced["url"],
        "creator": announced["creator"],
        "credentials": {name: announced["credentials"][name] for name in ENVIRONMENT},
        "identities": {name: announced["identities"][name] for name in CAPABILITY_OF_IDENTITIES},
        "mailbox": {"url": announced["mailbox"]},
        "processing_seconds": announced["processing_seconds"],
        "sms_order": announced["sms_order"]["id"],
        "callback": {},
        "sender_address": announced["sender"],
    }
    return describe(
        values, {name: f"${variable}" for name, variable in ENVIRONMENT.items()}, Clock()
    )
