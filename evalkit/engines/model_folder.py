"""The files of a model folder: what is needed, without loading any of them."""

from __future__ import annotations

import json
from pathlib import Path

from evalkit.errors import ModelUnavailable

#: The model that ships in the package, for systems and metrics.
BUILTIN_MODEL = Path(__file__).parents[1] / "systems" / "builtin_model"

PICKLED = "pytorch_model*.bin"
# Everything a transformers model and its tokenizer are made of. Weights of other frameworks,
# read-me files and training logs are neither fetched nor hashed.
NEEDED = ("*.json", "*.safetensors", "*.spm", "*.model", "vocab.txt", "merges.txt")


def needed_files(folder: Path, *, allow_pickle: bool = False) -> list[Path]:
    """The files a model is loaded from, sorted.

    Raises:
        ModelUnavailable: the folder holds no model, or only pickled weights that are not allowed.
    """
    if not (folder / "config.json").is_file():
        raise ModelUnavailable(f"{folder} holds no transformers model: it has no config.json")
    patterns: tuple[str, ...] = NEEDED
    if not list(folder.glob("*.safetensors")):
        if not list(folder.glob(PICKLED)):
            raise ModelUnavailable(f"{folder} has no weights (model.safetensors)")
        if not allow_pickle:
            raise ModelUnavailable(
                f"{folder} has only pickled weights, which can run code when loaded: use a revision "
                "with safetensors, or --allow-pickle if you trust it"
            )
        patterns = (*NEEDED, PICKLED)
    return sorted({path for pattern in patterns for path in folder.glob(pattern)})


def read_json(folder: Path, name: str) -> dict:
    """A JSON file of the model, {} if it has none.

    Raises:
        ModelUnavailable: it is damaged.
    """
    try:
        return json.loads((folder / name).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"{folder / name} cannot be read: {error}") from error
