"""The command line: each command parses its options, calls one function of the package, prints.

A command is one module here, imported only when it is run, so that `evalkit --help` stays quick.
"""

from __future__ import annotations

import importlib
import os
import shlex
import sys

import click

from evalkit import __version__, interruption
from evalkit.cli.streams import drop_output, flush_output, is_of_output, open_standard_streams
from evalkit.errors import EvalkitError

INTERRUPTED = 130

# Name of the command -> the line of help; the module of the same name holds `command`.
COMMANDS = {
    "evaluate": "Translate the source and score the provided translation, sentence by sentence.",
    "translate": "Translate Russian sentences, one a line.",
    "merge": "Put the shares of a run in parts together.",
    "align": "Pair the sentences of a source and its translation.",
    "score": "Sentence and corpus scores of one file against references; no translation is run.",
    "compare": "Rank several systems, with significance tests.",
    "check": "Say what looks wrong, sentence by sentence: numbers, names, omissions.",
    "correlate": "How well metrics agree with human judgement.",
    "diff": "What changed between two runs of the same sources.",
    "systems": "List, describe and fetch translation systems.",
    "metrics": "List, describe and fetch metrics.",
    "memory": "Show, export or clear the memory of translations and judgements.",
    "help": "Show a page of the documentation.",
}


class LazyGroup(click.Group):
    """Commands whose modules are imported when called, listed without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return importlib.import_module(f"evalkit.cli.{name}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Click's own, but an unknown command is answered by what was probably meant."""
        name = args[0]
        if name in COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        import difflib

        said = f"No such command '{name}'."
        if os.path.isfile(name):
            said += f" To evaluate the file: evalkit evaluate {shlex.join(args)}"
        elif near := difflib.get_close_matches(name, COMMANDS, n=1):
            said += f" Did you mean '{near[0]}'?"
        raise click.UsageError(said, ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="evalkit")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:
    """Translate Russian text by machine, compare a provided English translation with the result,
    and report BLEU and chrF for every sentence."""
    ctx.obj = {"debug": debug}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with 0, 1, 2, 3 or 130 (see README)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    # `--debug` is welcome after the command too: it is about the run, not about one command.
    arguments = (["--debug"] if debug else []) + [a for a in arguments if a != "--debug"]
    open_standard_streams()
    try:
        code = cli.main(arguments, prog_name="evalkit", standalone_mode=False)
        flush_output()
        sys.exit(code if isinstance(code, int) else 0)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo(interruption.message(), err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing more can be said to it.
        drop_output()
        sys.exit(1)
    except (EvalkitError, MemoryError, OSError) as error:
        if debug:
            raise
        click.echo(f"evalkit: error: {_said(error)}", err=True)
        drop_output()
        sys.exit(error.exit_code if isinstance(error, EvalkitError) else 1)


def _said(error: Exception) -> str:
    """An error in one line."""
    if isinstance(error, MemoryError):
        return "out of memory; give the text in smaller files"
    if not isinstance(error, OSError):
        return str(error)
    reason = error.strerror or str(error) or type(error).__name__
    if is_of_output(error):
        return f"cannot write standard output: {reason}"
    return f"{reason}: {error.filename}" if error.filename else reason
