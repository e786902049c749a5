"""A model on this machine as a system: sources to pieces to batches and back.

The fingerprint comes from the files; the model is loaded when the first translation is needed, and
not at all when the memory has them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from evalkit.data import Translation
from evalkit.errors import EvalkitError
from evalkit.translate.batches import output_limit, plan_batches
from evalkit.translate.hub import model_folder
from evalkit.translate.hygiene import checked
from evalkit.translate.model_files import files_hash, needed_files, read_json
from evalkit.translate.pieces import split_long
from evalkit.translate.settings import Settings

# Raised whenever the same model and settings begin to give other translations.
PROCEDURE = "1"
# Models of this kind learned from sentences: what is longer is several, and parts would be dropped.
LONGEST_PIECE = 200
# Sources that are planned together: enough to find many of one length, little to hold in memory.
WINDOW = 20_000


class OutOfMemory(Exception):
    """A batch was too large for the device."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a model gave for a piece; ``cut`` if it reached the limit of its length."""

    text: str
    cut: bool


class Engine(Protocol):
    """A loaded model.

    max_source_tokens: the longest input it takes; max_new_tokens: the longest output.
    batch_tokens: the batch it likes best.
    """

    max_source_tokens: int
    max_new_tokens: int
    batch_tokens: int

    def encode(self, texts: Sequence[str]) -> list[list]:
        """The tokens that go into the model, special ones included; nothing is truncated."""
        ...

    def generate(self, batch: Sequence[list], max_new_tokens: int) -> list[Output]:
        """Translate encoded pieces; raises `OutOfMemory`."""
        ...


class LocalModel:
    """A model folder as a system. ``note`` is what a reader of its scores should know."""

    recorded = False

    def __init__(
        self,
        name: str,
        spec: str,
        folder: Path,
        settings: Settings,
        *,
        model: str,
        revision: str = "",
        longest_piece: int = LONGEST_PIECE,
        note: str = "",
    ) -> None:
        self.name, self.spec, self.folder, self.settings = name, spec, folder, settings
        self.note = note
        self.model, self.revision, self.longest_piece = model, revision, longest_piece
        self._files = self._model_files()
        self._batch_tokens: int | None = settings.batch_tokens

    @cached_property
    def fingerprint(self) -> Mapping[str, str]:
        generation = read_json(self.folder, "config.json")
        generation |= read_json(self.folder, "generation_config.json")
        settings = self.settings
        beam = settings.beam or generation.get("num_beams") or 1
        penalty = settings.length_penalty
        if penalty is None:
            penalty = generation.get("length_penalty") or 1.0
        return {
            "kind": "model",
            "model": self.model,
            "revision": self.revision,
            "files_sha256": files_hash(self._files),
            "backend": settings.backend,
            "precision": self._precision(),
            "beam": str(beam),
            "length_penalty": str(float(penalty)),
            "max_source_tokens": str(self._longest()),
            "max_new_tokens": str(settings.max_new_tokens or "by length"),
            "procedure": PROCEDURE,
        }

    def translate(self, sources: Sequence[str]) -> Iterator[list[tuple[int, Translation]]]:
        """Translate, longest first within a window of sources.

        Raises:
            ModelUnavailable: the model cannot be loaded.
            EvalkitError: one sentence alone does not fit into the device's memory.
        """
        for start in range(0, len(sources), WINDOW):
            for batch in self._translate_window(sources[start : start + WINDOW]):
                yield [(start + index, translation) for index, translation in batch]

    def _translate_window(self, sources: Sequence[str]) -> Iterator[list[tuple[int, Translation]]]:
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
                    finished.append((index, _joined(sources[index], outputs[index])))
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
            output_limit(length, engine.max_new_tokens, self.settings.max_new_tokens)
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
        if self.settings.backend == "ctranslate2":
            from evalkit.translate.conversion import converted
            from evalkit.translate.ctranslate2_engine import CTranslate2Engine

            model_type = read_json(self.folder, "config.json").get("model_type", "")
            folder = converted(
                self.folder,
                self.fingerprint["files_sha256"],
                self.fingerprint["precision"],
                allow_pickle=self.settings.allow_pickle,
            )
            return CTranslate2Engine(folder, self.folder, model_type, **self._options())
        from evalkit.translate.transformers_engine import TransformersEngine

        return TransformersEngine(self.folder, **self._options())

    def _options(self) -> dict[str, Any]:
        return {
            "precision": self.fingerprint["precision"],
            "beam": int(self.fingerprint["beam"]),
            "length_penalty": float(self.fingerprint["length_penalty"]),
            "settings": self.settings,
        }

    def _model_files(self) -> list[Path]:
        return needed_files(self.folder, allow_pickle=self.settings.allow_pickle)

    def _longest(self) -> int:
        return self.settings.max_source_tokens or self.longest_piece

    def _precision(self) -> str:
        if self.settings.backend == "ctranslate2":
            from evalkit.translate.ctranslate2_engine import compute_type

            return compute_type(self.settings)
        return "float32" if self.settings.dtype == "auto" else self.settings.dtype


def open_model(name: str, spec: str, argument: str, settings: Settings) -> LocalModel:
    """Open ``hf:ORG/NAME[@REVISION]`` or a local folder of a transformers model."""
    folder, revision = model_folder(argument, allow_pickle=settings.allow_pickle)
    model = argument.partition("@")[0] if revision else folder.resolve().name
    return LocalModel(name, spec, folder, settings, model=model, revision=revision)


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
