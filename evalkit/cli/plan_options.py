"""From the options of a command to a `Plan`: what was given on the command line, on top of a plan from a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click
from click.core import ParameterSource

from evalkit.plan import Plan

# Options that the command line calls otherwise than the plan.
NAMES = {
    "paths": "inputs",
    "mt": "systems",
    "metric": "metrics",
    "input_format": "format",
    "provided_column": "provided_columns",
    "translation_column": "translation_columns",
    "confidence_n": "resamples",
    "paired_bs_n": "resamples",
    "paired_ar_n": "randomizations",
}
GIVEN = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT, ParameterSource.PROMPT)

plan_option = click.option(
    "--plan",
    "plan_file",
    metavar="FILE",
    help="Run a plan again: TOML, or the JSON manifest of an earlier run. Options given beside it win.",
)


glossary_option = click.option(
    "--glossary",
    metavar="FILE",
    help="Prescribed translations of terms: TSV (source, translation) or TBX.",
)


def language_option(command: Callable) -> Callable:
    """Add ``-l/--language-pair`` to a command."""
    return click.option(
        "-l",
        "--language-pair",
        metavar="SOURCE-TARGET",
        default=Plan().language_pair,
        show_default=True,
        help="Languages of the source and of the translations.",
    )(command)


def plan_from_options(options: Mapping[str, Any]) -> Plan:
    """The plan of the running command.

    An option that was not given has the value of the plan file, or the default of `Plan`; one that was given has its
    value, be it 0 or empty. Options that no plan has (--quiet) are left to the command.

    Raises:
        InputError: the plan file is none, or an option cannot have its value.
    """
    from evalkit.plan_files import read_plan

    context = click.get_current_context()
    given = {
        name: value
        for name, value in options.items()
        if context.get_parameter_source(name) in GIVEN
    }
    file = options.get("plan_file")
    base = read_plan(file) if file else Plan()
    changed = {NAMES.get(name, name): value for name, value in _renamed(given).items()}
    if not changed.get("inputs"):
        changed.pop("inputs", None)
    return base.overridden({n: v for n, v in changed.items() if n not in NO_PART_OF_A_PLAN})


# What commands have besides the options of a plan.
NO_PART_OF_A_PLAN = frozenset({"plan_file", "quiet", "format_", "output"})


def _renamed(given: Mapping[str, Any]) -> dict[str, Any]:
    """The memory is two options of the plan, and so is the absence of one."""
    found = dict(given)
    if "memory_path" in found and found.get("no_memory"):
        raise click.UsageError("--memory and --no-memory exclude each other")
    if "memory_path" in found:
        found["memory"], found["use_memory"] = str(found.pop("memory_path")), True
    if "no_memory" in found:
        found["use_memory"] = not found.pop("no_memory")
    return found
