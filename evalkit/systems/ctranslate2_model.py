"""`ct2:FOLDER`: a model that was converted to CTranslate2 before, with its tokenizer's files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evalkit.engines.base import Engine
from evalkit.errors import ModelUnavailable
from evalkit.systems.base import Request
from evalkit.systems.model import ModelSystem

_FILES = ("model.bin", "*.json", "*.txt", "*.spm", "*.model")


class CTranslate2System(ModelSystem):
    """A CTranslate2 folder as a system."""

    def _model_files(self) -> list[Path]:
        if not (self.folder / "model.bin").is_file():
            raise ModelUnavailable(f"{self.folder} holds no CTranslate2 model: it has no model.bin")
        return sorted({path for pattern in _FILES for path in self.folder.glob(pattern)})

    def load(self) -> Engine:
        """Load the model; raises ModelUnavailable if it or its tokenizer cannot be read."""
        from evalkit.engines.ctranslate2_engine import CTranslate2Engine

        return CTranslate2Engine(self.folder, self.folder, "", **self._options())


def open_converted(request: Request) -> CTranslate2System:
    """Open ``ct2:FOLDER``."""
    folder = Path(request.argument).expanduser()
    request = replace(request, decoding=replace(request.decoding, backend="ctranslate2"))
    return CTranslate2System(request, folder, model=folder.resolve().name)
