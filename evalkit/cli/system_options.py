"""The options of the commands that run systems, and from them the systems and the memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import click

# The options that are fields of `evalkit.translate.Settings`.
_SETTINGS = (
    "backend",
    "device",
    "dtype",
    "beam",
    "batch_tokens",
    "threads",
    "allow_pickle",
    "timeout",
)

_OPTIONS = (
    click.option(
        "--backend",
        type=click.Choice(["transformers", "ctranslate2"]),
        default="transformers",
        show_default=True,
        help="What runs models; ctranslate2 is several times faster (pip install evalkit[fast]).",
    ),
    click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or cuda:N."),
    click.option(
        "--dtype",
        default="auto",
        show_default=True,
        help="Precision: float32, bfloat16, float16, int8. auto is float32 (ctranslate2: int8 on "
        "CPU, float16 on GPU).",
    ),
    click.option(
        "--beam",
        type=click.IntRange(min=1),
        help="Width of the beam; 1 is greedy. By default what the model's settings say.",
    ),
    click.option(
        "--batch-tokens",
        type=click.IntRange(min=1),
        help="Source tokens translated at once, padding included.",
    ),
    click.option("--threads", type=click.IntRange(min=1), help="Processor threads for models."),
    click.option(
        "--memory",
        "memory_path",
        type=click.Path(dir_okay=False, path_type=Path),
        help="File of the translation memory, in which translations are kept and found again.",
    ),
    click.option("--no-memory", is_flag=True, help="Translate everything anew and keep nothing."),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=180.0,
        show_default=True,
        help="Seconds for a hundred lines of a cmd: program, or a request to an openai: endpoint.",
    ),
    click.option(
        "--allow-pickle",
        is_flag=True,
        help="Load pickled weights where a model has no safetensors. Only for models you trust.",
    ),
)


def system_options(last_words: str) -> Callable[[Callable], Callable]:
    """Add ``--mt``, whose help ends with ``last_words``, and the options above to a click command."""
    systems = click.option(
        "--mt",
        "mt",
        metavar="[NAME=]SPEC",
        multiple=True,
        help="System that translates: builtin, a short name (`evalkit systems list`), hf:ORG/NAME, "
        "a model folder, ct2:FOLDER, file:PATH (recorded translations), cmd:COMMAND, openai:MODEL. "
        f"{last_words}",
    )

    def decorate(command: Callable) -> Callable:
        for option in reversed((systems, *_OPTIONS)):
            command = option(command)
        return command

    return decorate


def systems_from_options(specs: Sequence[str], options: Mapping[str, Any]) -> list:
    """Open the systems named by ``specs`` with a command's options.

    Raises:
        InputError, ModelUnavailable: as `evalkit.translate.open_systems`.
    """
    from evalkit.translate import Settings, open_systems

    return open_systems(specs, Settings(**{name: options[name] for name in _SETTINGS}))


def memory_from_options(options: Mapping[str, Any]) -> AbstractContextManager:
    """A context that gives the `Memory`, or None if none is wanted."""
    from evalkit.translate import Memory

    if options["no_memory"] and options["memory_path"]:
        raise click.UsageError("--memory and --no-memory exclude each other")
    return nullcontext() if options["no_memory"] else Memory(options["memory_path"])
