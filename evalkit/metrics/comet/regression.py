"""RegressionMetric and ReferencelessRegression (Rei et al. 2020): each text is encoded alone.

So a source and a reference are encoded once, however many translations of them are scored.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from evalkit.engines.encoder_batches import run_in_batches
from evalkit.metrics.comet.encoder import Encoder, Visit
from evalkit.metrics.comet.estimator import Estimator
from evalkit.metrics.comet.mixture import Pooled, Recipe
from evalkit.metrics.comet.reading import Reading, Verdict
from evalkit.metrics.comet.tokens import Sequences, Tokens

# Vectors kept from one call to the next: 65,000 sentences of XLM-R large.
KEPT_BYTES = 256 << 20
# Readings that the feed-forward network takes at once; it is small beside the encoder.
ROWS = 1024


class Regression:
    """A score from the vectors of hypothesis and source, and of the reference where it has one."""

    def __init__(
        self,
        encoder: Encoder,
        recipe: Recipe,
        estimator: Estimator,
        *,
        references: bool,
        budget: int,
        name: str,
    ) -> None:
        self._encoder, self._recipe, self._estimator = encoder, recipe, estimator
        self._references, self._budget, self._name = references, budget, name
        self._kept: OrderedDict[str, tuple[Any, bool]] = OrderedDict()

    def read(self, readings: Sequence[Reading]) -> list[Verdict]:
        """A verdict of each reading: a score alone."""
        import torch

        texts = [_texts(reading, self._references) for reading in readings]
        vectors = self._vectors(dict.fromkeys(text for group in texts for text in group))
        verdicts = []
        for start in range(0, len(texts), ROWS):
            part = texts[start : start + ROWS]
            with torch.inference_mode():
                columns = [
                    torch.stack([vectors[text][0] for text in column])
                    for column in zip(*part, strict=True)
                ]
                scores = self._estimator(self._features(columns)).tolist()
            for group, score in zip(part, scores, strict=True):
                verdicts.append(Verdict(score, any(vectors[text][1] for text in group)))
        return verdicts

    def _features(self, columns: Sequence[Any]) -> Any:
        """(rows, features) from the vectors of hypothesis, source and reference."""
        import torch

        hypothesis, source = columns[:2]
        beside_source = [hypothesis * source, (hypothesis - source).abs()]
        if not self._references:
            return torch.cat([hypothesis, source, *beside_source], dim=1)
        reference = columns[2]
        beside = [hypothesis * reference, (hypothesis - reference).abs()]
        return torch.cat([hypothesis, reference, *beside, *beside_source], dim=1)

    def _vectors(self, texts: Iterable[str]) -> dict[str, tuple[Any, bool]]:
        """The vector of each text, and whether it was cut; those known from before are not made anew."""
        found: dict[str, tuple[Any, bool]] = {}
        new = []
        for text in texts:
            if text in self._kept:
                self._kept.move_to_end(text)
                found[text] = self._kept[text]
            else:
                new.append(text)
        tokens = self._encoder.tokenizer.encode(new)

        def run(batch: list[int]) -> None:
            vectors = self._encode([tokens[position] for position in batch])
            for position, vector in zip(batch, vectors, strict=True):
                found[new[position]] = (vector, tokens[position].cut)

        lengths = [len(item.ids) for item in tokens]
        self._budget = run_in_batches(lengths, self._budget, run, self._name)
        self._keep({text: found[text] for text in new})
        return found

    def _encode(self, batch: Sequence[Tokens]) -> Any:
        pooled: list[Pooled] = []

        def visit(ids: Any, attended: Any, real: Any) -> Visit:
            pooled.append(Pooled(self._recipe, attended, real))
            return pooled[0].add

        alone = [Sequences(item.ids, 0, len(item.ids), item.cut) for item in batch]
        self._encoder.run(alone, visit)
        return pooled[0].vectors().cpu().unbind(0)

    def _keep(self, vectors: dict[str, tuple[Any, bool]]) -> None:
        self._kept.update(vectors)
        size = 4 * self._estimator.features // (6 if self._references else 4)
        while len(self._kept) * size > KEPT_BYTES:
            self._kept.popitem(last=False)


def _texts(reading: Reading, references: bool) -> tuple[str, ...]:
    if references:
        return reading.hypothesis, reading.source, reading.reference or ""
    return reading.hypothesis, reading.source
