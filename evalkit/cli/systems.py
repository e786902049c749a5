"""evalkit systems: which there are, what they are, and getting them ahead of time."""

from __future__ import annotations

import sys

import click

from evalkit.plan import Plan

_pair_option = click.option(
    "-l",
    "--language-pair",
    "pair",
    metavar="SOURCE-TARGET",
    default=Plan().language_pair,
    show_default=True,
    help="Languages, for a short name that stands for several models.",
)


@click.group(short_help="List, describe and fetch translation systems.")
def command() -> None:
    """Systems that `--mt` takes."""


@command.command("list")
def list_systems() -> None:
    """List the built-in model, the short names, and the other kinds."""
    from rich.console import Console
    from rich.table import Table

    from evalkit.engines.model_folder import BUILTIN_MODEL
    from evalkit.systems.catalogue import KINDS, SHORT_NAMES

    table = Table(box=None, pad_edge=False)
    for heading in ("--mt", "model", "size", "languages", "licence"):
        table.add_column(heading, no_wrap=heading != "languages")
    here = sum(file.stat().st_size for file in BUILTIN_MODEL.glob("*") if file.is_file()) / 1e6
    table.add_row("builtin", "part of evalkit", f"{here:,.0f} MB", "Russian to English", "its card")
    for name, model in SHORT_NAMES.items():
        size = f"{model.megabytes:,} MB"
        table.add_row(name, model.repository, size, model.languages, model.licence)
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table)
    console.print()
    for form, meaning in KINDS.items():
        console.print(f"{form:<28}{meaning}", markup=False, highlight=False)


@command.command()
@click.argument("spec")
@_pair_option
def info(spec: str, pair: str) -> None:
    """Describe SPEC: what is known of it, whether it is here, and its fingerprint if it is."""
    from evalkit.engines.hub import no_downloads
    from evalkit.errors import ModelUnavailable
    from evalkit.languages import language_pair
    from evalkit.systems import open_system
    from evalkit.systems.catalogue import SHORT_NAMES, repository_of

    model = SHORT_NAMES.get(spec)
    if model:
        click.echo(f"{'model':<14}{repository_of(spec, language_pair(pair))}")
        for label, value in model.described().items():
            click.echo(f"{label:<14}{value}")
    try:
        with no_downloads():
            system = open_system(spec, pair=language_pair(pair))
    except ModelUnavailable:
        if model is None:
            raise
        click.echo(f"{'here':<14}no: `evalkit systems fetch {spec}`")
        return
    click.echo(f"{'here':<14}{system.location or 'yes'}")
    for label, value in system.fingerprint.items():
        click.echo(f"{label:<20}{value}")


@command.command()
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True)
@_pair_option
@click.option("--allow-pickle", is_flag=True, help="Fetch pickled weights too. See the docs.")
def fetch(specs: tuple[str, ...], pair: str, allow_pickle: bool) -> None:
    """Download models (short names or hf:ORG/NAME[@REVISION]) for later use without a network."""
    from evalkit.engines.hub import model_folder
    from evalkit.errors import InputError
    from evalkit.languages import language_pair
    from evalkit.systems.registry import parse_spec

    for spec in specs:
        _, kind, argument = parse_spec(spec, language_pair(pair))
        if kind not in ("hf", "builtin"):
            raise InputError(f"{spec} is not a model of the hub: there is nothing to fetch")
        if kind == "builtin":
            click.echo("builtin: part of evalkit, nothing to fetch")
            continue
        folder, revision = model_folder(argument, allow_pickle=allow_pickle)
        click.echo(f"{argument} {revision}: {folder}")
