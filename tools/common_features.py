"""Count how many sentences of a language have each feature that the aligner compares; keep the common ones.

    python common_features.py --language en --out evalkit/pair/common_features TEXT...

TEXT: files of one sentence a line. The shipped table was counted in the English of five free corpora that the built-in model
also learned from: Tatoeba, TICO-19, XQuAD, the parallel treebank PUD and Russian classics of Standard Ebooks.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from evalkit.pair.features import sentence_features

#: Features in fewer sentences than this are rare, and all rare ones are alike.
LEAST_SHARE = 0.002


def main() -> None:
    """Run the step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--language", required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    lines = [
        line
        for path in args.texts
        for line in path.read_text(encoding="utf-8").split("\n")
        if line.strip()
    ]
    features, counts = np.unique(sentence_features(lines), return_counts=True)
    common = counts >= LEAST_SHARE * len(lines)
    np.savez_compressed(
        args.out / f"{args.language}.npz",
        features=features[common].astype(np.uint32),
        shares=(counts[common] / len(lines)).astype(np.float32),
    )
    print(f"{len(lines)} sentences, {common.sum()} common features of {len(features)}")


if __name__ == "__main__":
    main()
