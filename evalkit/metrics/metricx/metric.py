"""MetricX 23 and 24 (Juraska et al. 2023, 2024): mT5 that predicts an error score, 0 (best) to 25.

The score is the logit of `<extra_id_10>` at the decoder's first step, cut to 0..25, as the authors'
code computes it (github.com/google-research/metricx).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from evalkit.engines.devices import choose_device
from evalkit.engines.encoder_batches import batch_budget, chosen_dtype, run_in_batches
from evalkit.engines.quiet import quiet_transformers
from evalkit.engines.snapshots import cached, fetch, model_folder
from evalkit.engines.weights import files_hash, read_weights
from evalkit.errors import InputError, ModelUnavailable
from evalkit.metrics.base import Example, Judgement, JudgingMetric
from evalkit.metrics.judged_flags import flags_of
from evalkit.metrics.metricx.mt5 import TOKENIZER_FILES, Mt5, Mt5Tokenizer, config_of
from evalkit.plan import Decoding

PROCEDURE = "1"
SHOWN_DIGITS = 12
WORST = 25.0
# The tokens that the models were trained with, by version.
LONGEST = {"23": 1024, "24": 1536}
PATTERNS = ("config.json", "*.safetensors", "*.safetensors.index.json", "pytorch_model*", "*.model")
# All sizes of mT5 have the same tokenizer; the published MetricX have none of their own.
_TOKENIZERS = tuple(f"google/mt5-{size}" for size in ("xl", "large", "xxl", "base", "small"))
_VERSION = re.compile(r"metricx[-_]?(23|24)", re.IGNORECASE)
_WITHOUT_REFERENCE = re.compile(r"metricx[-_]?23[-_]qe", re.IGNORECASE)


class MetricX(JudgingMetric):
    """A checkpoint of the hub (``ORG/NAME[@REVISION]``) or of a folder.

    Several references are read one by one, and their scores averaged.

    Args:
        version: "23" or "24", which differ in what the model reads; "" takes it from the name, else 24.
        qe: without references. MetricX 24 can do both; MetricX 23 has other checkpoints for it, which
            are known by their names.

    Raises:
        ModelUnavailable: the checkpoint or its tokenizer is not here and cannot be fetched.
        InputError: an unknown version, or float16, in which mT5 overflows.
    """

    higher_is_better = False
    range = (0.0, WORST)

    def __init__(
        self,
        argument: str,
        *,
        name: str = "metricx",
        label: str = "",
        decoding: Decoding | None = None,
        version: str = "",
        qe: bool = False,
    ) -> None:
        self._decoding = decoding or Decoding()
        self._dtype = chosen_dtype(self._decoding.dtype, "MetricX")
        if self._dtype == "float16":
            raise InputError("MetricX has no --dtype float16, in which mT5 overflows: use bfloat16")
        self.folder, self.model, self.revision = model_folder(argument, PATTERNS, _is_complete)
        self._files = _weight_files(self.folder)
        found = _VERSION.search(self.model)
        self.version = version or (found[1] if found else "24")
        if self.version not in LONGEST:
            raise InputError(f"unknown MetricX version {version!r}: use {' or '.join(LONGEST)}")
        self.qe = qe or bool(_WITHOUT_REFERENCE.search(self.model))
        self.name, self.label = name, label or name
        self.needs = frozenset({"source"} if self.qe else {"references"})
        if self.version == "24":
            self.needs |= {"source"}
        self.note = ""
        self._budget = 0

    @cached_property
    def fingerprint(self) -> Mapping[str, str]:
        """Model, revision, hashes of all files, what it reads, dtype and length limit."""
        return {
            "kind": "metricx",
            "version": self.version,
            "reads": self._reads,
            "model": self.model,
            "revision": self.revision,
            "weights_sha256": files_hash(self._files),
            "config_sha256": files_hash([self.folder / "config.json"]),
            "tokenizer_sha256": files_hash([self._tokenizer.path]),
            "dtype": self._dtype,
            "longest": str(LONGEST[self.version]),
            "procedure": PROCEDURE,
        }

    @property
    def cited(self) -> Mapping[str, str]:
        """Model, revision, hash of the weights, what it reads, dtype, length limit."""
        return {
            "model": self.model,
            "rev": self.revision[:SHOWN_DIGITS] or "none",
            "sha256": files_hash(self._files)[:SHOWN_DIGITS],
            "class": f"metricx{self.version}",
            "reads": self._reads,
            "dtype": self._dtype,
            "tokens": str(LONGEST[self.version]),
        }

    def judge(self, batch: Sequence[Example]) -> list[Judgement]:
        """A judgement of each example.

        Raises:
            InputError: an example lacks its reference.
            ModelUnavailable: the weights are damaged or would run code.
            EvalkitError: one example alone does not fit into the device's memory.
        """
        if not batch:
            return []
        groups = [self._inputs(example) for example in batch]
        distinct = list(dict.fromkeys(text for group in groups for text in group))
        longest = LONGEST[self.version] - 1  # the end of sequence is counted, then taken away
        encoded = self._tokenizer.encode(distinct)
        tokens = [ids[:longest] for ids in encoded]
        scores: dict[str, float] = {}

        def run(positions: list[int]) -> None:
            predicted = self._loaded.logits([tokens[position] for position in positions])
            for position, score in zip(positions, predicted, strict=True):
                scores[distinct[position]] = min(max(score, 0.0), WORST)

        lengths = [len(ids) for ids in tokens]
        self._budget = self._budget or batch_budget(
            self._loaded.device, self._decoding.batch_tokens
        )
        self._budget = run_in_batches(lengths, self._budget, run, self.name)
        cut = {text for text, ids in zip(distinct, encoded, strict=True) if len(ids) > longest}
        judgements = []
        for example, group in zip(batch, groups, strict=True):
            found = [scores[text] for text in group]
            details = {"reference_scores": found} if len(found) > 1 else {}
            flags = flags_of(example, too_long=not cut.isdisjoint(group))
            judgements.append(Judgement(sum(found) / len(found), flags, details))
        return judgements

    @property
    def _reads(self) -> str:
        texts = ["source", "candidate", "reference"] if self.version == "24" else ["candidate"]
        if self.version == "24":
            return "+".join(texts[:2] if self.qe else texts)
        return "candidate+source" if self.qe else "candidate+reference"

    def _inputs(self, example: Example) -> list[str]:
        """What the model reads of an example: one text a reference, or one without."""
        if self.version == "24":
            start = f"source: {example.source} candidate: {example.hypothesis}"
        else:
            start = f"candidate: {example.hypothesis}"
        if self.qe:
            return [start if self.version == "24" else f"{start} source: {example.source}"]
        if not example.references:
            raise InputError(f"{self.name} needs a reference for every example")
        return [f"{start} reference: {reference}" for reference in example.references]

    @cached_property
    def _tokenizer(self) -> Mt5Tokenizer:
        return Mt5Tokenizer(_tokenizer_folder(self.folder))

    @cached_property
    def _loaded(self) -> Mt5:
        # As in `comet`: only where torch has not been imported yet.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import torch

        if self._decoding.threads:
            torch.set_num_threads(self._decoding.threads)
        device = choose_device(self._decoding.device)
        with quiet_transformers():
            weights = read_weights(self._files)
            return Mt5(self.folder, weights.tensors, self._tokenizer, self._dtype, device)


def _weight_files(folder: Path) -> list[Path]:
    for pattern in ("*.safetensors", "pytorch_model*.bin"):
        if found := sorted(folder.glob(pattern)):
            return found
    raise ModelUnavailable(f"{folder} has no weights (model.safetensors or pytorch_model.bin)")


def _is_complete(folder: Path) -> bool:
    try:
        return bool(_weight_files(folder)) and bool(config_of(folder))
    except ModelUnavailable:
        return False


def _tokenizer_folder(checkpoint: Path) -> Path:
    """Where mT5's tokenizer is: with the checkpoint, beside it, in the hub's cache, or on the hub.

    Raises:
        ModelUnavailable: it is nowhere here and cannot be fetched.
    """

    def has(folder: Path) -> bool:
        return any((folder / name).is_file() for name in TOKENIZER_FILES)

    parent = checkpoint.resolve().parent
    near = [checkpoint, *(parent / Path(name).name for name in _TOKENIZERS), parent / "mt5"]
    for folder in near:
        if has(folder):
            return folder
    caches: list[Path | None] = [None]
    if parent.name == "snapshots":
        caches.append(parent.parents[1])
    for cache in caches:
        for name in _TOKENIZERS:
            found = cached(name, cache=cache)
            if found is not None and has(found):
                return found
    try:
        return fetch(_TOKENIZERS[0], "", TOKENIZER_FILES)
    except ModelUnavailable as error:
        raise ModelUnavailable(f"the tokenizer of {checkpoint}: {error}") from error
