"""evalkit score: a per-sentence sacreBLEU on the command line."""

from __future__ import annotations

import csv
import gzip
import json
import lzma
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sacrebleu

REFERENCE = ["The cat sat on the mat.", "It was raining, and cold.", "Nobody came."]
SYSTEM = ["A cat sat on the mat.", "It rained; it was cold.", "Nobody came."]


def run(*arguments: str | Path, stdin: str | bytes = b"", code: int = 0) -> str:
    """The output of `evalkit ...`, or what it says on standard error where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "evalkit", *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
    )
    assert done.returncode == code, done.stderr.decode()
    return (done.stderr if code else done.stdout).decode()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    reference, system = tmp_path / "reference.en", tmp_path / "system.en"
    reference.write_text("\n".join(REFERENCE) + "\n", encoding="utf-8")
    system.write_text("\n".join(SYSTEM) + "\n", encoding="utf-8")
    return reference, system


def test_table_of_sentences_then_corpus_scores(files):
    reference, system = files
    lines = run("score", reference, "-i", system).splitlines()
    bleu = [sacrebleu.sentence_bleu(h, [r]).score for h, r in zip(SYSTEM, REFERENCE, strict=True)]
    for line, expected, text in zip(lines[1:4], bleu, SYSTEM, strict=True):
        assert f" {expected:.2f} " in line and line.endswith(text)
    assert "100.00  100.00  Nobody came." in lines[3]
    corpus = sacrebleu.corpus_bleu(SYSTEM, [REFERENCE]).score
    assert f"BLEU = {corpus:.2f}" in lines
    assert (
        "  nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:" + sacrebleu.__version__ in lines
    )
    assert all(len(line) <= 80 for line in lines)


def test_csv_has_full_precision_and_the_text_as_scored(files, tmp_path):
    reference, system = files
    run("score", reference, "-i", system, "--csv", tmp_path / "out.csv")
    with open(tmp_path / "out.csv", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["segment", "hypothesis", "reference", "bleu", "chrf"]
    for number, row in enumerate(rows):
        assert row["segment"] == str(number + 1)
        assert (row["hypothesis"], row["reference"]) == (SYSTEM[number], REFERENCE[number])
        theirs = sacrebleu.sentence_chrf(SYSTEM[number], [REFERENCE[number]]).score
        assert float(row["chrf"]) == pytest.approx(theirs, abs=1e-9)


def test_options_are_sacrebleus(files):
    """Flags with several values, several references, standard input, all metrics: the same scores."""
    reference, system = files
    found = run(
        *("score", "-r", reference, system, "-m", "bleu", "chrf++", "ter", "-tok", "intl", "-lc"),
        *("-s", "floor", "-sv", "0.2", "--chrf-beta", "3", "-cc", "4", "--chrf-whitespace"),
        *("--ter-case-sensitive", "--confidence", "-cin", "200", "--json", "-"),
        stdin="\n".join(SYSTEM),
    )
    bleu, chrf, ter = json.loads(found)["scores"]
    streams = [REFERENCE, SYSTEM]
    theirs = (
        (
            bleu,
            sacrebleu.BLEU(
                tokenize="intl", lowercase=True, smooth_method="floor", smooth_value=0.2
            ),
        ),
        (chrf, sacrebleu.CHRF(char_order=4, word_order=2, beta=3, whitespace=True)),
        (ter, sacrebleu.TER(case_sensitive=True)),
    )
    for ours, metric in theirs:
        expected = metric.corpus_score(SYSTEM, streams, n_bootstrap=200)
        assert ours["score"] == pytest.approx(expected.score, abs=1e-9)
        assert ours["name"] == expected.name
        assert ours["signature"] == metric.get_signature().format()
        assert (ours["high"] - ours["low"]) / 2 == pytest.approx(expected._ci, abs=1e-4)


def test_compressed_and_legacy_files_and_line_ends(files, tmp_path):
    reference, system = files
    plain = run("score", reference, "-i", system, "-q")
    for suffix, module in ((".gz", gzip), (".xz", lzma)):
        packed = tmp_path / f"packed{suffix}"
        packed.write_bytes(module.compress("\r\n".join(REFERENCE).encode("utf-16")))
        assert run("score", packed, "-i", system, "-q") == plain
    old = tmp_path / "old.en"
    old.write_bytes("\r".join(REFERENCE).encode("cp1251"))
    assert run("score", old, "-i", system, "-q", "--encoding", "cp1251") == plain


def test_unequal_counts_are_an_error_and_leave_no_file(files, tmp_path):
    reference, system = files
    system.write_text("\n".join([SYSTEM[0], SYSTEM[2]]) + "\n", encoding="utf-8")
    error = run("score", reference, "-i", system, "--csv", tmp_path / "out.csv", code=2)
    assert f"{system}: 2 lines, {reference}: 3 lines" in error and error.count("\n") == 1
    assert not (tmp_path / "out.csv").exists()
    assert "standard input: 2 lines" in run("score", reference, stdin=system.read_bytes(), code=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score", "-i", "SYSTEM"], "BLEU needs a reference: give -r REFERENCE"),
        (["score", "REFERENCE", "-i", "SYSTEM", "SYSTEM"], "-i takes one file"),
        (["score", "-", "-i", "-"], "standard input can be read once"),
        (["score", "REFERENCE", "-i", "SYSTEM", "-m", "meteor"], "unknown metric 'meteor'"),
        (["score", "REFERENCE", "-i", "SYSTEM", "-tok", "14a"], "unknown tokenizer '14a'"),
        (["score", "REFERENCE", "-i", "/no/such/file"], "cannot read /no/such/file"),
    ],
)
def test_bad_usage_is_one_clear_line(arguments, message, files):
    named = dict(zip(("REFERENCE", "SYSTEM"), map(str, files), strict=True))
    assert message in run(*(named.get(a, a) for a in arguments), code=2)


def test_tokenized_text_is_warned_of(tmp_path):
    text = tmp_path / "tokenized.en"
    text.write_text("Nobody came .\n" * 100, encoding="utf-8")
    command = [sys.executable, "-m", "evalkit", "score", str(text), "-i", str(text), "-q"]
    warned = subprocess.run(command, capture_output=True, text=True)
    assert "100 lines end in a tokenized period" in warned.stderr and warned.returncode == 0
    assert not subprocess.run([*command, "--force"], capture_output=True).stderr


def test_help_imports_no_numpy_and_scoring_no_pandas_or_torch(files):
    script = (
        "import sys; from evalkit.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('numpy', 'pandas', 'torch', 'transformers') if m in sys.modules])"
    )

    def modules(*arguments: str) -> str:
        command = [sys.executable, "-c", script, *arguments]
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[-1]

    assert modules("score", "--help") == "[]"
    assert modules("score", str(files[0]), "-i", str(files[1])) == "['numpy']"


@pytest.mark.slow
def test_a_million_pairs_in_a_gigabyte_at_the_pace_of_ten_thousand(tmp_path):
    """Sentence BLEU and chrF to CSV, corpus scores and intervals; 99% of it in under 1 GB of memory."""
    seconds = {}
    for pairs in (10, 10_000, 1_000_000):
        reference, system = tmp_path / "reference", tmp_path / "system"
        for path, lines in ((reference, REFERENCE), (system, SYSTEM)):
            with path.open("w", encoding="utf-8") as stream:
                for number in range(pairs):
                    text = " ".join(lines[(number + k) % 3] for k in range(4))
                    stream.write(f"{text} {number * 7919 % 10007}\n")
        began = time.monotonic()
        run("score", reference, "-i", system, "--csv", tmp_path / "out.csv")
        seconds[pairs] = time.monotonic() - began
        run("score", reference, "-i", system, "--csv", os.devnull, "--confidence")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1 << 20
    # What ten pairs take is the start of the program.
    pace = {pairs: (seconds[pairs] - seconds[10]) / pairs for pairs in (10_000, 1_000_000)}
    assert pace[1_000_000] < 1.3 * pace[10_000]
    with open(tmp_path / "out.csv", encoding="utf-8") as stream:
        assert sum(1 for _ in stream) == 1_000_001
