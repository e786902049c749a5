"""evalkit memory: what the memory of translations and judgements holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from evalkit.memory import Memory
    from evalkit.memory.store import MemoryInfo

_path = click.option(
    "--memory",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of the memory; by default the user's own.",
)


@click.group(short_help="Show, export or clear the memory of translations and judgements.")
def command() -> None:
    """Translations are kept by system and source, and what models judge by metric and texts, so that no model does
    anything twice."""


@command.command()
@_path
def info(path: Path | None) -> None:
    """Show where the memory is, its size, and how much of which systems and metrics it holds."""
    with _open(path) as memory:
        found = memory.info()
    click.echo(f"{found.path}  {found.bytes / 1e6:.1f} MB, {_counts(found)}")
    for fingerprint, count in (*found.systems, *found.metrics):
        what = fingerprint.get("model") or fingerprint.get("command") or ""
        details = [
            f"{key} {fingerprint[key]}"
            for key in ("revision", "backend", "precision", "beam", "base_url")
            if fingerprint.get(key)
        ]
        click.echo(f"{count:>10,}  {fingerprint.get('kind', '')} {what} ({', '.join(details)})")


@command.command()
@_path
@click.option("--yes", is_flag=True, help="Do not ask.")
def clear(path: Path | None, yes: bool) -> None:
    """Forget all translations and judgements."""
    with _open(path) as memory:
        held = memory.info()
        if (held.systems or held.metrics) and not yes:
            click.confirm(f"Forget {_counts(held)} in {memory.path}?", abort=True)
        memory.clear()
        click.echo(f"{_counts(held)} forgotten")


@command.command()
@_path
@click.option("-o", "--output", metavar="FILE", default="-", help="Write here; JSON Lines.")
def export(path: Path | None, output: str) -> None:
    """Write every translation as a line of JSON: source, translation, flags, time, fingerprint."""
    from evalkit.files.outputs import check_outputs
    from evalkit.files.writing import write_atomically

    with _open(path) as memory:
        check_outputs({"--output": output}, [str(memory.path)])
        with write_atomically(output) as stream:
            for record in memory.export():
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")


def _counts(found: MemoryInfo) -> str:
    judgements = sum(count for _, count in found.metrics)
    translations = f"{found.translations:,} translations"
    return f"{translations}, {judgements:,} judgements" if judgements else translations


def _open(path: Path | None) -> Memory:
    """The memory; a file that was named and is not there is an error, not a new memory."""
    from evalkit.errors import InputError
    from evalkit.memory import Memory

    if path is not None and not path.exists():
        raise InputError(f"{path}: no such file")
    return Memory(path)
