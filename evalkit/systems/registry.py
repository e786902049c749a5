"""From `--mt` specifications to systems: `[NAME=]KIND:ARGUMENT`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path, PurePath

from evalkit.data import ALL_SYSTEMS, PROVIDED
from evalkit.errors import InputError
from evalkit.files.lines import writable
from evalkit.languages import LanguagePair, language_pair
from evalkit.plan import Decoding, Plan
from evalkit.plugins import SYSTEMS
from evalkit.systems.base import Request, System
from evalkit.systems.catalogue import SHORT_NAMES, repository_of

# What a candidate of another kind is called, in columns and reports.
RESERVED_NAMES = {
    ALL_SYSTEMS: "all of them together",
    PROVIDED: "the provided text",
}
_NAMED = re.compile(r"(?P<name>[^/\\=]*[^/\\=\s][^/\\=]*)=(?P<rest>.+)", re.DOTALL)


def open_system(
    spec: str, decoding: Decoding | None = None, pair: LanguagePair | None = None
) -> System:
    """Open one system, say ``hf:Helsinki-NLP/opus-mt-ru-en`` or ``mine=file:mine.en``.

    Raises:
        InputError: the specification cannot be understood, or its file cannot be read.
        ModelUnavailable: the model is not here and cannot be fetched.
    """
    pair = pair or language_pair(Plan().language_pair)
    name, kind, argument = parse_spec(spec, pair)
    # It is shown in reports and messages; a path in it may have bytes that are not UTF-8.
    shown = writable(spec)[0]
    system: System = SYSTEMS.load(kind)(
        Request(name, shown, argument, decoding or Decoding(), pair)
    )
    return system


def open_systems(
    specs: Sequence[str], decoding: Decoding | None = None, pair: LanguagePair | None = None
) -> list[System]:
    """Open several systems, whose names differ.

    Raises:
        InputError: two systems of one name, or one that is reserved; or as `open_system`.
    """
    if isinstance(specs, str):
        raise InputError(f"systems are a list of specifications, such as [{specs!r}], not a text")
    require_names([(parse_spec(spec, pair)[0], spec) for spec in specs])
    return [open_system(spec, decoding, pair) for spec in specs]


def require_names(systems: Sequence[tuple[str, str]]) -> None:
    """Raise InputError if two systems, given as (name, spec), are called the same, or one by a reserved name."""
    seen: dict[str, str] = {}
    for name, spec in systems:
        if name in RESERVED_NAMES:
            raise InputError(
                f"a system cannot be named {name!r}, which stands for {RESERVED_NAMES[name]}: "
                f"give it another, --mt NAME={spec}"
            )
        if name in seen:
            raise InputError(
                f"two systems are named {name!r} ({seen[name]} and {spec}): name one, --mt NAME={spec}"
            )
        seen[name] = spec


def parse_spec(spec: str, pair: LanguagePair | None = None) -> tuple[str, str, str]:
    """Split a specification into name, kind and argument; the name is made up if none is given."""
    pair = pair or language_pair(Plan().language_pair)
    named = None if _is_folder(spec) or _has_kind(spec) else _NAMED.fullmatch(spec)
    rest = named["rest"] if named else spec
    kind, argument = _kind_and_argument(rest, pair)
    name = named["name"].strip() if named else _default_name(kind, argument, rest)
    return writable(name)[0], kind, argument


def _kind_and_argument(spec: str, pair: LanguagePair) -> tuple[str, str]:
    if spec == "builtin":
        return "builtin", ""
    if spec in SHORT_NAMES:
        return "hf", repository_of(spec, pair)
    kind, colon, argument = spec.partition(":")
    if colon and kind in SYSTEMS and argument:
        return kind, argument
    if _is_folder(spec):
        return "hf", spec
    raise InputError(
        f"unknown system {spec!r}: use builtin, a folder, one of {', '.join(SHORT_NAMES)}, "
        f"or KIND:ARGUMENT with one of the kinds {', '.join(k for k in SYSTEMS.names() if k != 'builtin')}"
    )


def _has_kind(spec: str) -> bool:
    """Whether it begins with KIND:, and an equals sign after that is part of the argument; a name may have a colon too."""
    kind, colon, _ = spec.partition("=")[0].partition(":")
    return bool(colon) and kind in SYSTEMS


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
