"""What a Python program calls: `evaluate`, and the steps alone on lists of texts."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeVar

from evalkit.data import Corpus
from evalkit.errors import InputError
from evalkit.flow.result import Evaluation
from evalkit.flow.run import run
from evalkit.languages import language_pair as pair_of
from evalkit.plan import WAYS, Decoding, MetricOptions, Plan, Trials
from evalkit.read.options import Options
from evalkit.read.texts import corpus_of_frame, corpus_of_texts

if TYPE_CHECKING:
    import pandas as pd

Path = str | PathLike[str]
Function = TypeVar("Function", bound=Callable[..., Evaluation])


def _beside_a_plan(function: Function) -> Function:
    """With ``plan``, what was given beside it overrides it, be it the default of the argument; nothing else does."""

    @functools.wraps(function)
    def evaluate(*arguments: Any, **options: Any) -> Evaluation:
        if options.get("plan") is None:
            return function(*arguments, **options)
        return _evaluated(inspect.signature(function).bind(*arguments, **options).arguments)

    return evaluate  # type: ignore[return-value]


@_beside_a_plan
def evaluate(
    document: Path | Sequence[Path] | pd.DataFrame | None = None,
    *,
    source: Path | Sequence[str] | None = None,
    provided: Path | Sequence[Path] | Sequence[str] | Sequence[Sequence[str]] = (),
    translations: Mapping[str, Sequence[str]] | None = None,
    from_list: Path | None = None,
    test_set: str | None = None,
    strict: bool = False,
    mt: str | Sequence[str] | None = (),
    metrics: Sequence[str] | None = None,
    hypothesis: str = "mt",
    findings: bool = False,
    glossary: Path | None = None,
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
    out: Path | None = None,
    jobs: int = 1,
    cluster: str | None = None,
    plan: Plan | None = None,
    quiet: bool = True,
) -> Evaluation:
    """Translate the source, compare the provided text with the translations, score every pair.

    Args:
        document: one bilingual text, table or localization file, or a DataFrame with such columns; or many files,
            folders, globs and archives, of which each file is a document.
        from_list: a file that names more such files, a path a line.
        test_set: instead, one of sacreBLEU's ("wmt21").
        source, provided: instead of ``document``, two files (several ``provided`` are several references of the
            same lines), or two lists of texts, one text a segment.
        translations: with lists, translations made before: system -> one text a segment.
        mt: systems, as on the command line (``builtin``, ``hf:ORG/NAME``, ``file:PATH``...); without
            any (or None), the recorded translations of the input, or else ``builtin``.
        metrics: [NAME=]METRIC each (`evalkit metrics list`); None as `evalkit.plan.Plan` has it. ``metric_options`` are
            the options of BLEU, chrF and TER.
        hypothesis: "mt" (the translation is scored against the provided text) or "provided".
        findings: say what looks wrong in each pair (docs/findings.md). glossary: the same, and which prescribed terms are
            missed: a TSV or TBX file.
        language_pair: source and target, as "ru-en".
        align: "auto", "lines", "sentences" or "paragraphs". presplit: every line is a sentence.
        min_confidence: pairs that are aligned with less confidence are left out of the corpus scores.
        format ... provided_documents: how files are read, see `evalkit.plan.Reading`.
        decoding: how models run. trials: seed and trials of intervals and tests.
        memory: the memory of translations and judgements: True for the user's own, False for none, or a path.
        out: a folder for the parts of the run, its CSV and its manifest; then the frames hold the pairs to look at first.
        jobs, cluster: processes on this machine, or a Dask cluster: see `evalkit.plan.Running`.
        plan: a whole plan. What is given beside it overrides it, and inputs take the place of the plan's, as on the
            command line. Its reports are not written.
        strict: the first of many files that cannot be read ends the run; else `Evaluation.failures` has them.
        quiet: no progress bars.

    Raises:
        InputError: the input cannot be accepted. Unavailable: a model or a test set cannot be had.
    """
    return _evaluated(locals())


def _evaluated(given: Mapping[str, Any]) -> Evaluation:
    """Of arguments of `evaluate`: those that change its plan, or its default where it has none."""
    made = (given.get("plan") or Plan()).overridden(_options(given))
    corpus = _corpus(given, made)
    if corpus is None:
        made = made.overridden(_files(given))
    else:
        made = made.with_options({name: getattr(Plan(), name) for way in WAYS for name in way})
    return run(made, corpus=corpus, quiet=given.get("quiet", True))


#: Arguments by what turns them into options of the plan; those of inputs and the memory are looked at apart.
_LIKE_THE_PLAN = (
    *("strict", "hypothesis", "findings", "language_pair", "align", "presplit", "min_confidence"),
    *("format", "encoding", "errors", "source_column", "document_column", "id_column"),
    *("decoding", "metric_options", "trials", "jobs", "cluster"),
)
_OF_NAMES = ("provided_columns", "translation_columns", "metrics")
_OF_PATHS = ("documents", "provided_documents", "glossary", "out")


def _options(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of the plan that were given, but for the names of its inputs."""
    found = {name: given[name] for name in _LIKE_THE_PLAN if name in given}
    for name in _OF_NAMES:
        if name in given:
            found[name] = None if given[name] is None else _names(given[name], name)
    found |= {name: _text(given[name]) for name in _OF_PATHS if name in given}
    if "mt" in given:
        found["systems"] = _specs(given["mt"])
    if "memory" in given:
        memory = given["memory"]
        found["memory"] = None if isinstance(memory, bool) else _text(memory)
        found["use_memory"] = memory is not False
    return found


def _corpus(given: Mapping[str, Any], plan: Plan) -> Corpus | None:
    """The corpus of texts that the program holds; None if files were named."""
    document, source = given.get("document"), given.get("source")
    translations = given.get("translations")
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
    return corpus_of_texts(source, given.get("provided", ()), translations)


def _files(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of the plan that name its inputs, as far as they were given."""
    document, provided = given.get("document"), given.get("provided", ())
    documents = (document,) if isinstance(document, str | PathLike) else document or ()
    several = (provided,) if isinstance(provided, str | PathLike) else provided or ()
    found = {
        "inputs": tuple(str(path) for path in documents),
        "from_list": _text(given.get("from_list")),
        "test_set": given.get("test_set"),
        "source": _text(given.get("source")),
        "provided": tuple(str(path) for path in several),
    }
    return {name: value for name, value in found.items() if value}


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
