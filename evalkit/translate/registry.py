"""From `--mt` specifications to systems: `[NAME=]KIND:ARGS`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath

from evalkit.errors import InputError
from evalkit.text.lines import settle
from evalkit.translate.catalogue import SHORT_NAMES
from evalkit.translate.settings import Settings, System

# A name that is given to the score against all systems together.
RESERVED_NAME = "all"
_NAMED = re.compile(r"(?P<name>[^\s:/\\=]+)=(?P<rest>.+)", re.DOTALL)

Factory = Callable[[str, str, str, Settings], System]


# The modules are imported when a system of their kind is opened.
def _recorded(name: str, spec: str, argument: str, settings: Settings) -> System:
    from evalkit.translate.recorded import open_recorded

    return open_recorded(name, spec, argument, settings)


def _command(name: str, spec: str, argument: str, settings: Settings) -> System:
    from evalkit.translate.command import Command

    return Command(name, spec, argument, settings)


def _endpoint(name: str, spec: str, argument: str, settings: Settings) -> System:
    from evalkit.translate.endpoint import Endpoint

    return Endpoint(name, spec, argument, settings)


def _model(name: str, spec: str, argument: str, settings: Settings) -> System:
    from evalkit.translate.local_model import open_model

    return open_model(name, spec, argument, settings)


def _builtin(name: str, spec: str, argument: str, settings: Settings) -> System:
    from evalkit.translate.builtin_model import open_builtin

    return open_builtin(name, spec, argument, settings)


def _ctranslate2(name: str, spec: str, argument: str, settings: Settings) -> System:
    from evalkit.translate.converted_model import open_converted

    return open_converted(name, spec, argument, settings)


# Kind -> a function of (name, spec, what follows the colon, settings).
REGISTRY: dict[str, Factory] = {
    "builtin": _builtin,
    "hf": _model,
    "ct2": _ctranslate2,
    "file": _recorded,
    "cmd": _command,
    "openai": _endpoint,
}


def open_system(spec: str, settings: Settings | None = None) -> System:
    """Open one system, say ``hf:Helsinki-NLP/opus-mt-ru-en`` or ``mine=file:mine.en``.

    Raises:
        InputError: the specification cannot be understood, or its file cannot be read.
        ModelUnavailable: the model is not here and cannot be fetched.
    """
    name, kind, argument = parse_spec(spec)
    # It is shown in reports and messages; a path in it may have bytes that are not UTF-8.
    shown = settle(spec)[0]
    return REGISTRY[kind](name, shown, argument, settings or Settings())


def open_systems(specs: Sequence[str], settings: Settings | None = None) -> list[System]:
    """Open several systems; their names differ and none is "all".

    Raises:
        InputError: two systems of one name; or as `open_system`.
    """
    seen: dict[str, str] = {}
    for spec in specs:
        name = parse_spec(spec)[0]
        if name == RESERVED_NAME:
            raise InputError(f"a system cannot be named {name!r}: give it another, NAME={spec}")
        if name in seen:
            raise InputError(
                f"two systems are named {name!r} ({seen[name]} and {spec}): name one, NAME={spec}"
            )
        seen[name] = spec
    return [open_system(spec, settings) for spec in specs]


def parse_spec(spec: str) -> tuple[str, str, str]:
    """Split a specification into name, kind and argument; the name is made up if none is given."""
    named = None if _is_folder(spec) else _NAMED.fullmatch(spec)
    rest = named["rest"] if named else spec
    kind, argument = _kind_and_argument(rest)
    name = named["name"] if named else _default_name(kind, argument, rest)
    return settle(name)[0], kind, argument


def _kind_and_argument(spec: str) -> tuple[str, str]:
    if spec == "builtin":
        return "builtin", ""
    if spec in SHORT_NAMES:
        return "hf", SHORT_NAMES[spec].repository
    kind, colon, argument = spec.partition(":")
    if colon and kind in REGISTRY and argument:
        return kind, argument
    if _is_folder(spec):
        return "hf", spec
    raise InputError(
        f"unknown system {spec!r}: use builtin, a folder, one of {', '.join(SHORT_NAMES)}, "
        "or hf:ORG/NAME, ct2:FOLDER, file:PATH, cmd:COMMAND, openai:MODEL"
    )


def _is_folder(spec: str) -> bool:
    return bool(spec) and Path(spec).is_dir()


def _default_name(kind: str, argument: str, spec: str) -> str:
    if kind == "builtin" or spec in SHORT_NAMES:
        return spec
    if kind == "file":
        return PurePath(argument).name.split(".")[0] or argument
    if kind == "cmd":
        try:
            return PurePath(shlex.split(argument)[0]).stem
        except (ValueError, IndexError):
            raise InputError(f"cannot read the command in {spec!r}: check its quotes") from None
    if kind == "hf":
        argument = argument.partition("@")[0]
    return PurePath(argument).name or Path(argument).resolve().name
