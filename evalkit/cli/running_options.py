"""Options of where a run happens, and where its parts are kept."""

from __future__ import annotations

from collections.abc import Callable

import click

_OPTIONS = (
    click.option(
        "--out",
        metavar="FOLDER",
        help="Write the results there part by part, and a CSV of all; a killed run goes on from its parts.",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Processes on this machine, which share its cores.",
    ),
    click.option(
        "--cluster",
        metavar="ADDRESS",
        help="Run on a Dask cluster: tcp://HOST:PORT, or local:N to begin one here (needs --out).",
    ),
    click.option(
        "--shard",
        metavar="I/N",
        help="Compute only the I-th of N shares; `evalkit merge` puts them together (needs --out).",
    ),
)


def running_options(command: Callable) -> Callable:
    """Add the options above to a click command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
