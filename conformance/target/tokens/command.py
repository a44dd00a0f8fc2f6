"""A token that a command prints."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from conformance.errors import OperatorError
from conformance.target.tokens.text import cleaned, token_in

COMMAND_SECONDS = 60.0
"""How long a command may take; it may ask for a token over the network itself."""


@dataclass(frozen=True)
class Command:
    """A command that prints a token."""

    name: str
    command: Sequence[str]

    def __call__(self) -> str:
        """Run the command and return what it prints."""
        program = self.command[0]
        try:
            ended = subprocess.run(  # noqa: S603 (the operator's own command, without a shell)
                self.command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=COMMAND_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise OperatorError(
                f"{self.name}: {program} did not end within {COMMAND_SECONDS:g} s",
                "let it print a token without asking anybody",
            ) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise OperatorError(
                f"{self.name}: {program} cannot be started ({reason})",
                "name an executable, with its arguments as a list",
            ) from None
        if ended.returncode:
            last = (ended.stderr.strip().splitlines() or ["it printed no error"])[-1]
            raise OperatorError(
                f"{self.name}: {program} ended with exit code {ended.returncode}"
                f" ({cleaned(last, [ended.stdout.strip()])})",
                "mend the command; run it by itself to see what it prints",
            )
        return token_in(
            ended.stdout, self.name, f"what {program} printed", "let it print one alone"
        )
