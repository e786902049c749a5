"""The files of a model folder: what is needed, and their hash, without loading any of them."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from evalkit.errors import EvalkitError, ModelUnavailable
from evalkit.files.cache import cache_folder
from evalkit.files.writing import write_atomically

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


def files_hash(files: list[Path]) -> str:
    """SHA-256 over the names and contents; a file's own is kept by path, size and time of change."""
    store = cache_folder() / "file-hashes.json"
    known: dict[str, str] = {}
    with suppress(OSError, ValueError):
        known = dict(json.loads(store.read_text("utf-8")))
    before = len(known)
    whole = hashlib.sha256()
    for path in files:
        real = path.resolve()
        status = real.stat()
        key = f"{real}:{status.st_size}:{status.st_mtime_ns}"
        if key not in known:
            known[key] = _sha256(real)
        whole.update(f"{path.name}:{known[key]}\n".encode())
    if len(known) > before:
        with suppress(OSError, EvalkitError):
            store.parent.mkdir(parents=True, exist_ok=True)
            with write_atomically(store) as stream:
                json.dump(known, stream, indent=0)
    return whole.hexdigest()


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


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
