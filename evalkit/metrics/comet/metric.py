"""A COMET checkpoint as a metric."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from evalkit.engines.devices import choose_device
from evalkit.engines.encoder_batches import chosen_dtype
from evalkit.engines.quiet import quiet_transformers
from evalkit.engines.snapshots import model_folder
from evalkit.engines.weights import Weights, files_hash, read_weights
from evalkit.errors import InputError
from evalkit.metrics.base import Example, Judgement, JudgingMetric
from evalkit.metrics.comet.encoder import Encoder, kind_of
from evalkit.metrics.comet.loading import (
    PATTERNS,
    encoder_files,
    encoder_folder,
    is_complete,
    load,
    tokenizer_folder,
    weight_files,
)
from evalkit.metrics.comet.options import (
    REFERENCELESS,
    UNIFIED,
    XCOMET,
    is_whole,
    read_hparams,
    read_options,
)
from evalkit.metrics.comet.reading import Model, Reading, Verdict
from evalkit.metrics.judged_flags import flags_of
from evalkit.plan import Decoding

# Raised whenever the same checkpoint and options begin to give other scores.
PROCEDURE = "1"
# Digits of a hash and of a revision in a signature: enough to tell, short enough to cite.
SHOWN_DIGITS = 12


class Comet(JudgingMetric):
    """A checkpoint of the hub (``ORG/NAME[@REVISION]``) or of a folder, opened by its options.

    The weights are loaded when the first example is judged. Several references are read one by one,
    and their scores averaged; spans are those of the first.

    Attributes:
        needs: what it cannot do without. A unified model that knows references reads them where an
            example has them, and does without where it has none.
        note: what a reader of its scores should know, "" if nothing.

    Raises:
        ModelUnavailable: the checkpoint or its encoder's configuration is not here and cannot be
            fetched, or is damaged.
        InputError: it cannot run in this dtype.
    """

    def __init__(
        self,
        argument: str,
        *,
        name: str = "comet",
        label: str = "",
        decoding: Decoding | None = None,
    ) -> None:
        self._decoding = decoding or Decoding()
        self._dtype = chosen_dtype(self._decoding.dtype, "COMET")
        self.name = name
        self.folder, self.model, self.revision = model_folder(argument, PATTERNS, is_complete)
        self._files = weight_files(self.folder)
        hparams = read_hparams(self.folder)
        inside = {} if is_whole(hparams) else self._weights.options
        self._options = read_options(self.folder, hparams, inside)
        self.label = label or name
        self.detail_columns = {"spans": f"{name}_spans"} if self._options.kind == XCOMET else {}
        self.needs = self._needs()
        self.optional = self._optional()
        self.note = self._old_snapshot()

    @cached_property
    def fingerprint(self) -> Mapping[str, str]:
        """Model, revision, hashes of all files, class, dtype and length limit."""
        tokenizer = self._encoder.tokenizer
        return {
            "kind": "comet",
            "class": self._options.kind,
            "model": self.model,
            "revision": self.revision,
            "weights_sha256": self._weights_hash,
            "options": repr(self._options),
            "encoder_sha256": self._encoder_hash,
            "dtype": self._dtype,
            "longest_text": str(tokenizer.longest),
            "longest_joined": str(tokenizer.longest_joined),
            "procedure": PROCEDURE,
        }

    @property
    def cited(self) -> Mapping[str, str]:
        """Model, revision, hash of the weights, class, dtype, length limit in tokens."""
        tokenizer = self._encoder.tokenizer
        limit = tokenizer.longest_joined if self._options.is_unified else tokenizer.longest
        return {
            "model": self.model,
            "rev": self.revision[:SHOWN_DIGITS] or "none",
            "sha256": self._weights_hash[:SHOWN_DIGITS],
            "class": self._options.kind,
            "dtype": self._dtype,
            "tokens": str(limit),
        }

    def judge(self, batch: Sequence[Example]) -> list[Judgement]:
        """A judgement of each example.

        Raises:
            InputError: an example lacks what the metric needs.
            ModelUnavailable: the weights are damaged or would run code.
            EvalkitError: one example alone does not fit into the device's memory.
        """
        if not batch:
            return []
        groups = [self._readings(example) for example in batch]
        verdicts = iter(self._loaded.read([reading for group in groups for reading in group]))
        return [
            _judgement(example, [next(verdicts) for _ in group])
            for example, group in zip(batch, groups, strict=True)
        ]

    def _readings(self, example: Example) -> list[Reading]:
        hypothesis, source = example.hypothesis, example.source
        if not self._knows_references:
            return [Reading(hypothesis, source)]
        if not example.references:
            if "references" in self.needs:
                raise InputError(f"{self.name} needs a reference for every example")
            return [Reading(hypothesis, source)]
        return [Reading(hypothesis, source, reference) for reference in example.references]

    @property
    def _knows_references(self) -> bool:
        if self._options.is_unified:
            return "ref" in self._options.segments
        return self._options.kind != REFERENCELESS

    def _needs(self) -> frozenset[str]:
        if self._options.is_unified:
            return frozenset({"source"} if "src" in self._options.segments else {"references"})
        return frozenset({"source", "references"} if self._knows_references else {"source"})

    def _optional(self) -> frozenset[str]:
        return frozenset({"references"} if self._knows_references else ()) - self.needs

    def _old_snapshot(self) -> str:
        if self._options.kind in (UNIFIED, XCOMET) and self._options.transformation == "sparsemax":
            return (
                f"{self.model} mixes its layers by sparsemax; the authors of the published CometKiwi and "
                "XCOMET corrected that to softmax (sparsemax_patch): if this is an old snapshot of one "
                "of them, take its present revision"
            )
        return ""

    @cached_property
    def _encoder(self) -> Encoder:
        kind = kind_of(self._options.encoder)
        folder = encoder_folder(self.folder, self._options.pretrained)
        tokenizer = tokenizer_folder(self.folder, folder, kind)
        self._encoder_hash = files_hash(
            [*encoder_files(folder), *(encoder_files(tokenizer) if tokenizer != folder else [])]
        )
        with quiet_transformers():
            return Encoder(kind, folder, tokenizer)

    @cached_property
    def _weights_hash(self) -> str:
        return files_hash(self._files)

    @cached_property
    def _weights(self) -> Weights:
        return read_weights(self._files)

    @cached_property
    def _loaded(self) -> Model:
        # Threads that wait by spinning make torch a hundred times slower on a machine with other work.
        # It has an effect only where torch has not been imported yet.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import torch

        if self._decoding.threads:
            torch.set_num_threads(self._decoding.threads)
        device = choose_device(self._decoding.device)
        with quiet_transformers():
            return load(
                self._options,
                self._encoder,
                self._weights.tensors,
                self._decoding,
                dtype=self._dtype,
                device=device,
                name=self.name,
            )


def _judgement(example: Example, verdicts: Sequence[Verdict]) -> Judgement:
    """The verdicts with each reference as one."""
    count = len(verdicts)
    details: dict[str, Any] = dict(verdicts[0].details)
    if count > 1:
        for key, value in details.items():
            if isinstance(value, float):
                details[key] = sum(verdict.details[key] for verdict in verdicts) / count
        details["reference_scores"] = [verdict.score for verdict in verdicts]
    score = sum(verdict.score for verdict in verdicts) / count
    cut = any(verdict.cut for verdict in verdicts)
    return Judgement(score, flags_of(example, too_long=cut), details)
