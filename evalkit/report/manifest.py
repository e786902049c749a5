"""The JSON manifest: what was run on what, and what came out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.files.writing import write_atomically

if TYPE_CHECKING:
    from evalkit.flow.result import Evaluation


def write_manifest(evaluation: Evaluation, path: str | Path) -> None:
    """Write the manifest as indented UTF-8 JSON, keys in the order of the manifest.

    A number that JSON does not know (NaN, infinity) is written as null.

    Raises:
        EvalkitError: the file cannot be written.
    """
    text = json.dumps(plain(evaluation.manifest), indent=2, ensure_ascii=False, allow_nan=False)
    with write_atomically(path) as stream:
        stream.write(text + "\n")


def plain(value: Any) -> Any:
    """``value`` in the types of JSON: NumPy numbers become Python's, NaN null, paths text."""
    if isinstance(value, str):
        # A file name that is not UTF-8 holds lone surrogates, which cannot be written.
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return plain(str(value))
