"""Weights of a checkpoint: from safetensors, else from a pickle that is read without running code."""

from __future__ import annotations

import json
import os
import pickle
import re
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.errors import ModelUnavailable, first_line
from evalkit.files.cache import cache_folder
from evalkit.files.hashes import file_hashes, named_hashes
from evalkit.interruption import at_end, held

_FORBIDDEN = re.compile(r"GLOBAL (\S+)|[Uu]nsupported (?:global|class):? ?(\S+)")
# Classes that Lightning's checkpoints name and that hold plain values alone; they are read as dictionaries.
_PLAIN = (
    "pytorch_lightning.utilities.parsing.AttributeDict",
    "lightning_fabric.utilities.data.AttributeDict",
    "lightning.fabric.utilities.data.AttributeDict",
    "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
    "pytorch_lightning.callbacks.early_stopping.EarlyStopping",
)


class _Plain(dict[str, Any]):
    """Stands for one of `_PLAIN` while a checkpoint is read."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Tensors by name, and the options that the checkpoint says it was made with ({} if none)."""

    tensors: dict[str, Any]
    options: dict[str, Any]


def files_hash(files: Sequence[Path]) -> str:
    """The hash of one file; of several, that of their names and hashes."""
    return file_hashes(files)[0] if len(files) == 1 else named_hashes(sorted(files))


def read_weights(files: Sequence[Path]) -> Weights:
    """The weights of a checkpoint's files, all safetensors or all pickles.

    A pickle is read once, with everything but tensors and plain values refused, and kept as
    safetensors in the cache.

    Raises:
        ModelUnavailable: a file is damaged, or would run code when opened.
    """
    if all(path.suffix == ".safetensors" for path in files):
        return _from_safetensors(files)
    kept = cache_folder() / "checkpoints" / f"{files_hash(files)[:32]}.safetensors"
    if kept.is_file():
        with suppress(ModelUnavailable):
            return _from_safetensors([kept])
    tensors: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for path in files:
        content = _unpickled(path)
        found = content.get("state_dict", content)
        tensors |= {name: tensor for name, tensor in found.items() if _is_tensor(tensor)}
        options |= _plain_values(content.get("hyper_parameters"))
    if not tensors:
        raise ModelUnavailable(f"{files[0]} holds no weights")
    _keep(kept, tensors, options)
    return Weights(tensors, options)


def _from_safetensors(files: Sequence[Path]) -> Weights:
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import load_file

    tensors: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for path in files:
        try:
            tensors |= load_file(path)
            with safe_open(path, "pt") as opened:
                options |= json.loads((opened.metadata() or {}).get("options", "{}"))
        except (SafetensorError, OSError, ValueError, TypeError) as error:
            raise ModelUnavailable(f"{path} cannot be read: {first_line(error)}") from error
    return Weights(tensors, options)


def _unpickled(path: Path) -> dict[str, Any]:
    import torch

    try:
        with _plain_classes():
            content = torch.load(
                path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
            )
    except pickle.UnpicklingError as error:
        named = _FORBIDDEN.search(str(error))
        what = f" ({named[1] or named[2]})" if named else ""
        raise ModelUnavailable(
            f"{path} is refused: it holds more than weights{what}, which could run code when opened"
        ) from error
    except Exception as error:  # a damaged file fails in as many ways as there are formats
        raise ModelUnavailable(f"{path} cannot be read: {first_line(error)}") from error
    if not isinstance(content, dict) or not isinstance(content.get("state_dict", content), dict):
        raise ModelUnavailable(f"{path} holds no weights")
    return content


def _plain_classes() -> AbstractContextManager[Any]:
    import torch

    # Before torch 2.6 classes could not be allowed by name; then such checkpoints are refused.
    if tuple(map(int, torch.__version__.split(".")[:2])) < (2, 6):
        return nullcontext()
    allowed: Any = [(_Plain, name) for name in _PLAIN]
    return torch.serialization.safe_globals(allowed)


def _keep(path: Path, tensors: dict[str, Any], options: dict[str, Any]) -> None:
    """Write the safetensors copy, whole or not at all; a full disk only means that there is none."""
    from safetensors.torch import save_file

    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with held():
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".converting-")
            done = at_end(lambda: os.unlink(temporary))
        os.close(handle)
        save_file(_separate(tensors), temporary, {"options": json.dumps(options)})
        os.replace(temporary, path)
        done()
    except Exception:  # safetensors tells of a full disk by an error of its own
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)
            done()


def _separate(tensors: dict[str, Any]) -> dict[str, Any]:
    """Tensors that share memory as separate ones; safetensors has no other way to hold them."""
    separate: dict[str, Any] = {}
    seen: set[int] = set()
    for name, tensor in tensors.items():
        place = tensor.untyped_storage().data_ptr()
        separate[name] = tensor.clone().contiguous() if place in seen else tensor.contiguous()
        seen.add(place)
    return separate


def _plain_values(options: Any) -> dict[str, Any]:
    """Options that JSON can hold; others are no concern of ours."""
    kept: dict[str, Any] = {}
    for name, value in options.items() if isinstance(options, dict) else ():
        with suppress(TypeError, ValueError, RecursionError):
            kept[str(name)] = json.loads(json.dumps(value))
    return kept


def _is_tensor(value: Any) -> bool:
    import torch

    return isinstance(value, torch.Tensor)
