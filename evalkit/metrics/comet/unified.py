"""UnifiedMetric (UniTE, Wan et al. 2022; CometKiwi, Rei et al. 2022) and XCOMETMetric (Guerreiro et al. 2024).

The hypothesis is read together with its source, with its reference, and with both; the score is made
of those passes, and error spans of the labels that each gives to the hypothesis's tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.engines.encoder_batches import run_in_batches
from evalkit.metrics.comet.encoder import Encoder, Visit
from evalkit.metrics.comet.estimator import Estimator
from evalkit.metrics.comet.mixture import Pooled, Recipe
from evalkit.metrics.comet.options import XCOMET, Options
from evalkit.metrics.comet.reading import Reading, Verdict
from evalkit.metrics.comet.spans import mqm_score, spans
from evalkit.metrics.comet.tokens import Sequences, Tokens

_PASSES = ("src_score", "ref_score", "unified_score")
# unbabel-comet's weights of the three passes in the labels of tokens, and of the passes and the
# spans in XCOMET's score.
_SPAN_WEIGHTS = (0.1667, 0.3333, 0.5)
_SCORE_WEIGHTS = (0.12, 0.33, 0.33)
_MQM_WEIGHT = 0.22


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one pass gives: a score, and (tokens, labels) probabilities where there is a word level."""

    score: float
    probabilities: Any


class Unified:
    """A score from texts that are read together."""

    def __init__(
        self,
        encoder: Encoder,
        recipe: Recipe,
        estimator: Estimator,
        options: Options,
        tensors: Mapping[str, Any],
        *,
        device: str,
        budget: int,
        name: str,
    ) -> None:
        self._encoder, self._recipe, self._estimator = encoder, recipe, estimator
        self._options, self._budget, self._name = options, budget, name
        self._tagger: tuple[Any, Any] | None = None
        if options.labels:
            weight, bias = tensors["hidden2tag.weight"], tensors["hidden2tag.bias"]
            if len(bias) != len(options.labels) + 1:
                raise ValueError(f"it tags {len(bias)} labels, error_labels are {options.labels}")
            self._tagger = (weight.float().to(device), bias.float().to(device))

    def read(self, readings: Sequence[Reading]) -> list[Verdict]:
        """A verdict of each reading: score, the passes' scores, spans where there is a word level."""
        tokens = self._tokens(readings)
        wanted = [self._sequences(reading, tokens) for reading in readings]
        distinct = list(dict.fromkeys(sequence for group in wanted for sequence in group))
        passes: dict[Sequences, _Pass] = {}

        def run(batch: list[int]) -> None:
            part = [distinct[position] for position in batch]
            passes.update(zip(part, self._run(part), strict=True))

        lengths = [len(sequence.ids) for sequence in distinct]
        self._budget = run_in_batches(lengths, self._budget, run, self._name)
        return [
            self._verdict(tokens[reading.hypothesis], group, [passes[item] for item in group])
            for reading, group in zip(readings, wanted, strict=True)
        ]

    def _tokens(self, readings: Sequence[Reading]) -> dict[str, Tokens]:
        texts = dict.fromkeys(
            text
            for reading in readings
            for text in (reading.hypothesis, reading.source, reading.reference)
            if text is not None
        )
        return dict(zip(texts, self._encoder.tokenizer.encode(list(texts)), strict=True))

    def _sequences(self, reading: Reading, tokens: Mapping[str, Tokens]) -> list[Sequences]:
        """The passes of a reading: one, or with source, with reference, with both."""
        join = self._encoder.tokenizer.join
        hypothesis, source = tokens[reading.hypothesis], tokens[reading.source]
        segments = self._options.segments
        if "ref" not in segments or reading.reference is None:
            return [join([hypothesis, source])]
        reference = tokens[reading.reference]
        if "src" not in segments:
            return [join([hypothesis, reference])]
        return [
            join([hypothesis, source]),
            join([hypothesis, reference]),
            join([hypothesis, source, reference]),
        ]

    def _run(self, batch: Sequence[Sequences]) -> list[_Pass]:
        import torch
        from torch.nn.functional import linear

        made: list[Pooled] = []
        tagged: list[Any] = []

        def visit(ids: Any, attended: Any, real: Any) -> Visit:
            made.append(Pooled(self._recipe, attended, real))

            def add(layer: int, states: Any) -> None:
                made[0].add(layer, states)
                if self._tagger and layer == self._options.word_layer:
                    most = max(sequence.tagged for sequence in batch)
                    logits = linear(states[:, :most].float(), *self._tagger)
                    tagged.append(torch.softmax(logits, dim=2).cpu())

            return add

        self._encoder.run(batch, visit)
        with torch.inference_mode():
            scores = self._estimator(made[0].vectors()).tolist()
        if not self._tagger:
            return [_Pass(score, None) for score in scores]
        return [
            # A copy: a view would keep the whole batch.
            _Pass(score, tagged[0][row, : sequence.tagged].clone())
            for row, (sequence, score) in enumerate(zip(batch, scores, strict=True))
        ]

    def _verdict(
        self, hypothesis: Tokens, sequences: Sequence[Sequences], passes: Sequence[_Pass]
    ) -> Verdict:
        scores = [item.score for item in passes]
        details: dict[str, Any] = {}
        if len(passes) > 1:
            details.update(zip(_PASSES, scores, strict=True))
        if self._tagger:
            details["spans"] = self._spans(hypothesis, sequences[0], passes)
        cut = any(sequence.cut for sequence in sequences)
        if self._options.kind != XCOMET:
            return Verdict(sum(scores) / len(scores), cut, details)
        details["mqm_score"] = mqm_score(details["spans"])
        bounded = [min(score, 1.0) for score in scores]
        if len(passes) == 1:
            details["src_score"] = bounded[0]
            bounded *= len(_SCORE_WEIGHTS)
        weighted = sum(w * score for w, score in zip(_SCORE_WEIGHTS, bounded, strict=True))
        return Verdict(weighted + _MQM_WEIGHT * details["mqm_score"], cut, details)

    def _spans(
        self, hypothesis: Tokens, first: Sequences, passes: Sequence[_Pass]
    ) -> list[dict[str, Any]]:
        probabilities = passes[0].probabilities
        if len(passes) > 1:
            probabilities = sum(
                weight * item.probabilities
                for weight, item in zip(_SPAN_WEIGHTS, passes, strict=True)
            )
        return spans(
            probabilities,
            first.ids,
            hypothesis.offsets,
            self._options.labels,
            self._encoder.tokenizer.decode,
        )
