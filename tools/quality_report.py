"""Step 7: how well the judge judges.

    python quality_report.py --model DIR --mlqe DIR [--parts dev] [--wmt DIR]

On parts of MLQE-PE: correlation with people, tags of words, and how far the estimate falls with the source of
another sentence. On WMT 2021 news: estimates of human translations as they are and with errors put in.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from damage import Damager, exchanged
from judged import Judged, judged
from scipy.stats import pearsonr, rankdata, spearmanr

from evalkit.metrics.quality.judge import Estimate, Judge

REFERENCES = {"A": "reference.A.en", "B": "reference.B.en"}


def estimates(judge: Judge, examples: Sequence[Judged]) -> list[Estimate]:
    """The judge's estimates of examples."""
    return judge.estimates([(x.source, x.target) for x in examples])


def scores(found: Sequence[Estimate]) -> np.ndarray:
    """The z-scores of estimates."""
    return np.array([x.z for x in found])


def words_of(example: Judged, found: Estimate) -> list[tuple[float, bool]]:
    """(probability, truth) of each tagged word: that of the judge's word which holds its middle."""
    rows = []
    for (begin, end), bad in zip(example.words, example.bad, strict=True):
        middle = (begin + end) / 2
        near = min(found.words, key=lambda w: abs((w[0] + w[1]) / 2 - middle), default=None)
        if near is not None:
            rows.append((near[2], bad))
    return rows


def gaps_of(example: Judged, found: Estimate) -> list[tuple[float, bool]]:
    """(probability, truth) of each gap, where judge and data agree on the words."""
    if len(found.gaps) != len(example.gaps):
        return []
    return list(zip(found.gaps, example.gaps, strict=True))


def mcc(said: np.ndarray, truth: np.ndarray) -> float:
    """Matthews' correlation of two arrays of yes and no."""
    return float(np.corrcoef(said, truth)[0, 1]) if said.any() and not said.all() else 0.0


def threshold(rows: Sequence[tuple[float, bool]]) -> float:
    """That which gives the best correlation."""
    p, truth = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    return max(np.arange(0.05, 0.9, 0.01), key=lambda t: mcc(p > t, truth))


def area(worse: np.ndarray, better: np.ndarray) -> float:
    """How often a damaged sentence is judged worse than a sound one (area under the ROC curve)."""
    ranks = rankdata(np.concatenate([better, worse]))[: len(better)]
    return (ranks.sum() - len(better) * (len(better) + 1) / 2) / (len(better) * len(worse))


def people(judge: Judge, mlqe: Path, parts: Sequence[str]) -> None:
    """Correlations and tags; thresholds are those best on the first part."""
    best: dict[str, float] = {}
    for part in parts:
        rows = judged(mlqe / f"{part}.tsv.xz")
        found = estimates(judge, rows)
        z, truth = scores(found), np.array([x.z for x in rows])
        print(f"{part}: Pearson {pearsonr(z, truth)[0]:.3f}, Spearman {spearmanr(z, truth)[0]:.3f}")
        for name, of in (("words", words_of), ("gaps", gaps_of)):
            tags = [row for x, e in zip(rows, found, strict=True) for row in of(x, e)]
            at = best.setdefault(name, threshold(tags))
            said = np.array([p > at for p, _ in tags])
            value = mcc(said, np.array([bad for _, bad in tags]))
            print(f"  {name}: MCC {value:.3f} with BAD above {at:.2f} ({len(tags)} {name})")
        other = scores(estimates(judge, exchanged(rows)))
        fall = (z - other) / truth.std()
        print(
            f"  source exchanged: falls by {fall.mean():.2f} sd, by one or more in "
            f"{100 * (fall >= 1).mean():.1f}%, below its own in {100 * (fall > 0).mean():.1f}%",
            flush=True,
        )


def news(judge: Judge, folder: Path, count: int | None) -> None:
    """Sound human translations, and each kind of damage."""
    lines = {
        name: (folder / name).read_text(encoding="utf-8").splitlines()[:count]
        for name in ("source.ru", *REFERENCES.values())
    }
    for name, file in REFERENCES.items():
        pairs = zip(lines["source.ru"], lines[file], strict=True)
        sound = [Judged(ru, en, 0.0) for ru, en in pairs]
        damager = Damager([x.target for x in sound], seed=5)
        z = scores(estimates(judge, sound))
        score = np.array([judge.percentile(v) for v in z])
        print(
            f"reference {name}: z {z.mean():.2f} ± {z.std():.2f}, score {score.mean():.1f} ± {score.std():.1f}"
        )
        cases = {"exchanged": (sound, exchanged(sound, 5))}
        following = [
            x.changed(target=y.target) for x, y in zip(sound, [*sound[1:], sound[0]], strict=True)
        ]
        cases["next sentence"] = sound, following
        for kind in damager.kinds:
            both = [(x, y) for x in sound if (y := damager.damaged(x, kind))]
            cases[kind] = [x for x, _ in both], [y for _, y in both]
        own = dict(zip((x.target for x in sound), z, strict=True))
        for kind, (before, after) in cases.items():
            old, new = np.array([own[x.target] for x in before]), scores(estimates(judge, after))
            print(
                f"  {kind}: {len(after)}, area {area(new, z):.3f}, "
                f"lower than undamaged in {100 * (new < old).mean():.0f}%, by {(old - new).mean():.2f}",
                flush=True,
            )


def main() -> None:
    """Run the step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--mlqe", type=Path, help="folder of MLQE-PE")
    parser.add_argument("--parts", nargs="*", default=["dev"])
    parser.add_argument("--wmt", type=Path, help="folder of source.ru, reference.A.en, ...")
    parser.add_argument("--first", type=int, help="only so many sentences of WMT")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    judge = Judge(args.model)
    if args.mlqe:
        people(judge, args.mlqe, args.parts)
    if args.wmt:
        news(judge, args.wmt, args.first)


if __name__ == "__main__":
    main()
