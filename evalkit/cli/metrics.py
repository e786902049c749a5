"""evalkit metrics: which there are, what they need, and getting their models ahead of time."""

from __future__ import annotations

import sys

import click


@click.group(short_help="List, describe and fetch metrics.")
def command() -> None:
    """Metrics that `--metric` takes."""


@command.command("list")
def list_metrics() -> None:
    """List the metrics, the short names of checkpoints with licence and size, and the other forms."""
    from rich.console import Console
    from rich.table import Table

    from evalkit.metrics.checkpoints import SHORT_NAMES
    from evalkit.plugins import METRICS

    console = Console(width=None if sys.stdout.isatty() else 120)
    plain = [name for name in METRICS.names() if not name.startswith("gemba")]
    console.print(f"Without a download: {', '.join(plain)}", highlight=False)
    console.print()
    table = Table(box=None, pad_edge=False)
    for heading in ("--metric", "model", "needs", "better", "size", "licence"):
        table.add_column(heading, no_wrap=heading in ("--metric", "size"))
    for name, model in SHORT_NAMES.items():
        licence = f"{model.licence}, gated" if model.gated else model.licence
        table.add_row(
            name,
            model.repository,
            " and ".join(sorted(model.needs, reverse=True)),
            "higher" if model.higher_is_better else "lower",
            f"{model.megabytes:,} MB",
            licence,
        )
    console.print(table)
    console.print()
    for form, meaning in FORMS.items():
        console.print(f"{form:<30}{meaning}", markup=False, highlight=False)


FORMS = {
    "comet:ORG/NAME[@REV]|FOLDER": "any checkpoint of COMET's classes",
    "metricx:ORG/NAME[@REV]|FOLDER": "any MetricX 23 or 24",
    "gemba-mqm:MODEL": "a language model as a judge of errors (OPENAI_BASE_URL, OPENAI_API_KEY)",
    "gemba-esa:MODEL": "a language model as a judge of errors, then of quality",
    "NAME=METRIC": "any of them under a name of your own",
}


@command.command()
@click.argument("name")
def info(name: str) -> None:
    """Describe NAME, a metric or a short name: what it needs, and its signature if its model is here."""
    from evalkit.engines.hub import no_downloads
    from evalkit.errors import ModelUnavailable
    from evalkit.metrics import get_metric
    from evalkit.metrics.checkpoints import SHORT_NAMES

    if known := SHORT_NAMES.get(name):
        for label, value in known.described().items():
            click.echo(f"{label:<14}{value}")
    try:
        with no_downloads():
            metric = get_metric(name)
    except ModelUnavailable:
        if name not in SHORT_NAMES:
            raise
        click.echo(f"{'here':<14}no: `evalkit metrics fetch {name}`")
        return
    click.echo(f"{'signature':<14}{metric.signature('corpus')}")


@command.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
def fetch(names: tuple[str, ...]) -> None:
    """Download the models of metrics for later use without a network."""
    from evalkit.errors import InputError
    from evalkit.metrics import get_metric
    from evalkit.metrics.checkpoints import SHORT_NAMES
    from evalkit.metrics.registry import parse_metric

    for name in names:
        kind = parse_metric(name)[1]
        if kind not in SHORT_NAMES:
            raise InputError(f"{name} has no model to fetch")
        click.echo(f"{name}: {get_metric(name).signature('corpus')}")
