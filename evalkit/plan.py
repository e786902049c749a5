"""The plan of a run: every option that decides what comes out, as one frozen object.

The command line, `evalkit.evaluate` and the manifest all build or hold a `Plan`; a run is repeated from one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from evalkit.errors import InputError

ALIGNMENTS = ("auto", "lines", "sentences", "paragraphs")
HYPOTHESES = ("mt", "provided")
BACKENDS = ("transformers", "ctranslate2")
DTYPES = ("auto", "float32", "bfloat16", "float16", "int8")
SMOOTHING_METHODS = ("exp", "floor", "add-k", "none")

#: The metrics of a run that names none; and the one that joins them where a model is loaded anyway.
DEFAULT_METRICS = ("bleu", "chrf")
JUDGE, JUDGED_PAIR = "quality", "ru-en"

# Each hypothesis of a beam holds a whole sentence's states: the memory of a batch grows with the beam, and beyond a few dozen
# translations get worse, not better (Koehn and Knowles 2017, "Six challenges", section 3.6).
WIDEST_BEAM = 100

CLUSTER = re.compile(r"(tcp|tls|ucx|ws|wss)://.+|local:[1-9]\d*")
SHARE = re.compile(r"(\d+)/(\d+)")

#: sacreBLEU's seed and trials.
SEED = 12345
RESAMPLES = 1000
RANDOMIZATIONS = 10_000

#: How the input is named: of these one, by some of its options.
WAYS = (("inputs",), ("from_list",), ("source", "provided"), ("test_set",))


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise InputError(f"{name} is {value!r}; it can be {', '.join(allowed)}")


@dataclass(frozen=True, slots=True)
class Reading:
    """How the input is read.

    format: a name of `evalkit.plugins.READERS`; None tells it by the suffix.
    encoding: None detects it (byte order mark, UTF-8, or the look of the letters).
    errors: "strict", or "replace" to read undecodable bytes as U+FFFD (flag ``replaced_bytes``).
    source_column ... id_column: names, or numbers from 1, of table columns; None finds the usual names.
    translation_columns: "SYSTEM=COLUMN" or "COLUMN": translations recorded in the table.
    documents, provided_documents: files with the document's name for each line of the source, of the
        provided text.
    """

    format: str | None = None
    encoding: str | None = None
    errors: str = "strict"
    source_column: str | None = None
    provided_columns: tuple[str, ...] = ()
    document_column: str | None = None
    id_column: str | None = None
    translation_columns: tuple[str, ...] = ()
    documents: str | None = None
    provided_documents: str | None = None

    def __post_init__(self) -> None:
        _one_of("errors", self.errors, ("strict", "replace"))


@dataclass(frozen=True, slots=True)
class Pairing:
    """What is paired with what.

    align: "lines" takes the input's own lines as pairs, "sentences" and "paragraphs" are aligned; "auto" is
        "lines" where both files have as many, unless most lines have several sentences: these are aligned within
        their lines. presplit: every line is one sentence.
    min_confidence: pairs that were aligned with less are left out of corpus scores and comparisons.
    """

    align: str = "auto"
    presplit: bool = False
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        _one_of("align", self.align, ALIGNMENTS)
        if not 0 <= self.min_confidence <= 1:
            raise InputError(f"min_confidence must be from 0 to 1, not {self.min_confidence}")


@dataclass(frozen=True, slots=True)
class Decoding:
    """How models run. Each kind of system uses what concerns it.

    ``backend``, ``dtype``, ``beam``, ``length_penalty``, ``max_source_tokens`` and ``max_new_tokens`` change
    translations, so they are part of a model's fingerprint; the others only change how fast they come.

    device: "auto" (a GPU where there is one), "cpu", "cuda" or "cuda:1".
    dtype: "auto" is float32 with transformers; int8 on CPU and float16 on GPU with CTranslate2.
    beam: None is what the model's generation settings say; 1 is greedy.
    batch_tokens: source tokens in a batch, padding included; None chooses by device and beam.
    max_source_tokens: longer sources are split; None is the model's own limit.
    max_new_tokens: output limit of a piece; None is in proportion to the length of its source.
    timeout: seconds for a hundred lines of a ``cmd:`` program, or a request to an ``openai:`` endpoint.
    requests: requests at once to an ``openai:`` endpoint.
    """

    backend: str = "transformers"
    device: str = "auto"
    dtype: str = "auto"
    beam: int | None = None
    length_penalty: float | None = None
    batch_tokens: int | None = None
    max_source_tokens: int | None = None
    max_new_tokens: int | None = None
    threads: int | None = None
    allow_pickle: bool = False
    timeout: float = 180.0
    requests: int = 4

    def __post_init__(self) -> None:
        _one_of("backend", self.backend, BACKENDS)
        _one_of("dtype", self.dtype, DTYPES)
        for name in ("beam", "batch_tokens", "max_source_tokens", "max_new_tokens", "threads"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InputError(f"{name} must be at least 1, not {value}")
        if self.beam is not None and self.beam > WIDEST_BEAM:
            raise InputError(
                f"beam is {self.beam}; it can be at most {WIDEST_BEAM}: memory grows with it, and translations get"
                " worse beyond a few dozen"
            )


@dataclass(frozen=True, slots=True)
class MetricOptions:
    """The options of all metrics together, with sacreBLEU's names and defaults."""

    tokenize: str = "13a"
    lowercase: bool = False
    smooth_method: str = "exp"
    smooth_value: float | None = None
    chrf_char_order: int = 6
    chrf_word_order: int | None = None
    chrf_beta: int = 2
    chrf_whitespace: bool = False
    chrf_lowercase: bool = False
    chrf_eps_smoothing: bool = False
    ter_normalized: bool = False
    ter_no_punct: bool = False
    ter_asian_support: bool = False
    ter_case_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Trials:
    """Random draws: resamples of the bootstrap, trials of approximate randomization (0: none), and their seed."""

    resamples: int = RESAMPLES
    randomizations: int = RANDOMIZATIONS
    seed: int | None = SEED


@dataclass(frozen=True, slots=True)
class Reporting:
    """What is written and shown. None of it changes a figure.

    reports: files to write, by kind of report (`evalkit.plugins.REPORTS`). wide, excel_safe: of the CSV.
    top: pairs shown on the console; None shows all, or the worst 10 of many.
    """

    reports: Mapping[str, str] = field(default_factory=dict)
    wide: bool = False
    excel_safe: bool = False
    top: int | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """Where a run happens and where its parts are kept. None of it changes a figure.

    out: a folder for the parts, which are written as they are finished; None keeps everything in memory.
    jobs: processes on this machine. cluster: instead of them, a Dask cluster: "tcp://HOST:PORT", or "local:N".
    shard: "I/N": of all parts only those of this share, to be put together by `evalkit merge`.
    """

    out: str | None = None
    jobs: int = 1
    cluster: str | None = None
    shard: str | None = None

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise InputError(f"jobs must be at least 1, not {self.jobs}")
        if self.cluster is not None:
            if not CLUSTER.fullmatch(self.cluster):
                raise InputError(
                    f"cluster is {self.cluster!r}; it can be tcp://HOST:PORT, tls://HOST:PORT, or local:N"
                )
            if self.jobs > 1:
                raise InputError("give jobs (processes here) or cluster, not both")
        share_of(self.shard)
        for name in ("cluster", "shard"):
            if getattr(self, name) is not None and self.out is None:
                raise InputError(f"{name} needs out: a folder that its parts are written to")


def share_of(shard: str | None) -> tuple[int, int]:
    """The share I of N that "I/N" names; (1, 1) is all.

    Raises:
        InputError: it names none.
    """
    if shard is None:
        return 1, 1
    found = SHARE.fullmatch(shard)
    share, shares = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= share <= shares:
        raise InputError(f"shard is {shard!r}; it is I/N, the share I (from 1 to N) of N")
    return share, shares


@dataclass(frozen=True, slots=True)
class Plan:
    """Every option of a run. `evalkit.plan_files` turns it into plain JSON types and back.

    inputs: bilingual documents, tables, localization files; folders, globs and archives of them. from_list: a file
        that names more of them, a line each. Or ``source`` and ``provided`` name two texts, or ``test_set`` one of
        sacreBLEU's ("wmt21"). strict: the first of many inputs that cannot be read ends the run.
    systems: as on the command line, [NAME=]SPEC; () is the recorded translations of the input, or `builtin`.
    metrics: [NAME=]METRIC each; None is BLEU and chrF, and in a run for ru-en that loads a translation model quality too.
    hypothesis: "mt" scores each translation against the provided text, "provided" the reverse.
    findings: say what looks wrong in each pair (docs/findings.md). glossary: a file of terms and their prescribed
        translations, which findings miss; it asks for findings too.
    memory: a file; None is the user's own. use_memory: False translates everything anew.
    """

    inputs: tuple[str, ...] = ()
    from_list: str | None = None
    test_set: str | None = None
    strict: bool = False
    source: str | None = None
    provided: tuple[str, ...] = ()
    language_pair: str = "ru-en"
    systems: tuple[str, ...] = ()
    metrics: tuple[str, ...] | None = None
    hypothesis: str = "mt"
    findings: bool = False
    glossary: str | None = None
    memory: str | None = None
    use_memory: bool = True
    reading: Reading = Reading()
    pairing: Pairing = Pairing()
    decoding: Decoding = Decoding()
    metric_options: MetricOptions = MetricOptions()
    trials: Trials = Trials()
    reporting: Reporting = Reporting()
    running: Running = Running()

    def __post_init__(self) -> None:
        _one_of("hypothesis", self.hypothesis, HYPOTHESES)
        if self.metrics is not None and not self.metrics:
            raise InputError("a run needs a metric: bleu and chrf are the default")

    def overridden(self, options: Mapping[str, Any]) -> Plan:
        """As `with_options`; and a way to name the input that is given takes the place of the others that the plan has.

        Of the same way only what is given changes: a new ``source`` keeps ``provided``.
        """
        if any(name in options for way in WAYS for name in way):
            others = [name for way in WAYS if not options.keys() & set(way) for name in way]
            options = {**{name: getattr(Plan(), name) for name in others}, **options}
        return self.with_options(options)

    def with_options(self, options: Mapping[str, Any]) -> Plan:
        """The plan with options of this name changed, wherever in it they stand ("beam" is `decoding.beam`).

        Raises:
            InputError: there is no such option, or it cannot have this value.
        """
        changed: dict[str, dict[str, Any]] = {}
        for name, value in options.items():
            changed.setdefault(_home(name), {})[name] = value
        own = changed.pop("", {})
        groups = {home: replace(getattr(self, home), **values) for home, values in changed.items()}
        return replace(self, **own, **groups)


def _names(kind: Any) -> list[str]:
    return [f.name for f in fields(kind)]


def _home(name: str) -> str:
    """The group of an option: "" for those of the plan itself."""
    if name in _names(Plan):
        return ""
    for group in fields(Plan):
        if is_dataclass(group.default) and name in _names(group.default):
            return group.name
    raise InputError(f"there is no option {name!r}")
