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
from typing import Any

from evalkit.engines.chat import ChatClient, Question
from evalkit.errors import InputError
from evalkit.languages import LanguagePair, language_pair
from evalkit.metrics.base import Example, Judgement, JudgingMetric
from evalkit.metrics.gemba.prompts import ESA, MQM, SCORE
from evalkit.metrics.gemba.replies import NotUnderstood, errors_of, score_of
from evalkit.metrics.judged_flags import REPLY_NOT_UNDERSTOOD, flags_of
from evalkit.plan import Decoding, Plan

# What an error costs, and the most that all of them cost; of more than five errors the worst count, as
# the authors' code has it (github.com/MicrosoftTranslator/GEMBA).
COSTS = {"critical": 25, "major": 5, "minor": 1}
WORST = 25
COUNTED = 5
# As much of a reply that was not understood is kept.
LONGEST_KEPT = 4000
KINDS = ("gemba-mqm", "gemba-esa")


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

    needs = frozenset({"source"})
    detail_columns: Mapping[str, str]

    def __init__(
        self,
        model: str,
        *,
        kind: str = "gemba-mqm",
        name: str = "",
        label: str = "",
        decoding: Decoding | None = None,
        source_language: str = "Russian",
        target_language: str = "English",
    ) -> None:
        if kind not in KINDS:
            raise InputError(f"unknown judge {kind!r}: use {' or '.join(KINDS)}")
        self.kind, self.name = kind, name or kind
        self.label = label or f"{'GEMBA-MQM' if kind == KINDS[0] else 'GEMBA-ESA'} {model}"
        self.detail_columns = {"spans": f"{self.name}_spans"}
        self.range = (-float(WORST), 0.0) if kind == KINDS[0] else (0.0, 100.0)
        self._languages = {"source": source_language, "target": target_language}
        self._client = ChatClient(model, decoding or Decoding())

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

    @property
    def cited(self) -> Mapping[str, str]:
        """Judge, model, hash of the prompts, languages, temperature."""
        return {
            "judge": self.kind,
            "model": self._client.model,
            "prompts": self._prompts_hash()[:12],
            "lang": f"{self._languages['source']}-{self._languages['target']}",
            "temperature": "0",
        }

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
            for text, example in zip(self._ask(prompts), batch, strict=True)
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
        for number, text in zip(known, self._ask(prompts), strict=True):
            scores[number] = _understood(text, score_of)
        return scores

    def _ask(self, questions: Sequence[Question]) -> list[str]:
        """A reply to each question, in order, as it came; each distinct one is asked once."""
        distinct = list(dict.fromkeys(questions))
        replies = {
            distinct[position]: reply.text
            for position, reply in self._client.ask_all(distinct, malformed=True)
        }
        return [replies[question] for question in questions]

    def _prompts_hash(self) -> str:
        prompts = [MQM] if self.kind == KINDS[0] else [ESA, SCORE]
        return hashlib.sha256(json.dumps([prompt.text for prompt in prompts]).encode()).hexdigest()


def mqm_score(spans: Sequence[Mapping[str, Any]]) -> float:
    """0 for no error, down to -25."""
    costs = sorted((COSTS[span["severity"]] for span in spans), reverse=True)
    return -float(min(WORST, sum(costs[:COUNTED])))


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


def gemba_mqm(
    argument: str,
    name: str = "gemba-mqm",
    decoding: Decoding | None = None,
    pair: LanguagePair | None = None,
) -> Gemba:
    """GEMBA-MQM by the endpoint's model ``argument``."""
    return _gemba("gemba-mqm", argument, name, decoding, pair)


def gemba_esa(
    argument: str,
    name: str = "gemba-esa",
    decoding: Decoding | None = None,
    pair: LanguagePair | None = None,
) -> Gemba:
    """GEMBA-ESA by the endpoint's model ``argument``."""
    return _gemba("gemba-esa", argument, name, decoding, pair)


def _gemba(
    kind: str, model: str, name: str, decoding: Decoding | None, pair: LanguagePair | None
) -> Gemba:
    pair = pair or language_pair(Plan().language_pair)
    return Gemba(
        model,
        kind=kind,
        name=name,
        decoding=decoding,
        source_language=pair.source.label,
        target_language=pair.target.label,
    )
