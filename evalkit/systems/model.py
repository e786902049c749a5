"""A model on this machine as a system: sources to pieces to batches and back.

The fingerprint comes from the files; the model is loaded when the first translation is needed, and
not at all when the memory has them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from evalkit.checks.translations import checked
from evalkit.data import Translation
from evalkit.engines.base import Engine, OutOfMemory, Output, Search
from evalkit.engines.batches import output_limit, plan_batches
from evalkit.engines.hub import model_folder
from evalkit.engines.model_folder import needed_files, read_json
from evalkit.engines.pieces import split_long
from evalkit.errors import EvalkitError
from evalkit.files.hashes import named_hashes
from evalkit.systems.base import Batch, Request

# Raised whenever the same model and settings begin to give other translations.
PROCEDURE = "1"
# Models of this kind learned from sentences: what is longer is several, and parts would be dropped.
LONGEST_PIECE = 200
# Sources that are planned together: enough to find many of one length, little to hold in memory.
WINDOW = 20_000


class ModelSystem:
    """A model folder as a system. ``note`` is what a reader of its scores should know."""

    recorded = False

    def __init__(
        self,
        request: Request,
        folder: Path,
        *,
        model: str,
        revision: str = "",
        longest_piece: int = LONGEST_PIECE,
        note: str = "",
    ) -> None:
        self.name, self.spec, self.folder = request.name, request.spec, folder
        self.decoding, self.pair = request.decoding, request.pair
        self.note, self.location = note, str(folder)
        self.model, self.revision, self.longest_piece = model, revision, longest_piece
        self._files = self._model_files()
        self._batch_tokens: int | None = self.decoding.batch_tokens

    @cached_property
    def search(self) -> Search:
        """How the output is searched for, the model's own settings included."""
        own = read_json(self.folder, "config.json")
        own |= read_json(self.folder, "generation_config.json")
        penalty = self.decoding.length_penalty
        if penalty is None:
            penalty = own.get("length_penalty") or 1.0
        return Search(
            self._precision(), self.decoding.beam or own.get("num_beams") or 1, float(penalty)
        )

    @cached_property
    def fingerprint(self) -> Mapping[str, str]:
        return {
            "kind": "model",
            "model": self.model,
            "revision": self.revision,
            "files_sha256": self._files_sha256,
            "language_pair": self.pair.code,
            "backend": self.decoding.backend,
            "precision": self.search.precision,
            "beam": str(self.search.beam),
            "length_penalty": str(self.search.length_penalty),
            "max_source_tokens": str(self._longest()),
            "max_new_tokens": str(self.decoding.max_new_tokens or "by length"),
            "procedure": PROCEDURE,
        }

    @cached_property
    def _files_sha256(self) -> str:
        return named_hashes(self._files)

    def translate(self, sources: Sequence[str]) -> Iterator[Batch]:
        """Translate, longest first within a window of sources.

        Raises:
            ModelUnavailable: the model cannot be loaded.
            EvalkitError: one sentence alone does not fit into the device's memory.
        """
        for start in range(0, len(sources), WINDOW):
            for batch in self._translate_window(sources[start : start + WINDOW]):
                yield [(start + index, translation) for index, translation in batch]

    def _translate_window(self, sources: Sequence[str]) -> Iterator[Batch]:
        pieces = self._pieces(sources)
        outputs: list[list[Output | None]] = [[] for _ in sources]
        for index, _ in pieces:
            outputs[index].append(None)
        without_words = [index for index, found in enumerate(outputs) if not found]
        if without_words:
            yield [(index, Translation("")) for index in without_words]
        place = _places(pieces)
        for batch, results in self._batches([tokens for _, tokens in pieces]):
            finished = []
            for position, output in zip(batch, results, strict=True):
                index = pieces[position][0]
                outputs[index][place[position]] = output
                if all(outputs[index]):
                    finished.append(
                        (index, _joined(sources[index], [o for o in outputs[index] if o]))
                    )
            yield finished

    def _pieces(self, sources: Sequence[str]) -> list[tuple[int, list]]:
        """(position of the source, tokens) of every piece; none for a source without words."""
        engine = self._engine
        longest = min(self._longest(), engine.max_source_tokens)

        def fits(text: str) -> bool:
            return len(engine.encode([text])[0]) <= longest

        pieces: list[tuple[int, list]] = []
        worded = [index for index, source in enumerate(sources) if source.strip()]
        for index, tokens in zip(
            worded, engine.encode([sources[i].strip() for i in worded]), strict=True
        ):
            if len(tokens) <= longest:
                pieces.append((index, tokens))
            else:
                parts = engine.encode(split_long(sources[index], fits))
                pieces.extend((index, part) for part in parts)
        return pieces

    def _batches(self, pieces: Sequence[list]) -> Iterator[tuple[list[int], list[Output]]]:
        """Positions of a batch and their outputs; a batch that does not fit is halved."""
        engine = self._engine
        lengths = [len(tokens) for tokens in pieces]
        limits = [
            output_limit(length, engine.max_new_tokens, self.decoding.max_new_tokens)
            for length in lengths
        ]

        def planned(positions: Sequence[int]) -> list[list[int]]:
            """Batches of these positions, the next one last."""
            budget = self._batch_tokens or engine.batch_tokens
            batches = plan_batches(
                [lengths[p] for p in positions], [limits[p] for p in positions], budget
            )
            return [[positions[i] for i in batch] for batch in reversed(batches)]

        waiting = planned(range(len(pieces)))
        while waiting:
            batch = waiting.pop()
            try:
                outputs = engine.generate([pieces[p] for p in batch], limits[batch[0]])
            except OutOfMemory as error:
                if len(batch) == 1:
                    raise EvalkitError(
                        f"{self.name}: out of memory on one sentence of {lengths[batch[0]]} tokens: "
                        "use --device cpu, a smaller model or --beam 1"
                    ) from error
                # What follows is as large: it is planned anew, and so are later windows.
                self._batch_tokens = lengths[batch[0]] * (len(batch) // 2)
                waiting = planned([*batch, *(p for later in waiting for p in later)])
            else:
                yield batch, outputs

    @cached_property
    def _engine(self) -> Engine:
        return self.load()

    def load(self) -> Engine:
        """Load the model.

        Raises:
            ModelUnavailable: its files are damaged, or the backend cannot run it.
        """
        if self.decoding.backend == "ctranslate2":
            from evalkit.engines.ctranslate2_conversion import converted
            from evalkit.engines.ctranslate2_engine import CTranslate2Engine

            model_type = read_json(self.folder, "config.json").get("model_type", "")
            folder = converted(
                self.folder,
                self._files_sha256,
                self.search.precision,
                allow_pickle=self.decoding.allow_pickle,
            )
            return CTranslate2Engine(folder, self.folder, model_type, **self._options())
        from evalkit.engines.transformers_engine import TransformersEngine

        return TransformersEngine(self.folder, **self._options())

    def _options(self) -> dict[str, Any]:
        return {"search": self.search, "decoding": self.decoding, "pair": self.pair}

    def _model_files(self) -> list[Path]:
        return needed_files(self.folder, allow_pickle=self.decoding.allow_pickle)

    def _longest(self) -> int:
        return self.decoding.max_source_tokens or self.longest_piece

    def _precision(self) -> str:
        if self.decoding.backend == "ctranslate2":
            from evalkit.engines.ctranslate2_engine import compute_type

            return compute_type(self.decoding)
        return "float32" if self.decoding.dtype == "auto" else self.decoding.dtype


def open_model(request: Request) -> ModelSystem:
    """Open ``hf:ORG/NAME[@REVISION]`` or a local folder of a transformers model."""
    folder, revision = model_folder(request.argument, allow_pickle=request.decoding.allow_pickle)
    model = request.argument.partition("@")[0] if revision else folder.resolve().name
    return ModelSystem(request, folder, model=model, revision=revision)


def _places(pieces: Sequence[tuple[int, list]]) -> list[int]:
    """The place of every piece within its source; pieces of a source follow each other."""
    places: list[int] = []
    for position, (index, _) in enumerate(pieces):
        follows = position > 0 and pieces[position - 1][0] == index
        places.append(places[-1] + 1 if follows else 0)
    return places


def _joined(source: str, outputs: Sequence[Output]) -> Translation:
    text = " ".join(output.text for output in outputs if output.text)
    return checked(source, text, cut=any(output.cut for output in outputs))
