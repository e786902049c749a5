"""The scores that the organizers of WMT21 published for ten systems and two references."""

from __future__ import annotations

import csv

from evalkit.metrics import get_metric
from evalkit.metrics.base import corpus_score


def test_all_60_official_figures_from_statistics(wmt21, read_wmt21, wmt21_systems):
    with open(wmt21 / "official-scores.tsv", encoding="utf-8") as stream:
        official = {
            (row["system"], row["metric"]): float(row["score"])
            for row in csv.DictReader(stream, delimiter="\t")
        }
    references = {"A": [read_wmt21("reference.A.en")], "B": [read_wmt21("reference.B.en")]}
    references["all"] = references["A"] + references["B"]
    compared = 0
    for which, streams in references.items():
        for name in ("bleu", "chrf"):
            metric = get_metric(name)
            prepared = metric.prepare(list(zip(*streams, strict=True)))
            for system, texts in wmt21_systems.items():
                score = corpus_score(metric, prepared.statistics(texts))
                assert abs(score - official[system, f"{name}-{which}"]) < 1e-8
                compared += 1
    assert compared == 60 == len(official)
