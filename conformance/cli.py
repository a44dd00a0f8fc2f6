"""The command line ``notifications-conformance``: options, and who does the work."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from conformance import __version__
from conformance.errors import OperatorError
from conformance.outcomes import USAGE

EDITIONS = ("2024-08", "2025-01")
EFFORTS = ("quick", "standard", "thorough")
EXIT_CODES = """\b
Exit codes:
  0  conformant, or incomplete without --require-complete
  1  nonconformant: a MUST failed
  2  interrupted; what was measured is reported
  3  the suite itself failed
  4  usage, configuration or preflight
  6  incomplete, with --require-complete"""


class Commands(click.Group):
    """A group whose commands tell an operator's mistake in one line, with exit code 4."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command; errors of usage exit with 4, as those of configuration do."""
        kwargs["standalone_mode"] = False
        try:
            sys.exit(super().main(*args, **kwargs) or 0)
        except click.ClickException as error:
            error.show()
            sys.exit(USAGE)
        except OperatorError as error:
            click.echo(f"ERROR: {error}", err=True)
            sys.exit(USAGE)
        except click.Abort:
            sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="notifications-conformance")
def main() -> None:
    """Tell whether a deployment of the Altinn Notifications email API keeps its promises."""


@main.command(epilog=EXIT_CODES)
@click.option("--target", metavar="URL|FILE", help="Base URL or target file; else the reference.")
@click.option("--edition", type=click.Choice(EDITIONS), help="Judge by this edition.")
@click.option("--seed", type=click.IntRange(min=0), help="Repeat the requests of a run.")
@click.option(
    "--effort",
    type=click.Choice(EFFORTS),
    default="standard",
    show_default=True,
    help="How many cases the fuzzing tries.",
)
@click.option(
    "--max-cases", type=click.IntRange(min=1), metavar="N", help="No more cases of a kind than N."
)
@click.option("--only-fuzz", "tests", flag_value="fuzz", help="Only the generated tests.")
@click.option("--no-fuzz", "tests", flag_value="behaviour", help="Only the hand-written tests.")
@click.option("--select", metavar="GLOB", multiple=True, help="Only these requirements.")
@click.option(
    "--reports", metavar="DIR", default="reports", show_default=True, help="Reports go here."
)
@click.option(
    "-n", "processes", type=click.IntRange(1, 64), metavar="N", help="Test in N processes at once."
)
@click.option("--require-complete", is_flag=True, help="Exit 6 when a MUST was not verified.")
@click.option("--fault", metavar="NAME", multiple=True, help="Break the reference deliberately.")
@click.option(
    "--variant", metavar="NAME", multiple=True, help="Let the reference choose otherwise."
)
def run(processes: int | None, tests: str | None, **options: Any) -> int:
    """Judge a deployment, promise by promise.

    Without --target an embedded reference deployment is started and judged. With a URL the
    credential is taken from CONFORMANCE_BEARER_TOKEN or CONFORMANCE_PLATFORM_ACCESS_TOKEN.
    """
    import pytest

    from conformance import plugin
    from conformance.reporting.terminal import Terminal
    from conformance.runner import DisplayHolder

    _keep_others_out()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a CI server cancels: like Ctrl-C
    with Terminal() as terminal:
        holder = DisplayHolder(terminal)
        distribution = ["-p", "xdist", f"-n{processes}"] if processes else []
        folders = [tests] if tests else plugin.TESTS
        arguments = [*plugin.run_of(*folders), *distribution, *_arguments(options)]
        return int(pytest.main(arguments, [holder]))


def _keep_others_out() -> None:
    """Keep options and plugins out that are meant for another use of pytest."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"


def _arguments(options: dict[str, Any]) -> Iterable[str]:
    for name, value in options.items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(value, tuple):
            yield from (f"{option}={each}" for each in value)
        elif value is True:
            yield option
        elif value not in (None, False):
            yield f"{option}={value}"


@main.command()
@click.option("--target", metavar="URL|FILE", help="Base URL or target file; else the reference.")
@click.option("--edition", type=click.Choice(EDITIONS), help="Judge by this edition.")
@click.option("--effort", type=click.Choice(EFFORTS), default="standard", show_default=True)
@click.option("--max-cases", type=click.IntRange(min=1), metavar="N")
@click.option("--select", metavar="GLOB", multiple=True, help="Only these requirements.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the run."
)
def plan(
    target: str | None,
    edition: str | None,
    effort: str,
    max_cases: int | None,
    select: tuple[str, ...],
    seed: int,
) -> None:
    """Say what a run would verify and send at most, without sending anything."""
    from conformance.commands.planned import lines
    from conformance.fuzz.effort import Effort

    _keep_others_out()
    for line in lines(target, edition, Effort(effort, max_cases), select, seed):
        click.echo(line)


@main.command("check-target")
@click.option("--target", metavar="URL|FILE", required=True, help="Base URL or target file.")
def check_target(target: str) -> int:
    """Check a target in seconds: connection, API, clock, credentials, capabilities.

    Places two orders, due in thirty days.
    """
    from conformance.commands.checked import check
    from conformance.target.origin import target_from

    return check(target_from(target, os.environ))


@main.command("target-template")
def target_template() -> None:
    """Print a commented target file, to be filled in."""
    from conformance.resources import PACKAGE

    click.echo((PACKAGE / "target" / "template.toml").read_text("utf-8"), nl=False)


@main.command("list")
@click.option("--unverified", is_flag=True, help="Only what a run could not verify, and why.")
@click.option("--target", metavar="URL|FILE", help="With --unverified: else a URL and a token.")
@click.option("--edition", type=click.Choice(EDITIONS), help="Only of this edition.")
@click.option("--select", metavar="GLOB", multiple=True, help="Only ids that match.")
def list_(
    unverified: bool,
    target: str | None,
    edition: str | None,
    select: tuple[str, ...],
) -> None:
    """List the requirements: id, level and what each needs from the operator."""
    from conformance.commands import listed

    if target and not unverified:
        raise OperatorError("--target goes with --unverified", "add it, or leave --target out")
    if unverified:
        lines = listed.unverified(target, edition, select)
    else:
        lines = listed.requirements(edition, select)
    for line in lines:
        click.echo(line)


@main.command()
@click.argument("id")
def explain(id: str) -> None:
    """Explain one requirement: its sentence, its source, and what it takes to verify it."""
    from conformance.commands.explained import explanation

    for line in explanation(id):
        click.echo(line)


@main.command()
@click.option("--only", metavar="GLOB", multiple=True, help="Only these names or requirements.")
@click.option("--changed", metavar="REV", help="Only what files concern that differ from it.")
@click.option("--list", "lists", is_flag=True, help="Print them, a line each, and judge nothing.")
@click.option("--whole", is_flag=True, help="All tests for each fault, each variant by itself.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "-n",
    "processes",
    type=click.IntRange(1, 64),
    metavar="N",
    default=lambda: 2 * (os.cpu_count() or 1) + 1,
    help="Judge N at once; else one more than twice the cores, as many mostly wait.",
)
@click.option(
    "--reports", metavar="DIR", default="reports", show_default=True, help="The matrix goes here."
)
@click.option("--publish", metavar="FILE", help="Put the figures into this document.")
def adequacy(
    only: tuple[str, ...],
    changed: str | None,
    lists: bool,
    reports: str,
    publish: str | None,
    **options: Any,
) -> int:
    """Test the suite: it finds every fault of the reference and accepts every variant.

    A fault is judged by the tests of the requirement that it breaks, and by all tests when these
    do not find it; variants are judged by all tests, several at once.
    """
    from conformance.adequacy.changed import changed_files, concerned
    from conformance.adequacy.exhibits import exhibits
    from conformance.adequacy.published import Place
    from conformance.commands import adequate

    if publish and (only or changed):
        told = "--publish needs the figures of all faults and variants"
        raise OperatorError(told, "leave out --only and --changed")
    asked = exhibits(only)
    if changed:
        asked = concerned(asked, changed_files(changed))
    if lists:
        for line in adequate.listed(asked):
            click.echo(line)
        return 0
    _keep_others_out()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not asked:
        click.echo("nothing to judge: the change concerns no fault and no variant")
        return 0
    place = Place(Path(publish), "adequacy") if publish else None
    return adequate.adequacy(asked, reports=Path(reports), place=place, **options)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=5090,
    show_default=True,
    help="Port; 0 finds one.",
)
@click.option(
    "--speed", type=float, default=60.0, show_default=True, help="Times as fast as in the field."
)
@click.option("--smtp", metavar="HOST:PORT", help="Send the mail to this SMTP server, too.")
@click.option("--fault", metavar="NAME", multiple=True, help="Break it deliberately.")
@click.option("--variant", metavar="NAME", multiple=True, help="Let it choose otherwise.")
@click.option(
    "--write-target",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a target file.",
)
@click.option(
    "--write-environment",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the credentials for a shell.",
)
def serve(write_target: Path | None, write_environment: Path | None, **options: Any) -> int:
    """Start the reference deployment alone, as a sandbox; Ctrl-C stops it."""
    from conformance.target.embedded import Embedded
    from conformance.target.sandbox import environment, introduction, target_file

    embedded = Embedded(list(_arguments(options)))
    try:
        exports = list(environment(embedded.announced))
        if write_environment:
            _write(write_environment, "\n".join([*exports, ""]))
        if write_target:
            _write(write_target, target_file(embedded.announced))
        for line in introduction(embedded.announced):
            click.echo(line)
        for line in [] if write_environment else ["", "Credentials, for a shell:", *exports]:
            click.echo(line)
        return embedded.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        embedded.stop()


def _write(file: Path, text: str) -> None:
    """Write a file for its owner's eyes; raise OperatorError when that is not possible."""
    try:
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperatorError(
            f"{file} cannot be written ({error.strerror})", "name another file"
        ) from None
