"""A scored shard as a file: one Parquet part, whole or not there, from which the very same `Scored` is read again.

A row is a pair. Its texts and scores are in columns that other programs can read; what the result of a run is computed from
stands beside them (``statistics:CANDIDATE:METRIC``), and what concerns the whole shard in the metadata of the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from evalkit.checks.base import Finding, PairFindings
from evalkit.checks.flags import source_key
from evalkit.data import PAIRED, Doubts, Pair, Slip, Translation
from evalkit.errors import InputError
from evalkit.files.lines import LONE_SURROGATE
from evalkit.files.writing import write_atomically
from evalkit.flow.scored import Counts, Place, Scored, most_references
from evalkit.flow.scoring import (
    Key,
    Statistics,
    judgement_from_text,
    judgement_text,
    sentence_scores,
)
from evalkit.metrics.base import Metric

# What the metadata stands under.
META = b"evalkit"
PATTERN = "part-*.parquet"
# The column by which sources are told to be the same.
KEY = "source_key"


@dataclass(frozen=True)
class PartNote:
    """What a part says of itself.

    number: its place among the parts of its run, from 0. work: digest of what was done. texts: digest of what it was done to.
    """

    number: int
    work: str
    texts: str


@dataclass(frozen=True)
class Part:
    """A part as far as it is read: its note, its scored pairs, and the file."""

    note: PartNote
    scored: Scored
    path: Path


def part_path(folder: Path, number: int) -> Path:
    return folder / f"part-{number:06d}.parquet"


def part_paths(folder: Path) -> list[Path]:
    """The parts in a folder."""
    return sorted(folder.glob(PATTERN))


def write_part(folder: Path, note: PartNote, scored: Scored, metrics: Sequence[Metric]) -> None:
    """Write the part of a shard.

    Raises:
        EvalkitError: it cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = dict(_columns(scored, metrics))
    meta = json.dumps({"note": asdict(note), **_meta(scored)}, ensure_ascii=False)
    table = pa.table(columns).replace_schema_metadata({META: meta.encode("utf-8", "replace")})
    with write_atomically(part_path(folder, note.number), binary=True) as stream:
        pq.write_table(table, stream, compression="zstd")


def read_note(path: Path) -> PartNote:
    """The note of a part.

    Raises:
        InputError: it is not a whole part.
    """
    return PartNote(**_read_meta(path)["note"])


def read_part(path: Path) -> Part:
    """A part, all of it.

    Raises:
        InputError: it is not a whole part.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    meta = _read_meta(path)
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise _not_whole(path) from error
    return Part(PartNote(**meta["note"]), _scored(table, meta), path)


@dataclass(frozen=True)
class Figures:
    """The numbers of a part, without its texts.

    keys: (pairs, 2) of the sources, see `evalkit.checks.flags.source_key`. scores: ``METRIC:CANDIDATE`` and other columns of
    numbers, (pairs,) each. paired: (pairs,). references: how many provided texts a pair has at most.
    """

    documents: tuple[Place, ...]
    systems: tuple[str, ...]
    statistics: Mapping[Key, Statistics]
    keys: np.ndarray
    scores: Mapping[str, np.ndarray]
    paired: np.ndarray
    references: int
    counts: Mapping[str, Counts]
    seconds: Mapping[str, float]


def read_figures(path: Path, columns: Sequence[str], metric: str) -> Figures:
    """The numbers of a part.

    Args:
        columns: which are read, of those that it has, besides the scores of ``metric``.

    Raises:
        InputError: it is not a whole part.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    meta = _read_meta(path)
    keys = [(each["candidate"], each["metric"]) for each in meta["statistics"]]
    try:
        file = pq.ParquetFile(path)
        wanted = [
            name
            for name in file.schema_arrow.names
            if name in columns or name.startswith(f"{metric}:")
        ]
        table = file.read([KEY, "status", *wanted, *(f"statistics:{c}:{m}" for c, m in keys)])
    except (OSError, pa.ArrowException) as error:
        raise _not_whole(path) from error
    found = b"".join(table[KEY].to_pylist())
    return Figures(
        tuple(_place(each) for each in meta["documents"]),
        tuple(meta["systems"]),
        {
            key: _statistics(table, {}, key, each["references"])
            for key, each in zip(keys, meta["statistics"], strict=True)
        },
        np.frombuffer(found, dtype=np.uint64).reshape(-1, 2),
        {name: table[name].to_numpy() for name in wanted},
        np.array(table["status"].to_pylist(), dtype=object) == PAIRED,
        meta["references"],
        {name: Counts(**counts) for name, counts in meta["counts"].items()},
        meta["seconds"],
    )


def _columns(scored: Scored, metrics: Sequence[Metric]) -> Iterable[tuple[str, Any]]:
    import pyarrow as pa

    pairs = scored.pairs

    def texts(values: Iterable[str]) -> Any:
        return pa.array([_storable(value) for value in values], pa.string())

    def lists(values: Iterable[Sequence[str]]) -> Any:
        made = [[_storable(value) for value in each] for each in values]
        return pa.array(made, pa.list_(pa.string()))

    yield "document", texts(pair.document for pair in pairs)
    yield "status", texts(pair.status for pair in pairs)
    yield "alignment", texts(pair.alignment for pair in pairs)
    yield "confidence", pa.array([pair.confidence for pair in pairs], pa.float64())
    yield "source", texts(pair.source for pair in pairs)
    yield KEY, pa.array([source_key(pair.source) for pair in pairs], pa.binary(16))
    yield "provided", lists(pair.provided for pair in pairs)
    index = [pair.source_index for pair in pairs]
    yield "source_index", pa.array(index, pa.list_(pa.int32()))
    yield "id", texts(pair.id for pair in pairs)
    for name in ("source_line", "provided_line"):
        yield name, pa.array([getattr(pair, name) for pair in pairs], pa.int64())
    yield "flags", lists(pair.flags for pair in pairs)
    for system, run in scored.translations.items():
        yield f"translation:{system}", texts(translation.text for translation in run)
        yield f"flags:{system}", lists(translation.flags for translation in run)
    for metric in metrics:
        for (candidate, name), found in scored.statistics.items():
            if name == metric.name:
                scores = np.full(len(pairs), np.nan)
                scores[found.index] = sentence_scores(metric, found.values)
                yield f"{name}:{candidate}", pa.array(scores)
    for (candidate, name), found in scored.statistics.items():
        yield f"statistics:{candidate}:{name}", _statistics_column(found, len(pairs))
        if found.judgements:
            judged = np.full(len(pairs), None, dtype=object)
            judged[found.index] = [_storable(judgement_text(j)) for j in found.judgements]
            yield f"judgement:{candidate}:{name}", pa.array(judged.tolist(), pa.string())
    if scored.findings:
        yield (
            "findings",
            texts(
                json.dumps([asdict(found) for found in each.findings], ensure_ascii=False)
                for each in scored.findings
            ),
        )
        yield "error_probability", pa.array([each.probability for each in scored.findings])
    for name in ("agreement", "triage"):
        values = getattr(scored, name)
        if values is not None:
            yield name, pa.array(values)


def _statistics_column(found: Statistics, pairs: int) -> Any:
    """A list of k numbers for each pair that was scored, null for the others."""
    import pyarrow as pa

    width = found.values.shape[1]
    rows = np.zeros((pairs, width), dtype=_stored(found.values))
    rows[found.index] = found.values
    missing = np.ones(pairs, dtype=bool)
    missing[found.index] = False
    flat = pa.array(rows.reshape(-1))
    return pa.FixedSizeListArray.from_arrays(flat, width, mask=pa.array(missing))


def _stored(values: np.ndarray) -> np.dtype[Any]:
    """The type in which numbers are stored: counts of a sentence fit into half of what they are counted in."""
    whole = values.dtype.kind in "iu" and values.max(initial=0) <= np.iinfo(np.int32).max
    return np.dtype(np.int32) if whole else values.dtype


def _meta(scored: Scored) -> dict[str, Any]:
    return {
        "systems": list(scored.translations),
        "documents": [asdict(place) for place in scored.documents],
        "statistics": [
            {"candidate": c, "metric": m, "references": found.references}
            for (c, m), found in scored.statistics.items()
        ],
        "references": most_references(scored.pairs),
        "counts": {name: asdict(counts) for name, counts in scored.counts.items()},
        "seconds": dict(scored.seconds),
    }


def _read_meta(path: Path) -> dict[str, Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        meta: dict[str, Any] = json.loads(pq.read_schema(path).metadata[META])
        return meta
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise _not_whole(path) from error


def _not_whole(path: Path) -> InputError:
    return InputError(f"{path} is no whole part of a run: remove it, and run its share again")


def _scored(table: Any, meta: Mapping[str, Any]) -> Scored:
    names = set(table.column_names)
    read = {name: table[name].to_pylist() for name in names if not name.startswith("statistics:")}
    of_pairs = zip(
        read["document"],
        read["status"],
        read["alignment"],
        read["confidence"],
        read["source"],
        map(tuple, read["provided"]),
        map(tuple, read["source_index"]),
        read["id"],
        read["source_line"],
        read["provided_line"],
        map(tuple, read["flags"]),
        strict=True,
    )
    statistics: dict[Key, Statistics] = {}
    for each in meta["statistics"]:
        key = each["candidate"], each["metric"]
        found = _statistics(table, read, key, each["references"])
        wide = np.int64 if found.values.dtype.kind == "i" else np.float64
        statistics[key] = replace(found, values=found.values.astype(wide))
    return Scored(
        documents=tuple(_place(each) for each in meta["documents"]),
        pairs=tuple(Pair(*fields) for fields in of_pairs),
        translations={
            name: tuple(
                Translation(text, tuple(flags))
                for text, flags in zip(
                    read[f"translation:{name}"], read[f"flags:{name}"], strict=True
                )
            )
            for name in meta["systems"]
        },
        statistics=statistics,
        findings=_findings(read) if "findings" in names else (),
        agreement=np.array(read["agreement"], dtype=float) if "agreement" in names else None,
        triage=np.array(read["triage"], dtype=float) if "triage" in names else None,
        counts={name: Counts(**counts) for name, counts in meta["counts"].items()},
        seconds=meta["seconds"],
    )


def _statistics(table: Any, read: Mapping[str, Any], key: Key, references: int) -> Statistics:
    name = f"{key[0]}:{key[1]}"
    column = table[f"statistics:{name}"].combine_chunks()
    index = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    # The numbers of the pairs that have some: what stands under a null is left out.
    values = column.flatten().to_numpy(zero_copy_only=False).reshape(-1, column.type.list_size)
    judged = read.get(f"judgement:{name}")
    judgements = tuple(judgement_from_text(judged[i]) for i in index) if judged else ()
    return Statistics(index, values, references, judgements)


def _findings(read: Mapping[str, Any]) -> tuple[PairFindings, ...]:
    return tuple(
        PairFindings(tuple(map(_finding, json.loads(text))), probability)
        for text, probability in zip(read["findings"], read["error_probability"], strict=True)
    )


def _finding(plain: Mapping[str, Any]) -> Finding:
    spans = {
        side: tuple((begin, end) for begin, end in plain[side])
        for side in ("source_spans", "provided_spans")
    }
    return Finding(**{**plain, **spans})


def _place(plain: Mapping[str, Any]) -> Place:
    doubts = plain["doubts"]
    first, second = doubts["languages"]
    slip = Slip(**doubts["slip"]) if doubts["slip"] else None
    return Place(**{**plain, "doubts": Doubts((first, second), slip)})


def _storable(text: str) -> str:
    """The text; lone surrogates, which no file of text can hold, as the CSV shows them."""
    if not LONE_SURROGATE.search(text):
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
