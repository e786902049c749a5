"""How well findings and triage find errors: WMT21 with errors put in, MLQE-PE with post-edits.

    python benchmarks/findings.py ../shared/cases/wmt21-ru-en [--mlqe ../shared/cases/mlqe-pe] [--bridge FOLDER]
        [--fit] [--seeds 3] [--show 50]

One half of the documents chooses (``--fit`` writes evalkit/checks/weights.json), the other is reported. ``--bridge`` holds
NAME.builtin.en for MLQE's dev, test20 and train: one more translation of each source, for the evidence of a system.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from damage import FOUND_AS
from findings_data import RECORDED, Row, TestSet, read_mlqe, read_wmt21, rows
from findings_fit import CHECKS, fit_check, fit_post_edits, fit_triage, write

from evalkit.checks.evidence import Languages
from evalkit.checks.examine import Examined, default_checks, examine
from evalkit.checks.triage import PRIOR, signals, triage
from evalkit.checks.weights import LEVELS, PATH, _all
from evalkit.languages.en import CHECK_WORDS as ENGLISH
from evalkit.languages.ru import CHECK_WORDS as RUSSIAN
from evalkit.statistics.closeness import closeness
from evalkit.statistics.triage import triage as old_triage

LANGUAGES = Languages.of(RUSSIAN, ENGLISH)
BINS = 10
MLQE_TRAIN = 3000
TOP = 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wmt21", type=Path)
    parser.add_argument("--mlqe", type=Path)
    parser.add_argument("--bridge", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--show", type=int, default=0, help="print so many false alarms")
    parser.add_argument("--levels", nargs="+", choices=LEVELS, default=LEVELS)
    arguments = parser.parse_args()
    test = read_wmt21(arguments.wmt21, arguments.bridge)
    if arguments.fit:
        fit(test, arguments.mlqe, arguments.bridge)
    _, lines = test.halves()
    for level in arguments.levels:
        report(test, lines, level, arguments.seeds, arguments.show)
    if arguments.mlqe:
        for name in ("dev", "test20"):
            report_mlqe(arguments.mlqe, name, arguments.bridge)


def fit(test: TestSet, mlqe: Path | None, bridge: Path | None) -> None:
    """Choose all models on one half of the documents, and on MLQE's train where it is given."""
    lines, _ = test.halves()
    models: dict[str, dict[str, object]] = defaultdict(dict)
    data = {level: rows(test, lines, level, seed=1, recorded=False) for level in LEVELS}
    for kind in CHECKS:
        for level in LEVELS:
            models[kind.name][level] = fit_check(kind(LANGUAGES), data[level])
    # Without MLQE the models of post-edits stay as they are.
    stored = json.loads(PATH.read_text(encoding="utf-8"))["models"]["post-edits"]
    models["triage"], models["post-edits"] = {}, {} if mlqe else stored
    write(PATH, models)
    _all.cache_clear()
    for level in LEVELS:
        models["triage"][level] = fit_triage(weighed(data[level]), data[level])
        beside = bridge / "train.builtin.en" if bridge and level == "one" else None
        if mlqe is not None and (level == "none" or beside):
            people = read_mlqe(mlqe, "train", beside, MLQE_TRAIN)
            models["post-edits"][level] = fit_post_edits(weighed(people), people)
    write(PATH, models)
    _all.cache_clear()


def weighed(data: Sequence[Row]) -> list[dict[str, float]]:
    """The signals of the triage of each row."""
    found = looked_at(data)
    return [signals(row.pair, e, n) for row, (e, n) in zip(data, found, strict=True)]


def looked_at(data: Sequence[Row]) -> list[tuple[Examined, float]]:
    """What the checks say of each row, and how near it is to the systems; on all processors."""
    with Pool() as pool:
        found = pool.map(_examined, [row.pair for row in data], chunksize=64)
    return list(zip(found, closeness([row.pair for row in data]), strict=True))


def _examined(pair: object) -> Examined:
    return examine(pair, CHECKED)  # type: ignore[arg-type]


CHECKED = default_checks(RUSSIAN, ENGLISH)


def report(test: TestSet, lines: Sequence[int], level: str, seeds: int, show: int) -> None:
    """Recall and false alarms by kind, and the triage, on documents that chose nothing."""
    started = time.time()
    data: list[Row] = []
    for seed in range(11, 11 + seeds):
        made = rows(test, lines, level, seed=seed, recorded=True)
        data += [row for row in made if row.damage or seed == 11]
    seen = looked_at(data)
    examined, near = [each for each, _ in seen], [close for _, close in seen]
    print(f"\n## {level} ({len(lines)} lines, two references, {seeds} seeds)\n")
    clean = [e for row, e in zip(data, examined, strict=True) if not row.damage]
    recall(data, examined)
    false_alarms(clean)
    probability = triage([row.pair for row in data], examined, near)
    old = None
    if level == "several":
        systems = {s: [row.pair.translations[s] for row in data] for s in RECORDED}
        old = old_triage(systems, [row.pair.provided for row in data])[1]
    report_triage(data, probability, old)
    print(f"({time.time() - started:.0f} s)", file=sys.stderr)
    if show and level == "several":
        show_false_alarms(data, examined, show)


def recall(data: Sequence[Row], examined: Sequence[Examined]) -> None:
    """Of each damage: how much of it has the finding it must have, and any finding."""
    print("| damage | sentences | found | any finding |\n|---|--:|--:|--:|")
    for kind in dict.fromkeys(row.damage for row in data if row.damage):
        names = [
            {finding.name for finding in each.findings}
            for row, each in zip(data, examined, strict=True)
            if row.damage == kind
        ]
        wanted = FOUND_AS.get(kind, frozenset((kind,)))
        found = np.mean([bool(each & wanted) for each in names])
        print(f"| {kind} | {len(names)} | {found:.3f} | {np.mean([bool(n) for n in names]):.3f} |")


def false_alarms(clean: Sequence[Examined]) -> None:
    """Of the references as they are: how many sentences have each finding, and any."""
    names = [{finding.name for finding in each.findings} for each in clean]
    print("\n| false alarms | share |\n|---|--:|")
    for name in sorted({n for each in names for n in each}):
        print(f"| {name} | {np.mean([name in each for each in names]):.4f} |")
    print(f"| any | {np.mean([bool(each) for each in names]):.4f} |")


def report_triage(data: Sequence[Row], probability: np.ndarray, old: np.ndarray | None) -> None:
    """With errors of all kinds in PRIOR of the sentences: found in the first tenth, area under the curve, calibration."""
    at = defaultdict(dict)
    for k, row in enumerate(data):
        at[row.reference, row.line].setdefault(row.damage, []).append(k)
    rng = random.Random(3)
    tops, areas, old_tops, old_areas, predicted, happened = [], [], [], [], [], []
    for _ in range(40):
        for reference in sorted({r for r, _ in at}):
            chosen = [_one(rng, versions) for (r, _), versions in at.items() if r == reference]
            wrong = np.array([bool(data[k].damage) for k in chosen])
            tops.append(in_top(probability[chosen], wrong))
            areas.append(area(probability[chosen], wrong))
            if old is not None:
                old_tops.append(in_top(old[chosen], wrong))
                old_areas.append(area(old[chosen], wrong))
            predicted += list(probability[chosen])
            happened += list(wrong)
    print(f"\ntriage: {np.mean(tops):.3f} in the first tenth, area {np.mean(areas):.4f}")
    if old is not None:
        print(f"today's: {np.mean(old_tops):.3f} in the first tenth, area {np.mean(old_areas):.4f}")
    calibration(np.array(predicted), np.array(happened))


def _one(rng: random.Random, versions: dict[str, list[int]]) -> int:
    kinds = [kind for kind in versions if kind]
    if kinds and rng.random() < PRIOR:
        return rng.choice(versions[rng.choice(kinds)])
    return versions[""][0]


def in_top(scores: np.ndarray, wrong: np.ndarray) -> float:
    """The share of errors among the highest tenth of the scores."""
    first = np.argsort(-scores, kind="stable")[: round(TOP * len(scores))]
    return float(wrong[first].sum() / max(1, wrong.sum()))


def area(scores: np.ndarray, wrong: np.ndarray) -> float:
    """The area under the ROC curve: how often an error is above a clean sentence; ties count half."""
    from scipy.stats import rankdata

    ranks, n = rankdata(scores), wrong.sum()
    return float((ranks[wrong].sum() - n * (n + 1) / 2) / (n * (len(wrong) - n)))


def calibration(predicted: np.ndarray, happened: np.ndarray) -> None:
    """Ten bins of equal width, and ten of equally many sentences."""
    print("\n| probability | sentences | stated | errors |\n|---|--:|--:|--:|")
    which = np.minimum((predicted * BINS).astype(int), BINS - 1)
    for k in range(BINS):
        here = which == k
        if here.any():
            print(
                f"| {k / BINS:.1f}-{(k + 1) / BINS:.1f} | {here.mean():.2%} | {predicted[here].mean():.3f} | {happened[here].mean():.3f} |"
            )
    parts = np.array_split(np.argsort(predicted, kind="stable"), BINS)
    worst = max(abs(predicted[p].mean() - happened[p].mean()) for p in parts)
    print(f"\nten bins of equally many sentences: at most {worst:.3f} apart")


def report_mlqe(folder: Path, name: str, bridge: Path | None) -> None:
    """Correlation of the triage with people's judgement, precision of findings against post-edits."""
    from scipy.stats import pearsonr, spearmanr

    for beside in (None, bridge / f"{name}.builtin.en" if bridge else None):
        if beside is None and bridge is not None and name == "":
            continue
        data = read_mlqe(folder, name, beside)
        found = looked_at(data)
        base = np.mean([row.mended for row in data])
        examined, near = [e for e, _ in found], [close for _, close in found]
        probability = triage([row.pair for row in data], examined, near, kind="post-edits")
        judged = np.array([row.judgement for row in data])
        mended = np.array([row.mended for row in data])
        level = "one" if beside else "none"
        print(f"\n## MLQE-PE {name}, {level}\n")
        odds = np.log(probability / (1 - probability))
        print(
            f"Pearson {-pearsonr(odds, judged)[0]:.3f}, Spearman {-spearmanr(probability, judged)[0]:.3f}, area for mended {area(probability, mended):.3f}"
        )
        print(
            f"mended: {base:.3f}\n\n| finding | sentences | mended | judgement |\n|---|--:|--:|--:|"
        )
        names = [{f.name for f in e.findings} for e, _ in found]
        for kind in (*sorted({n for each in names for n in each}), None):
            here = np.array([kind in each if kind else bool(each) for each in names])
            print(
                f"| {kind or 'any'} | {here.sum()} | {mended[here].mean():.3f} | {judged[here].mean():.2f} |"
            )
        calibration(probability, mended)
        if bridge is None:
            return


def show_false_alarms(data: Sequence[Row], examined: Sequence[Examined], count: int) -> None:
    """Findings of clean references, for a look by eye."""
    flagged = [(r, e) for r, e in zip(data, examined, strict=True) if not r.damage and e.findings]
    for row, each in random.Random(5).sample(flagged, min(count, len(flagged))):
        print(f"\n{row.reference} {row.line + 1}: {row.pair.source}\n  {row.pair.provided}")
        for system, text in row.pair.translations.items():
            print(f"  [{system}] {text}")
        for finding in each.findings:
            print(f"  -> {finding.name} {finding.score:.2f} {finding.message}")


if __name__ == "__main__":
    main()
