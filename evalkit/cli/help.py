"""evalkit help: the pages of the documentation, which come with the package."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from evalkit.errors import InputError

PACKAGE = Path(__file__).resolve().parent.parent
# In an installed package; in a checkout.
FOLDERS = (PACKAGE / "docs", PACKAGE.parent / "docs")


@click.command(short_help="Show a page of the documentation, or the help of a command.")
@click.argument("topic", required=False)
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Show the page TOPIC of the documentation; without TOPIC, which there are.

    \b
    evalkit help scoring
    evalkit help evaluate
    """
    found = pages()
    if topic is None:
        width = max(map(len, found), default=0)
        for name, page in found.items():
            click.echo(f"{name:<{width}}  {_title(page)}")
        return
    if topic in found:
        _show(found[topic].read_text(encoding="utf-8"))
        return
    group = ctx.find_root().command
    assert isinstance(group, click.Group)
    asked = group.get_command(ctx, topic)
    if asked is None:
        names = [*found, *group.list_commands(ctx)]
        near = difflib.get_close_matches(topic, names, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise InputError(f"there is no topic {topic!r}{hint} Topics: {', '.join(found)}")
    with click.Context(asked, ctx.find_root(), topic) as context:
        click.echo(asked.get_help(context))


def pages() -> dict[str, Path]:
    """Topic -> its page, in the order of the names."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    return {page.stem: page for page in sorted(folder.glob("*.md"))} if folder else {}


def _title(page: Path) -> str:
    first = page.read_text(encoding="utf-8").partition("\n")[0]
    return first.lstrip("# ")


def _show(text: str) -> None:
    """Set for a terminal, a page at a time; as it is written where it is piped."""
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    with console.pager(styles=True):
        console.print(Markdown(text))
