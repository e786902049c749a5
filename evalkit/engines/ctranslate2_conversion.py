"""A transformers model made into a CTranslate2 one, once, in the cache."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from evalkit.engines.quiet import quiet_transformers
from evalkit.errors import EvalkitError, ModelUnavailable, first_line
from evalkit.files.cache import cache_folder
from evalkit.interruption import at_end, held

ADVICE = "set EVALKIT_CACHE to a folder with room, or use --backend transformers"


def converted(folder: Path, files_sha256: str, compute_type: str, *, allow_pickle: bool) -> Path:
    """The converted model's folder; made if it is not in the cache yet, whole or not at all.

    Raises:
        ModelUnavailable: CTranslate2 cannot run models of this kind.
        EvalkitError: the cache cannot be written.
    """
    parent = cache_folder() / "ctranslate2"
    target = parent / f"{files_sha256[:24]}-{compute_type}"
    if (target / "model.bin").is_file():
        return target
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with held():
            temporary = Path(tempfile.mkdtemp(dir=parent, prefix=".converting-"))
            done = at_end(lambda: shutil.rmtree(temporary, ignore_errors=True))
    except OSError as error:
        raise EvalkitError(f"cannot write {parent}: {error.strerror}; {ADVICE}") from error
    try:
        with quiet_transformers():
            converter = _converter(folder, allow_pickle)
            converter.convert(str(temporary), quantization=compute_type, force=True)
        # Another process may have been first: its folder is as good.
        with suppress(OSError):
            os.rename(temporary, target)
    except OSError as error:
        reason = error.strerror or error
        raise EvalkitError(f"cannot convert into {parent}: {reason}; {ADVICE}") from error
    except (ValueError, NotImplementedError, AttributeError, KeyError, RuntimeError) as error:
        raise ModelUnavailable(
            f"CTranslate2 cannot convert the model in {folder} ({first_line(error)}): use --backend transformers"
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        done()
    return target


def _converter(folder: Path, allow_pickle: bool) -> Any:
    import torch
    from ctranslate2.converters import TransformersConverter

    class Converter(TransformersConverter):
        def load_model(self, model_class, path, **options):
            pickled = allow_pickle and not list(folder.glob("*.safetensors"))
            options |= {"dtype": torch.float32, "use_safetensors": not pickled}
            return super().load_model(model_class, path, **options)

    return Converter(str(folder))
