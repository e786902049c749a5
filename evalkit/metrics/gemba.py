"""Judgements by a language model behind an OpenAI-compatible endpoint: GEMBA-MQM and GEMBA-ESA.

GEMBA-MQM (Kocmi and Federmann 2023) asks for error spans, and takes the score from their severities.
GEMBA-ESA (after the protocol of Kocmi et al. 2024) asks for spans, then for a score from 0 to 100 with the
spans in view. The prompts are our own and ask for JSON, so scores are not those of the papers' prompts.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import evalkit
from evalkit.errors import InputError
from evalkit.metrics.base import Example, Judgement, JudgingMetric
from evalkit.metrics.flags import REPLY_NOT_UNDERSTOOD, flags_of
from evalkit.metrics.gemba_prompts import ESA, MQM, SCORE, Prompt
from evalkit.metrics.gemba_replies import NotUnderstood, errors_of, score_of
from evalkit.metrics.judge_client import JudgeClient
from evalkit.translate.settings import Settings

# What an error costs, and the most that all of them cost; of more than five errors the worst count, as
# the authors' code has it (github.com/MicrosoftTranslator/GEMBA).
COSTS = {"critical": 25, "major": 5, "minor": 1}
WORST = 25
COUNTED = 5
# As much of a reply that was not understood is kept.
LONGEST_KEPT = 4000
KINDS = ("gemba-mqm", "gemba-esa")


class Client(Protocol):
    """What asks the model."""

    model: str
    base_url: str

    def ask(self, prompts: Sequence[Prompt]) -> list[str]:
        """A reply to each prompt, in order."""
        ...


@dataclass(frozen=True, slots=True)
class _Reply:
    """What was understood of a reply, or why nothing was, with its text."""

    value: Any
    text: str = ""
    reason: str = ""


class Gemba(JudgingMetric):
    """A language model as a judge.

    Spans are found in the hypothesis by their text; one that is not there (an omission names words of
    the source) has ``start`` and ``end`` None. Their ``confidence`` is None: a chat model states none.

    Args:
        model: the endpoint's name of it. Base URL and key come from OPENAI_BASE_URL and OPENAI_API_KEY.
        kind: "gemba-mqm" or "gemba-esa".
        source_language, target_language: as the prompt names them.

    Raises:
        ModelUnavailable: no key for the default endpoint.
    """

    higher_is_better = True
    needs = frozenset({"source"})
    note = ""

    def __init__(
        self,
        model: str,
        *,
        kind: str = "gemba-mqm",
        name: str = "",
        label: str = "",
        settings: Settings | None = None,
        source_language: str = "Russian",
        target_language: str = "English",
    ) -> None:
        if kind not in KINDS:
            raise InputError(f"unknown judge {kind!r}: use {' or '.join(KINDS)}")
        self.kind, self.name = kind, name or kind
        self.label = label or f"{'GEMBA-MQM' if kind == KINDS[0] else 'GEMBA-ESA'} {model}"
        self.range = (-float(WORST), 0.0) if kind == KINDS[0] else (0.0, 100.0)
        self._languages = {"source": source_language, "target": target_language}
        self._client: Client = JudgeClient(model, settings or Settings())

    @property
    def fingerprint(self) -> Mapping[str, str]:
        """Model, endpoint, prompts and languages."""
        return {
            "kind": self.kind,
            "model": self._client.model,
            "base_url": self._client.base_url,
            "prompts_sha256": self._prompts_hash(),
            "source_language": self._languages["source"],
            "target_language": self._languages["target"],
            "temperature": "0",
        }

    def signature(self, level: str) -> str:
        """Judge, model, hash of the prompts, languages, temperature, version of evalkit."""
        parts = {
            "judge": self.kind,
            "model": self._client.model,
            "prompts": self._prompts_hash()[:12],
            "lang": f"{self._languages['source']}-{self._languages['target']}",
            "temperature": "0",
            **({"level": "mean"} if level == "corpus" else {}),
            "evalkit": evalkit.__version__,
        }
        return "|".join(f"{key}:{value}" for key, value in parts.items())

    def judge(self, batch: Sequence[Example]) -> list[Judgement]:
        """A judgement of each example; NaN and the reply's text where a reply is not understood.

        Raises:
            ModelUnavailable: the endpoint cannot be reached, refuses the key or has no such model.
            EvalkitError: it went on failing.
        """
        first = MQM if self.kind == KINDS[0] else ESA
        prompts = [first.filled(example, self._languages) for example in batch]
        found = [
            _understood(text, lambda reply, to=example: errors_of(reply, to, first.severities))
            for text, example in zip(self._client.ask(prompts), batch, strict=True)
        ]
        if self.kind == KINDS[0]:
            scores = [_Reply(None if reply.reason else mqm_score(reply.value)) for reply in found]
        else:
            scores = self._scores(batch, found)
        return [
            _judgement(example, spans, score)
            for example, spans, score in zip(batch, found, scores, strict=True)
        ]

    def _scores(self, batch: Sequence[Example], found: Sequence[_Reply]) -> list[_Reply]:
        """The second question of GEMBA-ESA, for the examples whose spans were understood."""
        known = [number for number, reply in enumerate(found) if not reply.reason]
        prompts = [
            SCORE.filled(batch[number], self._languages, found[number].value) for number in known
        ]
        scores = [_Reply(None)] * len(batch)
        for number, text in zip(known, self._client.ask(prompts), strict=True):
            scores[number] = _understood(text, score_of)
        return scores

    def _prompts_hash(self) -> str:
        prompts = [MQM] if self.kind == KINDS[0] else [ESA, SCORE]
        return hashlib.sha256(json.dumps([prompt.text for prompt in prompts]).encode()).hexdigest()


def mqm_score(spans: Sequence[Mapping[str, Any]]) -> float:
    """0 for no error, down to -25."""
    costs = sorted((COSTS[span["severity"]] for span in spans), reverse=True)
    return 0.0 - min(WORST, sum(costs[:COUNTED]))  # not -0.0


def _understood(text: str, read: Any) -> _Reply:
    try:
        return _Reply(read(text), text)
    except NotUnderstood as error:
        return _Reply(None, text, str(error))


def _judgement(example: Example, spans: _Reply, score: _Reply) -> Judgement:
    flags = flags_of(example)
    details: dict[str, Any] = {} if spans.reason else {"spans": spans.value}
    for reply in (spans, score):
        if reply.reason:
            kept = {"reply": reply.text[:LONGEST_KEPT], "reason": reply.reason}
            return Judgement(math.nan, (*flags, REPLY_NOT_UNDERSTOOD), details | kept)
    return Judgement(score.value, flags, details)
