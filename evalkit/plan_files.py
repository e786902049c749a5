"""Plans as plain JSON types, as TOML, and as files."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from evalkit.errors import InputError
from evalkit.plan import Plan
from evalkit.plan_paths import found_from

#: What stands for no seed where null cannot be written: in TOML, and on the command line.
NO_SEED = "none"


def plan_to_dict(plan: Plan) -> dict[str, Any]:
    """The plan in plain JSON types: groups are nested, tuples are lists."""
    plain: dict[str, Any] = _plain(plan)
    return plain


def plan_from_dict(values: Mapping[str, Any]) -> Plan:
    """The plan that `plan_to_dict` wrote; what is missing has its default.

    Raises:
        InputError: an unknown name, or a value of a wrong type.
    """
    from cattrs import transform_error
    from cattrs.errors import ClassValidationError

    trials = values.get("trials")
    if isinstance(trials, Mapping) and str(trials.get("seed")).lower() == NO_SEED:
        values = {**values, "trials": {**trials, "seed": None}}
    try:
        plan: Plan = _converter().structure(dict(values), Plan)
    except ClassValidationError as error:
        found = transform_error(error, path="plan", format_exception=_said)
        raise InputError("; ".join(found)) from error
    return plan


def read_plan(path: str | Path) -> Plan:
    """A plan from a TOML file, a JSON file, or the JSON manifest of an earlier run.

    The reports of a manifest are not taken: they were written, and must not be overwritten unasked.
    Relative paths are taken from the folder of the run whose manifest it is, those of other files from the folder of the
    file; where there is nothing, what lies in the working folder is taken.

    Raises:
        InputError: the file cannot be read, or holds no plan.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot read the plan {path}: {reason}") from error
    values = _parsed(text, path)
    folder = Path(path).absolute().parent
    if "plan" in values and not _is_toml(path):
        folder = Path(str(values.get("folder") or folder))
        values = {name: value for name, value in values["plan"].items() if name != "reporting"}
    try:
        return found_from(plan_from_dict(values), folder)
    except InputError as error:
        raise InputError(f"{path} is not a plan: {error}") from error


def plan_to_toml(plan: Plan) -> str:
    """The plan as TOML, which people write; what is None is left out."""
    import tomli_w

    values = plan_to_dict(plan)
    if plan.trials.seed is None:
        values["trials"]["seed"] = NO_SEED
    return tomli_w.dumps(_without_none(values))


def _parsed(text: str, path: str | Path) -> Mapping[str, Any]:
    if _is_toml(path):
        return _toml(text, path)
    try:
        values = json.loads(text)
    except ValueError as error:
        raise InputError(
            f"{path} is not a plan: not JSON ({error}); TOML files end in .toml"
        ) from error
    if not isinstance(values, dict):
        raise InputError(f"{path} is not a plan: it holds no JSON object")
    if not isinstance(values.get("plan", {}), dict):
        raise InputError(f"{path} is not a plan: its plan is no JSON object")
    return values


def _is_toml(path: str | Path) -> bool:
    return str(path).endswith(".toml")


def _toml(text: str, path: str | Path) -> Mapping[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        found: Mapping[str, Any] = tomllib.loads(text)
        return found
    except ValueError as error:
        raise InputError(f"{path} is not a plan: not TOML ({error})") from error


def _converter() -> Any:
    """Turns plain types into plans, strictly: "false" is no boolean, and a text no list of letters."""
    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True)
    for kind in (str, bool, int, float):
        converter.register_structure_hook(kind, _strict)
    converter.register_structure_hook_func(
        lambda kind: getattr(kind, "__origin__", None) is tuple, _texts
    )
    return converter


def _said(error: BaseException, kind: type | None) -> str:
    from cattrs.v import format_exception

    if isinstance(error, InputError | TypeError):
        return str(error)
    return format_exception(error, kind)


def _strict(value: Any, kind: type) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise TypeError(f"{value!r} is not of type {kind.__name__}")
    return value


def _texts(value: Any, _: Any) -> tuple[str, ...]:
    """All tuples of a plan are of texts."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"{value!r} is not a list of texts")
    return tuple(value)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_none(value) if isinstance(value, Mapping) else value
        for name, value in values.items()
        if value is not None
    }
