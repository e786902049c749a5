"""The main job: read, pair, translate, score, in one call."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.data import Corpus, Pair, Translation
from evalkit.errors import InputError
from evalkit.evaluation import ALL_SYSTEMS, Evaluation

if TYPE_CHECKING:
    from evalkit.score import Metric
    from evalkit.translate import Memory, Settings, System, Translations

HYPOTHESES = ("mt", "provided")
EMPTY_SIDES = ("empty_source", "empty_provided")


def evaluate(
    document: str | Path | None = None,
    *,
    source: str | Path | None = None,
    provided: str | Path | Sequence[str | Path] = (),
    mt: str | Sequence[str] = (),
    metrics: Sequence[str] = ("bleu", "chrf"),
    hypothesis: str = "mt",
    align: str = "auto",
    presplit: bool = False,
    settings: Settings | None = None,
    memory: str | Path | bool = True,
    quiet: bool = True,
    **reading: Any,
) -> Evaluation:
    """Translate the source, compare the provided English with the translations, score every pair.

    Args:
        document: one bilingual text, table or localization file; or give ``source`` and ``provided``.
        source, provided: two files; several ``provided`` are several references of the same lines.
        mt: systems, as on the command line (``builtin``, ``hf:ORG/NAME``, ``file:PATH``...); without
            any, the recorded translations of the input's own columns, or else ``builtin``.
        metrics: "bleu", "chrf", "chrf++", "ter".
        hypothesis: "mt" (the translation is scored against the provided text) or "provided".
        align: "auto", "lines", "sentences" or "paragraphs"; ``presplit``: every line is a sentence.
        settings: how models run (`evalkit.translate.Settings`).
        memory: the translation memory: True for the user's own, False for none, or a path.
        quiet: no progress bars.
        reading: further options of `evalkit.read.read`: ``encoding``, ``source_column``...

    Raises:
        InputError: the input cannot be accepted. ModelUnavailable: a model cannot be had.
    """
    from evalkit.pair import split
    from evalkit.read import read
    from evalkit.score import get_metric
    from evalkit.translate import Memory, open_systems

    provided = [provided] if isinstance(provided, (str, Path)) else list(provided)
    specs = [mt] if isinstance(mt, str) else list(mt)
    corpus = read(document, source=source, provided=provided, align=align, **reading)
    unit = "paragraphs" if align == "paragraphs" else "sentences"
    corpus = split(corpus, presplit=presplit, unit=unit)
    store = Memory(None if memory is True else memory) if memory else None
    try:
        return evaluate_corpus(
            corpus,
            choose_systems(corpus, specs, lambda names: open_systems(names, settings)),
            [get_metric(name) for name in metrics],
            hypothesis=hypothesis,
            memory=store,
            presplit=presplit,
            quiet=quiet,
        )
    finally:
        if store is not None:
            store.close()


def choose_systems(corpus: Corpus, specs: Sequence[str], open_systems: Any) -> list[System]:
    """The systems recorded in the corpus itself, then those asked for; `builtin` if there are none."""
    from evalkit.translate import Recorded

    names = list(dict.fromkeys(name for row in corpus.rows for name in row.recorded))
    recorded = [
        Recorded(name, [row.recorded.get(name, "") for row in corpus.rows]) for name in names
    ]
    systems = recorded + open_systems(specs or ([] if recorded else ["builtin"]))
    taken = [system.name for system in systems]
    for name in taken:
        if taken.count(name) > 1:
            raise InputError(f"two systems are called {name!r}; name one of them: --mt NAME=SPEC")
        if name == ALL_SYSTEMS:
            raise InputError(
                f"no system can be called {name!r}: it stands for all of them together"
            )
    return systems


def evaluate_corpus(
    corpus: Corpus,
    systems: Sequence[System],
    metrics: Sequence[Metric],
    *,
    hypothesis: str = "mt",
    memory: Memory | None = None,
    presplit: bool = False,
    quiet: bool = True,
    settings: Mapping[str, Any] | None = None,
) -> Evaluation:
    """The flow from a split corpus on: translate, align, score. See `evaluate`.

    ``settings`` go into the manifest as they are.
    """
    from evalkit import frames, provenance
    from evalkit.pair import align, doubts, source_sentences
    from evalkit.pair_scores import score_pairs
    from evalkit.read.flags import suspicions

    _check_direction(corpus, hypothesis)
    clock = _Clock()
    if not source_sentences(corpus):
        raise InputError("there is no Russian text in the input, so there is nothing to translate")
    with clock("translate"):
        runs = {
            s.name: translate_corpus(s, corpus, presplit=presplit, memory=memory, quiet=quiet)
            for s in systems
        }
    with clock("align"):
        bridge = [t.text for t in runs[systems[0].name].translations]
        pairs = align(corpus, bridge)
    corpus = replace(corpus, warnings=(*corpus.warnings, *doubts(corpus, pairs)))
    found = suspicions([p.source for p in pairs], [p.provided for p in pairs])
    if corpus.documents:
        # A side that is empty because nothing corresponds to the other is no fault of the input.
        found = [tuple(flag for flag in flags if flag not in EMPTY_SIDES) for flags in found]
    translations = {
        name: [_join(run.translations, pair) for pair in pairs] for name, run in runs.items()
    }
    with clock("score"):
        scores = score_pairs(pairs, translations, metrics, hypothesis)
    pair_frame, segment_frame = frames.build(pairs, found, translations, scores, hypothesis)
    spec = {s.name: s.spec for s in systems}
    return Evaluation(
        pairs=pair_frame,
        segments=segment_frame,
        systems=frames.systems_frame(scores, metrics, spec),
        metrics=tuple(metric.name for metric in metrics),
        hypothesis=hypothesis,
        signatures=scores.signatures,
        warnings=corpus.warnings,
        comparison=scores.comparison,
        clusters=scores.clusters,
        manifest=provenance.manifest(
            corpus, systems, runs, scores, pair_frame, segment_frame, settings or {}, clock.seconds
        ),
    )


def translate_corpus(
    system: System,
    corpus: Corpus,
    *,
    presplit: bool = False,
    memory: Memory | None = None,
    quiet: bool = True,
) -> Translations:
    """The translations of `evalkit.pair.source_sentences`, in their order.

    With ``presplit``, recorded translations may be parallel to the lines of the source file, of
    which blank ones are no sentences.
    """
    from evalkit.pair import source_sentences
    from evalkit.translate import Recorded, Translations, translate

    sentences = source_sentences(corpus)
    by_line = presplit and corpus.documents and isinstance(system, Recorded)
    if not by_line or len(system.lines) == len(sentences):
        return translate(system, sentences, memory=memory, quiet=quiet)
    segments = [segment for document in corpus.documents for segment in document.source]
    lines = [""] * max(segment.line for segment in segments)
    for segment in segments:
        lines[segment.line - 1] = segment.text
    found = translate(system, lines)
    return Translations(tuple(found[s.line - 1] for s in segments), len(segments), 0)


def _check_direction(corpus: Corpus, hypothesis: str) -> None:
    if hypothesis not in HYPOTHESES:
        raise InputError(f"hypothesis is {hypothesis!r}; it can be {' or '.join(HYPOTHESES)}")
    references = max((len(row.provided) for row in corpus.rows), default=1)
    if hypothesis == "provided" and references > 1:
        raise InputError(
            f"--hypothesis provided scores one provided translation, and {references} were given;"
            " run it once for each"
        )


def _join(translations: Sequence[Translation], pair: Pair) -> Translation:
    """The translation of a pair: those of its source sentences, in order."""
    parts = [translations[i] for i in pair.source_index]
    if len(parts) == 1:
        return parts[0]
    flags = dict.fromkeys(flag for part in parts for flag in part.flags)
    return Translation(" ".join(part.text for part in parts if part.text), tuple(flags))


class _Clock:
    """Wall-clock seconds of the named steps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str):
        began = time.perf_counter()
        yield
        self.seconds[step] = round(time.perf_counter() - began, 3)
