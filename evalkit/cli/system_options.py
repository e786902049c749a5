"""The options of the commands that run models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from evalkit.plan import BACKENDS, WIDEST_BEAM

_DEVICE_OPTIONS = (
    click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda or cuda:N."),
    click.option(
        "--dtype",
        default="auto",
        show_default=True,
        help="Precision: float32, bfloat16, float16, int8. auto is float32 (ctranslate2: int8 on "
        "CPU, float16 on GPU).",
    ),
    click.option(
        "--batch-tokens",
        type=click.IntRange(min=1),
        help="Source tokens in a batch, padding included.",
    ),
    click.option("--threads", type=click.IntRange(min=1), help="Processor threads for models."),
    click.option(
        "--memory",
        "memory_path",
        type=click.Path(dir_okay=False, path_type=Path),
        help="File of the memory, in which translations and judgements are kept and found again.",
    ),
    click.option("--no-memory", is_flag=True, help="Do everything anew and keep nothing."),
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
_TRANSLATION_OPTIONS = (
    click.option(
        "--backend",
        type=click.Choice(BACKENDS),
        default="transformers",
        show_default=True,
        help="What runs models; ctranslate2 is several times faster (pip install evalkit[fast]).",
    ),
    click.option(
        "--beam",
        type=click.IntRange(min=1),
        help=f"Width of the beam, at most {WIDEST_BEAM}; 1 is greedy. By default what the model's settings say.",
    ),
)


def system_options(last_words: str) -> Callable[[Callable], Callable]:
    """Add ``--mt``, whose help ends with ``last_words``, and all options above to a click command."""
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
        return _add(command, (systems, *_TRANSLATION_OPTIONS, *_DEVICE_OPTIONS))

    return decorate


def model_options(command: Callable) -> Callable:
    """Add the options of metrics that run a model to a click command."""
    return _add(command, _DEVICE_OPTIONS)


def _add(command: Callable, options: tuple[Callable, ...]) -> Callable:
    for option in reversed(options):
        command = option(command)
    return command
