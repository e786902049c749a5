"""What a Python program calls: `evaluate`, and the steps alone on lists of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any

from evalkit.data import Corpus
from evalkit.errors import InputError
from evalkit.flow.result import Evaluation
from evalkit.flow.run import run
from evalkit.languages import language_pair as pair_of
from evalkit.plan import Decoding, MetricOptions, Pairing, Plan, Reading, Trials
from evalkit.read.options import Options
from evalkit.read.texts import corpus_of_frame, corpus_of_texts

if TYPE_CHECKING:
    import pandas as pd

Path = str | PathLike[str]


def evaluate(
    document: Path | Sequence[Path] | pd.DataFrame | None = None,
    *,
    source: Path | Sequence[str] | None = None,
    provided: Path | Sequence[Path] | Sequence[str] | Sequence[Sequence[str]] = (),
    translations: Mapping[str, Sequence[str]] | None = None,
    test_set: str | None = None,
    strict: bool = False,
    mt: str | Sequence[str] | None = (),
    metrics: Sequence[str] | None = None,
    hypothesis: str = "mt",
    language_pair: str = "ru-en",
    align: str = "auto",
    presplit: bool = False,
    min_confidence: float = 0.0,
    format: str | None = None,
    encoding: str | None = None,
    errors: str = "strict",
    source_column: str | None = None,
    provided_columns: Sequence[str] = (),
    document_column: str | None = None,
    id_column: str | None = None,
    translation_columns: Sequence[str] = (),
    documents: Path | None = None,
    provided_documents: Path | None = None,
    decoding: Decoding = Decoding(),  # noqa: B008 (frozen)
    metric_options: MetricOptions = MetricOptions(),  # noqa: B008
    trials: Trials = Trials(),  # noqa: B008
    memory: Path | bool = True,
    plan: Plan | None = None,
    quiet: bool = True,
) -> Evaluation:
    """Translate the source, compare the provided text with the translations, score every pair.

    Args:
        document: one bilingual text, table or localization file, or a DataFrame with such columns; or many files,
            folders, globs and archives, of which each file is a document.
        test_set: instead, one of sacreBLEU's ("wmt21").
        source, provided: instead of ``document``, two files (several ``provided`` are several references of the
            same lines), or two lists of texts, one text a segment.
        translations: with lists, translations made before: system -> one text a segment.
        mt: systems, as on the command line (``builtin``, ``hf:ORG/NAME``, ``file:PATH``...); without
            any (or None), the recorded translations of the input, or else ``builtin``.
        metrics: [NAME=]METRIC each (`evalkit metrics list`); None as `evalkit.plan.Plan` has it. ``metric_options`` are
            the options of BLEU, chrF and TER.
        hypothesis: "mt" (the translation is scored against the provided text) or "provided".
        language_pair: source and target, as "ru-en".
        align: "auto", "lines", "sentences" or "paragraphs". presplit: every line is a sentence.
        min_confidence: pairs that are aligned with less confidence are left out of the corpus scores.
        format ... provided_documents: how files are read, see `evalkit.plan.Reading`.
        decoding: how models run. trials: seed and trials of intervals and tests.
        memory: the memory of translations and judgements: True for the user's own, False for none, or a path.
        plan: a whole plan, instead of all these options.
        strict: the first of many files that cannot be read ends the run; else `Evaluation.failures` has them.
        quiet: no progress bars.

    Raises:
        InputError: the input cannot be accepted. Unavailable: a model or a test set cannot be had.
    """
    if plan is not None:
        return run(plan, quiet=quiet)
    reading = Reading(
        format=format,
        encoding=encoding,
        errors=errors,
        source_column=source_column,
        provided_columns=_names(provided_columns, "provided_columns"),
        document_column=document_column,
        id_column=id_column,
        translation_columns=_names(translation_columns, "translation_columns"),
        documents=_text(documents),
        provided_documents=_text(provided_documents),
    )
    made = Plan(
        test_set=test_set,
        strict=strict,
        language_pair=language_pair,
        systems=_specs(mt),
        metrics=None if metrics is None else _names(metrics, "metrics"),
        hypothesis=hypothesis,
        memory=None if isinstance(memory, bool) else _text(memory),
        use_memory=memory is not False,
        reading=reading,
        pairing=Pairing(align, presplit, min_confidence),
        decoding=decoding,
        metric_options=metric_options,
        trials=trials,
    )
    corpus = _corpus(document, source, provided, translations, made)
    if corpus is None:
        made = _with_files(made, document, source, provided)
    return run(made, corpus=corpus, quiet=quiet)


def _corpus(
    document: Any, source: Any, provided: Any, translations: Any, plan: Plan
) -> Corpus | None:
    """The corpus of texts that the program holds; None if files were named."""
    if document is not None and hasattr(document, "columns"):
        pair = pair_of(plan.language_pair)
        return corpus_of_frame(document, Options(plan.reading, plan.pairing, pair))
    if isinstance(source, str | PathLike) or source is None:
        if translations is not None:
            raise InputError(
                "translations go with lists of texts; for files give --mt NAME=file:PATH"
            )
        return None
    if document is not None:
        raise InputError("give one document, or source and provided, not both")
    return corpus_of_texts(source, provided, translations)


def _with_files(plan: Plan, document: Any, source: Any, provided: Any) -> Plan:
    paths = (provided,) if isinstance(provided, str | PathLike) else tuple(provided)
    if document is None or isinstance(document, str | PathLike):
        document = () if document is None else (document,)
    return replace(
        plan,
        inputs=tuple(str(path) for path in document),
        source=_text(source),
        provided=tuple(str(path) for path in paths),
    )


def _text(path: Any) -> str | None:
    return None if path is None else str(path)


def _specs(mt: Any) -> tuple[str, ...]:
    specs = (mt,) if isinstance(mt, str) else () if mt is None else mt
    if not isinstance(specs, Sequence) or not all(isinstance(spec, str) for spec in specs):
        raise InputError(f"mt is {mt!r}; give a system ([NAME=]SPEC), or a list of them")
    return tuple(specs)


def _names(names: Sequence[str], what: str) -> tuple[str, ...]:
    if isinstance(names, str):
        raise InputError(f"{what} is a text; give a list of names, such as [{names!r}]")
    return tuple(names)
