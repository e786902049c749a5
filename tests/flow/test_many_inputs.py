"""A shelf of documents in one run: one CSV, one report, and a reason for each file that could not be read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import evalkit
from evalkit.errors import InputError

REAL = Path(__file__).parent.parent / "read" / "real"
RU = ["Паром вернулся на реку номер {k}.", "Мэр города приехала первой."]
EN = ["The ferry is back on river number {k}.", "The mayor of the town came first."]
# A program that translates at once: it writes what it reads, the letters turned.
COMMAND = f"""cmd:{sys.executable} -c "import sys; [print(l.strip()[::-1], flush=True) for l in sys.stdin]" """


def _lines(texts, k):
    return [text.format(k=k) for text in texts]


def _text(path, ru, en):
    path.write_text("\n".join([*ru, "", *en]) + "\n", "utf-8")


def _pair(path, ru, en):
    path.with_suffix(".ru.txt").write_text("\n".join(ru) + "\n", "utf-8")
    path.with_suffix(".en.txt").write_text("\n".join(en) + "\n", "utf-8")


def _tsv(path, ru, en):
    rows = "".join(f"{a}\t{b}\n" for a, b in zip(ru, en, strict=True))
    path.write_text(f"source\tprovided\n{rows}", "utf-8")


def _json(path, ru, en):
    rows = [{"translation": {"ru": a, "en": b}} for a, b in zip(ru, en, strict=True)]
    path.write_text(json.dumps(rows), "utf-8")


def _html(path, ru, en):
    rows = "".join(f"<tr><td>{a}<td>{b}" for a, b in zip(ru, en, strict=True))
    path.write_text(f"<!DOCTYPE html><nav>Menu</nav><table>{rows}</table>", "utf-8")


def _markdown(path, ru, en):
    rows = "".join(f"| {a} | {b} |\n" for a, b in zip(ru, en, strict=True))
    path.write_text(f"| ru | en |\n|---|---|\n{rows}", "utf-8")


def _srt(path, ru, en):
    cues = (
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{a}\n{b}\n\n"
        for n, (a, b) in enumerate(zip(ru, en, strict=True), 1)
    )
    path.write_text("".join(cues), "utf-8")


def _docx(path, ru, en):
    import docx

    document = docx.Document()
    for text in (*ru, *en):
        document.add_paragraph(text)
    document.save(path)


WRITERS = {
    ".txt": _text,
    "": _pair,
    ".tsv": _tsv,
    ".json": _json,
    ".html": _html,
    ".md": _markdown,
    ".srt": _srt,
    ".docx": _docx,
    ".dat": _tsv,
}


@pytest.fixture
def shelf(tmp_path):
    """300 documents of two sentences in nine formats, three of them broken."""
    folder = tmp_path / "shelf"
    for k in range(297):
        ending, write = list(WRITERS.items())[k % len(WRITERS)]
        path = folder / f"part{k % 4}" / f"{k:03}{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, _lines(RU, k), _lines(EN, k))
    (folder / "broken.docx").write_bytes((REAL / "pandoc.docx").read_bytes()[:3000])
    (folder / "part1" / "broken.pdf").write_bytes(b"%PDF-1.4\n")
    (folder / "part2" / "broken.tsv").write_text("a\tb\n1\t2\n", "utf-8")
    return folder


def evalkit_command(*arguments, **more):
    command = [sys.executable, "-m", "evalkit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, **more)


def test_300_mixed_documents_give_one_csv_one_report_and_three_reasons(shelf, tmp_path):
    out = {kind: tmp_path / f"out.{kind}" for kind in ("csv", "html", "json")}
    done = evalkit_command(
        *("evaluate", shelf, "--mt", COMMAND, "--no-memory", "-q"),
        *(argument for kind, path in out.items() for argument in (f"--{kind}", path)),
    )
    assert done.returncode == 1, done.stderr
    reasons = [line for line in done.stderr.splitlines() if line.startswith("evalkit: not read: ")]
    assert [line.split(": ")[2] for line in reasons] == [
        "broken.docx",
        "part1/broken.pdf",
        "part2/broken.tsv",
    ]
    manifest = json.loads(out["json"].read_text("utf-8"))
    assert [f"evalkit: not read: {f['input']}: {f['reason']}" for f in manifest["failures"]] == (
        reasons
    )
    segments = pd.read_csv(out["csv"])
    assert len(segments) == 297 * 2
    assert list(segments["document"].unique()) == sorted(segments["document"].unique())
    assert set(segments["status"]) == {"paired"}
    page = out["html"].read_text("utf-8")
    # Of so many inputs the head of the page names a few.
    head = page[page.index("<header") : page.index("</header>")]
    assert "000.txt" in head and "and 325 more" in head and "296" not in head
    for name in ("broken.docx", "part1/broken.pdf", "part2/broken.tsv"):
        assert f"<li>not read: {name}: " in page
    # Each document's pairs are its own, whatever its format.
    for k in (0, 1, 2, 3, 4, 5, 6, 7, 8, 296):
        row = segments[segments["source"] == RU[0].format(k=k)]
        assert list(row["provided"]) == [EN[0].format(k=k)]
        assert row["document"].iloc[0].startswith(f"part{k % 4}/{k:03}")
        assert list(row["translation"]) == [RU[0].format(k=k)[::-1]]


def test_strict_stops_at_the_first(shelf):
    done = evalkit_command("evaluate", shelf, "--mt", COMMAND, "--no-memory", "-q", "--strict")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [done.stderr.strip()]
    assert "error: broken.docx cannot be read: " in done.stderr


def test_a_document_scores_the_same_alone_and_among_others(shelf, tmp_path):
    path = next((shelf / "part0").glob("*.docx"))
    options = {"mt": COMMAND, "memory": False}
    alone = evalkit.evaluate(path, **options).segments
    every = evalkit.evaluate([shelf], **options)
    own = every.segments[every.segments["document"] == f"part0/{path.name}"]
    columns = ["source", "provided", "alignment", "confidence", "bleu", "chrf"]
    pd.testing.assert_frame_equal(own[columns].reset_index(drop=True), alone[columns])
    assert every.failures[0].input == "broken.docx"


def test_recorded_lines_are_for_one_input_and_tables_for_many(shelf, tmp_path):
    lines = tmp_path / "mt.en"
    lines.write_text("one\n" * 594, "utf-8")
    with pytest.raises(InputError, match=r"for each line of one input.*give a table"):
        evalkit.evaluate([shelf], mt=f"file:{lines}")
    table = tmp_path / "mt.tsv"
    rows = {text: f"MT {text}" for k in range(297) for text in _lines(RU, k)}
    table.write_text("source\tmt\n" + "".join(f"{a}\t{b}\n" for a, b in rows.items()), "utf-8")
    found = evalkit.evaluate([shelf], mt=f"file:{table}")
    assert list(found.segments["translation"]) == [rows[s] for s in found.segments["source"]]


def test_align_takes_many_inputs_too(shelf):
    for path in shelf.glob("part[12]/broken*"):
        path.unlink()
    shutil.rmtree(shelf / "part3")
    done = evalkit_command("align", shelf, "-q")
    assert done.returncode == 1
    assert "\nevalkit: not read: broken.docx: " in done.stderr
    documents = {line.split("\t")[0] for line in done.stdout.splitlines()[1:]}
    assert {name.partition("/")[0] for name in documents} == {"part0", "part1", "part2"}


def test_a_test_set_that_cannot_be_had_has_exit_code_3(tmp_path):
    import os

    # A proxy that is not there stands for a machine without a network.
    environment = {"SACREBLEU": str(tmp_path), "https_proxy": "http://127.0.0.1:9", "no_proxy": ""}
    done = evalkit_command(
        "evaluate", "--test-set", "wmt21", "-l", "ru-en", env={**os.environ, **environment}
    )
    assert done.returncode == 3
    assert "the test set wmt21 is not in sacreBLEU's cache" in done.stderr
    assert len(done.stderr.splitlines()) == 1
