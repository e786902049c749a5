"""Printing and writing what a command was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import click

from evalkit.errors import EvalkitError
from evalkit.files.outputs import STANDARD_OUTPUT


def to_standard_output(outputs: Mapping[str, str | None]) -> bool:
    """Whether standard output is taken by a file, so that nothing else may be printed there."""
    return STANDARD_OUTPUT in outputs.values()


def carry_out(tasks: Iterable[Callable[[], object]]) -> None:
    """Print and write all that was asked for, though some of it fail; then the exit code is 1.

    Raises:
        OSError: standard output cannot be written; raised when the rest is done.
    """
    failed, fault = False, None
    for task in tasks:
        try:
            task()
        except EvalkitError as error:
            failed = True
            click.echo(f"evalkit: error: {error}", err=True)
        except OSError as error:
            fault = error
    if fault:
        raise fault
    if failed:
        click.get_current_context().exit(EvalkitError.exit_code)


def option_of(report: str) -> str:
    """The option that asks for a report of this kind."""
    context = click.get_current_context()
    flags = {flag for parameter in context.command.params for flag in parameter.opts}
    return f"--{report}" if f"--{report}" in flags else f"--report {report}="
