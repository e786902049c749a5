"""A run in parts: wherever they are computed, whatever is killed in between, the same bytes as of a run in one piece."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evalkit
from evalkit.checks.base import Finding, PairFindings
from evalkit.data import Document, Doubts, Pair, Slip, Translation
from evalkit.errors import InputError
from evalkit.flow.in_folder import merge
from evalkit.flow.parts import PartNote, read_figures, read_note, read_part, write_part
from evalkit.flow.scored import Counts, Place, Scored
from evalkit.flow.scoring import Statistics
from evalkit.flow.work import Shard
from evalkit.metrics import metrics_from
from evalkit.metrics.base import Judgement
from evalkit.plan import Plan, Reading, Running, share_of

pytest.importorskip("pyarrow", reason="parts are Parquet")

# Rows of a document, so many documents that a run has several shards.
ROWS, DOCUMENTS = 150, 16
PLAIN = ("--translation-column", "ours", "--metric", "chrf", "-q")
OURS = ("--translation-column", "ours", "--findings", "-q")


def evalkit_command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "evalkit", *map(str, arguments)]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(evalkit_command(*arguments), capture_output=True, text=True)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents with a recorded system; some sentences occur in several, and one document cannot be read."""
    folder = tmp_path_factory.mktemp("shelf")
    draw = random.Random(1)
    for number in range(DOCUMENTS):
        rows = ["source\tprovided\tours"]
        for _ in range(ROWS):
            a, b = draw.randint(1, 60), draw.randint(1, 60)
            came = draw.choice(["came back", "came back", "returned"])
            rows.append(
                f"Паром номер {a} вернулся в город {b} марта.\tFerry number {a} {came} to town on March {b}."
                f"\tThe ferry {a} returned to the city on {b} March{'' if a % 3 else ' again'}."
            )
        (folder / f"d{number:02d}.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 no document")
    return folder


@pytest.fixture(scope="module")
def whole(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The CSV of a run in one piece."""
    target = tmp_path_factory.mktemp("whole") / "whole.csv"
    done = run("evaluate", shelf, *OURS, "--csv", target)
    assert done.returncode == 1 and "broken.docx" in done.stderr
    return target.read_bytes()


@pytest.fixture(scope="module")
def plain(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The CSV of a run in one piece without findings."""
    target = tmp_path_factory.mktemp("plain") / "plain.csv"
    run("evaluate", shelf, *PLAIN, "--csv", target)
    return target.read_bytes()


@pytest.mark.parametrize("where", [(), ("--jobs", "2"), ("--cluster", "local:2")])
def test_a_run_in_parts_is_the_run_in_one_piece(shelf, whole, tmp_path, where):
    if "--cluster" in where:
        pytest.importorskip("distributed", reason="needs Dask")
    done = run(
        "evaluate", shelf, *OURS, "--out", tmp_path / "out", *where, "--html", tmp_path / "h"
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("not read: broken.docx") == 1 and "Traceback" not in done.stderr
    assert (tmp_path / "out" / "scores.csv").read_bytes() == whole
    manifest = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert manifest["counts"]["pairs"] == ROWS * DOCUMENTS
    assert [failure["input"] for failure in manifest["failures"]] == ["broken.docx"]
    assert len(manifest["inputs"]) == DOCUMENTS
    assert b"inconsistent" in whole and b"duplicate_source" in whole
    page = (tmp_path / "h").read_text("utf-8")
    assert f"of {ROWS * DOCUMENTS:,} pairs the page shows" in page


def test_jobs_without_a_folder_give_the_same(shelf, plain, tmp_path):
    run("evaluate", shelf, *PLAIN, "--jobs", "2", "--csv", tmp_path / "j.csv")
    assert (tmp_path / "j.csv").read_bytes() == plain


def test_figures_of_parts_are_those_of_a_run_in_one_piece(shelf, tmp_path):
    plan = Plan(
        inputs=(str(shelf),),
        reading=Reading(translation_columns=("ours",)),
        metrics=("bleu", "ter"),
    )
    one = evalkit.evaluate(plan=plan)
    parts = evalkit.evaluate(plan=replace(plan, running=Running(out=str(tmp_path / "out"))))
    assert parts.in_parts and not one.in_parts
    assert parts.systems.equals(one.systems) and parts.signatures == one.signatures
    assert parts.warnings == one.warnings and parts.failures == one.failures
    assert parts.manifest["counts"] == one.manifest["counts"]
    # In memory are those to look at first, and they are what they are in the whole run.
    assert 0 < len(parts.pairs) < len(one.pairs)
    same = one.pairs[one.pairs["pair"].isin(parts.pairs["pair"])].reset_index(drop=True)
    assert parts.pairs.equals(same)
    worst = one.segments.sort_values("bleu", kind="stable")["pair"].head(100)
    assert set(worst) <= set(parts.pairs["pair"])
    with pytest.raises(InputError, match="of all pairs"):
        parts.to_csv(tmp_path / "no.csv")
    parts.to_html(tmp_path / "page.html")
    with pytest.raises(InputError, match="of all pairs"):
        parts.plot()


@pytest.fixture(scope="module")
def shares(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folders = [tmp_path_factory.mktemp(f"share{number}") for number in (1, 2, 3)]
    for number, folder in enumerate(folders, 1):
        done = run("evaluate", shelf, *PLAIN, "--out", folder, "--shard", f"{number}/3")
        assert done.returncode == 1 and f"Share {number}/3" in done.stdout, done.stderr
    return folders


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_shares_are_merged_in_any_order(shares, plain, tmp_path, order):
    folders = [shares[k] for k in order]
    done = run("merge", *folders, "--csv", tmp_path / "m.csv", "--out", tmp_path / "out", "-q")
    assert done.returncode == 1 and done.stderr.count("not read: broken.docx") == 1, done.stderr
    assert (tmp_path / "m.csv").read_bytes() == plain
    assert (tmp_path / "out" / "scores.csv").read_bytes() == plain


def test_findings_of_shares_are_those_of_the_run(shelf, whole, tmp_path):
    """Those that contradict an earlier pair are told across shares."""
    for number in (2, 1):
        run("evaluate", shelf, *OURS, "--out", tmp_path / "one", "--shard", f"{number}/2")
    run("merge", tmp_path / "one", "--csv", tmp_path / "m.csv", "-q")
    assert (tmp_path / "m.csv").read_bytes() == whole


def test_shares_in_one_folder_are_merged_too(shelf, plain, tmp_path):
    for number in (1, 2):
        run("evaluate", shelf, *PLAIN, "--out", tmp_path / "one", "--shard", f"{number}/2")
    assert run("merge", tmp_path / "one", "--csv", tmp_path / "m.csv", "-q").returncode == 1
    assert (tmp_path / "m.csv").read_bytes() == plain
    # A run of all goes on from there, in a folder that is named from another place.
    run_from = {"cwd": tmp_path, "capture_output": True}
    again = evalkit_command("evaluate", shelf, *PLAIN, "--out", "one", "--jobs", "2")
    subprocess.run(again, **run_from)
    assert (tmp_path / "one" / "scores.csv").read_bytes() == plain
    assert [path.name for path in (tmp_path / "one").glob("share-*")] == ["share-1-of-1.json"]


def test_merge_refuses_what_is_no_whole_run(shelf, shares, tmp_path):
    def refused(*folders: Path) -> str:
        done = run("merge", *folders)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    assert "share 2 of 3 is missing" in refused(shares[0], shares[2])
    assert "share 1/3 is there twice" in refused(*shares, shares[0])
    copies = [shutil.copytree(folder, tmp_path / folder.name) for folder in shares]
    part = next(iter(sorted(copies[1].glob("part-*.parquet"))))
    moved = shutil.copy(part, copies[0] / part.name)
    assert "part 1 is there twice" in refused(*copies)
    os.unlink(moved)
    content = part.read_bytes()
    part.unlink()
    said = refused(*copies)
    assert f"{part} is missing" in said and "share 2/3" in said
    part.write_bytes(content[: len(content) // 2])
    assert f"{part} is no whole part" in refused(*copies)
    part.write_bytes(content)
    other = tmp_path / "other"
    run("evaluate", shelf, *PLAIN, "--metric", "ter", "--out", other, "--shard", "2/3")
    assert "of another plan" in refused(copies[0], other, copies[2])
    assert "metrics differ" in refused(copies[0], other, copies[2])
    shutil.copy(next(other.glob("part-*")), copies[1] / "part-000009.parquet")
    assert "part of another plan" in refused(*copies)
    assert "holds no parts" in refused(tmp_path)


def test_shares_of_changed_inputs_are_refused(shelf, tmp_path):
    mine = shutil.copytree(shelf, tmp_path / "in")
    run("evaluate", mine, *PLAIN, "--out", tmp_path / "1", "--shard", "1/2")
    with (mine / "d07.tsv").open("a", encoding="utf-8") as stream:
        stream.write("Ещё одна строка.\tOne more line.\tA line.\n")
    run("evaluate", mine, *PLAIN, "--out", tmp_path / "2", "--shard", "2/2")
    done = run("merge", tmp_path / "1", tmp_path / "2")
    assert done.returncode == 2 and "d07.tsv differs" in done.stderr


def test_finished_parts_are_not_computed_again(shelf, plain, tmp_path):
    out = tmp_path / "out"
    run("evaluate", shelf, *PLAIN, "--out", out)
    made = {path: path.stat().st_mtime_ns for path in out.glob("part-*")}
    assert len(made) > 2
    lost, damaged, *kept = sorted(made)
    lost.unlink()
    damaged.write_bytes(damaged.read_bytes()[:500])
    assert run("evaluate", shelf, *PLAIN, "--out", out).returncode == 1
    assert (out / "scores.csv").read_bytes() == plain
    assert {path: path.stat().st_mtime_ns for path in kept} == {path: made[path] for path in kept}
    assert damaged.stat().st_mtime_ns != made[damaged]


def test_a_folder_of_another_plan_is_left_alone(shelf, tmp_path):
    out = tmp_path / "out"
    run("evaluate", shelf, *PLAIN, "--out", out)
    before = {path: path.read_bytes() for path in out.iterdir()}
    done = run("evaluate", shelf, *PLAIN, "--metric", "ter", "--chrf-beta", "1", "--out", out)
    assert done.returncode == 2 and "metrics" in done.stderr and "chrf_beta" in done.stderr
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_an_input_that_has_grown_shorter_leaves_no_part_behind(shelf, tmp_path):
    mine = shutil.copytree(shelf, tmp_path / "in")
    run("evaluate", mine, *PLAIN, "--out", tmp_path / "out")
    for path in sorted(mine.glob("d*.tsv"))[3:]:
        path.unlink()
    run("evaluate", mine, *PLAIN, "--out", tmp_path / "out", "--csv", tmp_path / "again.csv")
    run("evaluate", mine, *PLAIN, "--csv", tmp_path / "one.csv")
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()


def test_the_folder_of_the_run_is_no_input(shelf, plain, tmp_path):
    mine = shutil.copytree(shelf, tmp_path / "in")
    for _ in range(2):
        done = run("evaluate", mine, *PLAIN, "--out", mine / "out")
        assert done.returncode == 1, done.stderr
        assert (mine / "out" / "scores.csv").read_bytes() == plain


# A translator that is slow enough to be killed, and writes down what it was asked to translate.
SLOW = """
import os, sys, time
log = os.open(os.environ["ASKED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
for line in sys.stdin.buffer:
    os.write(log, line)
    time.sleep(0.001)
    print("The ferry", line.decode().split()[2], flush=True)
"""


@pytest.fixture
def slow(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str | Path, ...]:
    """The arguments of a run with a slow system and no memory: what is kept is kept in parts alone."""
    (tmp_path / "slow.py").write_text(SLOW, "utf-8")
    monkeypatch.setenv("ASKED", str(tmp_path / "asked"))
    system = f"slow=cmd:{sys.executable} {tmp_path / 'slow.py'}"
    return (shelf, "--mt", system, "--metric", "chrf", "-q", "--no-memory")


def asked(folder: Path) -> int:
    log = folder / "asked"
    return log.read_bytes().count(b"\n") if log.exists() else 0


def wait_for(condition, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 120
    while not condition() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("where", [(), pytest.param(("--jobs", "2"), marks=pytest.mark.slow)])
def test_a_killed_run_goes_on_from_its_parts(slow, tmp_path, where):
    run("evaluate", *slow, "--csv", tmp_path / "whole.csv")
    every = asked(tmp_path)
    (tmp_path / "asked").unlink()
    out = tmp_path / "out"
    command = evalkit_command("evaluate", *slow, "--out", out, *where)
    killed = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    wait_for(lambda: any(out.glob("part-*")) and asked(tmp_path) > every // 2, killed)
    assert killed.poll() is None
    killed.kill()  # the program alone: its workers have to end by themselves
    killed.wait()
    wait_for(lambda: not workers_of(killed.pid), killed)
    before = {path: path.stat().st_mtime_ns for path in out.glob("part-*")}
    assert before and not (out / "scores.csv").exists()
    (tmp_path / "asked").unlink()
    assert run("evaluate", *slow, "--out", out, *where).returncode == 1
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert asked(tmp_path) < every
    assert (out / "scores.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def workers_of(session: int) -> list[int]:
    """The processes that a program which was a session of its own has left behind."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(entry.name))
    return found


def test_ctrl_c_ends_the_workers_too(slow, tmp_path):
    out = tmp_path / "out"
    command = evalkit_command("evaluate", *slow, "--out", out, "--jobs", "2")
    stopped = subprocess.Popen(
        command, start_new_session=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    wait_for(lambda: any(out.glob("part-*")), stopped)
    after = asked(tmp_path) + 200  # by then the program has heard of the part
    wait_for(lambda: asked(tmp_path) > after, stopped)
    os.killpg(stopped.pid, signal.SIGINT)
    _, said = stopped.communicate(timeout=30)
    assert stopped.returncode == 130
    assert said.startswith("evalkit: interrupted; ") and "parts are kept" in said
    assert said.count("\n") == 1
    deadline = time.monotonic() + 20
    while workers_of(stopped.pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_that_is_lost_to_the_cluster_has_its_shards_done_again(slow, tmp_path):
    pytest.importorskip("distributed", reason="needs Dask")
    run("evaluate", *slow, "--csv", tmp_path / "whole.csv")
    (tmp_path / "asked").unlink()
    out = tmp_path / "out"
    command = evalkit_command("evaluate", *slow, "--out", out, "--cluster", "local:2")
    running = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: asked(tmp_path) > 100, running)
    worker = parent_of_translator(tmp_path / "slow.py")
    os.kill(worker, signal.SIGKILL)
    _, said = running.communicate(timeout=180)
    assert running.returncode == 1, said
    assert "Traceback" not in said
    assert (out / "scores.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def parent_of_translator(script: Path) -> int:
    """The worker that has the translator running."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if str(script).encode() in (place / "cmdline").read_bytes().split(b"\0"):
                return int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    raise AssertionError("no translator is running")


def test_a_worker_that_is_killed_is_told_in_one_line(slow, tmp_path):
    command = evalkit_command("evaluate", *slow, "--out", tmp_path / "out", "--jobs", "2")
    running = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: asked(tmp_path) > 100, running)
    os.kill(parent_of_translator(tmp_path / "slow.py"), signal.SIGKILL)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert said.startswith("evalkit: error: a worker process was killed") and said.count("\n") == 1


@pytest.mark.parametrize("where", [("--jobs", "2"), ("--cluster", "local:2")])
def test_what_fails_in_a_worker_is_told_in_one_line(shelf, tmp_path, where):
    if "--cluster" in where:
        pytest.importorskip("distributed", reason="needs Dask")
    failing = f"cmd:{sys.executable} -c 'raise SystemExit(3)'"
    done = run(
        "evaluate", shelf, "--mt", failing, "--no-memory", "-q", "--out", tmp_path / "o", *where
    )
    assert done.returncode == 1
    assert done.stderr.startswith("evalkit: error: ") and done.stderr.count("\n") == 1, done.stderr


def test_a_cluster_that_cannot_be_reached(shelf, tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="needs Dask")
    monkeypatch.setattr("evalkit.flow.workers.CONNECT_SECONDS", 1)
    plan = Plan(
        inputs=(str(shelf),), running=Running(out=str(tmp_path), cluster="tcp://127.0.0.1:9")
    )
    with pytest.raises(evalkit.errors.Unavailable, match=r"tcp://127\.0\.0\.1:9 cannot be reached"):
        evalkit.evaluate(plan=plan)


@pytest.mark.parametrize(
    ("running", "said"),
    [
        ({"jobs": 0}, "at least 1"),
        ({"cluster": "somewhere", "out": "x"}, "tcp://HOST:PORT"),
        ({"cluster": "local:2"}, "needs out"),
        ({"shard": "1/2"}, "needs out"),
        ({"shard": "3/2", "out": "x"}, "it is I/N"),
        ({"jobs": 2, "cluster": "local:2", "out": "x"}, "not both"),
    ],
)
def test_where_a_run_cannot_happen(running, said):
    with pytest.raises(InputError, match=said):
        Running(**running)


def test_shares_are_numbered_from_one():
    assert share_of(None) == (1, 1) and share_of("2/3") == (2, 3)


def test_cluster_and_shares_take_no_memory(shelf, tmp_path):
    done = run(
        "evaluate", shelf, "--memory", tmp_path / "m", "--out", tmp_path / "o", "--shard", "1/2"
    )
    assert done.returncode == 2 and "parts remember" in done.stderr


def test_reports_that_parts_cannot_have(shelf, tmp_path):
    done = run("evaluate", shelf, "--out", tmp_path / "o", "--mt-metrics-eval", tmp_path / "m")
    assert done.returncode == 2 and "--mt-metrics-eval needs all pairs in memory" in done.stderr
    done = run(
        "evaluate", shelf, "--out", tmp_path / "o", "--shard", "1/2", "--html", tmp_path / "m"
    )
    assert done.returncode == 2 and "evalkit merge" in done.stderr


def scored() -> Scored:
    """A shard with everything that one may have."""
    flags = ("low_confidence", "numbers")
    pairs = (
        Pair("a", "paired", "2-1", 0.75, "Да. Нет.", ("Yes. No.", ""), (0, 1), "7", 1, 1, flags),
        Pair("a", "source_only", "1-0", 0.3, "Что?", (), (2,), "", 2, 0),
        Pair("b", "paired", "1-1", 1.0, "Код: \ud83d", ("A code",), (0,), "", 1, 1),
    )
    finding = Finding("number", "major", "A “number” is wrong.", 0.9, ((0, 2),), ((1, 3), (4, 5)))
    bleu = np.array([[3, 2, 1, 0, 4, 3, 2, 1, 4, 5], [2, 1, 1, 1, 4, 3, 2, 1, 4, 4]], np.int64)
    judged = (Judgement(0.25, ("input_too_long",), {"spans": [1, "é"]}), Judgement(float("nan")))
    return Scored(
        documents=(
            Place("a", "x/a.txt", 0, 2, True, Doubts(("uk", ""), Slip(3, -1))),
            Place("b", "x/b.tsv", 4, 1, False),
        ),
        pairs=pairs,
        translations={
            "one: system": tuple(Translation(f"t{k}", ("cut",) * (k % 2)) for k in range(3)),
            "two": tuple(Translation("") for _ in range(3)),
        },
        statistics={
            ("one: system", "bleu"): Statistics(np.array([0, 2]), bleu, 2),
            ("two", "bleu"): Statistics(np.array([], np.int64), bleu[:0], 1),
            ("two", "judge"): Statistics(
                np.array([0, 2]), np.array([[0.25, 1.0], [0, 0]]), 0, judged
            ),
        },
        findings=(
            PairFindings((finding,), 0.75),
            PairFindings((), 0.0),
            PairFindings((), 1 / 3),
        ),
        agreement=np.array([50.0, np.nan, 1 / 3]),
        triage=np.array([0.1, np.nan, -2.5]),
        counts={"one: system": Counts(1, 2, 0), "two": Counts(0, 0, 3)},
        seconds={"translate": 0.125},
    )


def test_a_part_gives_back_the_very_shard(tmp_path):
    shard, note = scored(), PartNote(12, "work", "texts")
    write_part(tmp_path, note, shard, metrics_from(["bleu"]))
    path = tmp_path / "part-000012.parquet"
    assert read_note(path) == note
    back = read_part(path)
    again = back.scored
    assert back.note == note
    # A lone surrogate cannot be in a file of text: it is kept as reports show it.
    shown = replace(shard.pairs[2], source="Код: \\ud83d")
    assert again.pairs == (*shard.pairs[:2], shown)
    for name in ("documents", "translations", "findings", "counts", "seconds"):
        assert getattr(again, name) == getattr(shard, name), name
    assert list(again.statistics) == list(shard.statistics)
    for key, mine in shard.statistics.items():
        theirs = again.statistics[key]
        assert theirs.values.dtype == mine.values.dtype
        assert theirs.values.tolist() == mine.values.tolist()
        assert theirs.index.tolist() == mine.index.tolist()
        assert theirs.references == mine.references
        assert repr(theirs.judgements) == repr(mine.judgements)
    for name in ("agreement", "triage"):
        assert np.array_equal(getattr(again, name), getattr(shard, name), equal_nan=True)
    # Other programs read it too.
    table = pd.read_parquet(path)
    assert table["translation:one: system"].tolist() == ["t0", "t1", "t2"]
    assert table["bleu:one: system"].notna().tolist() == [True, False, True]
    figures = read_figures(path, ["triage", "absent"], "bleu")
    assert figures.paired.tolist() == [True, False, True] and figures.references == 2
    assert set(figures.scores) == {"triage", "bleu:one: system", "bleu:two"}


def test_a_shard_may_be_sent_to_another_process():
    import pickle

    shard = Shard(3, (Document("a", recorded={"x": (Translation("y"),)}),))
    assert pickle.loads(pickle.dumps(shard)) == shard


def test_merge_from_python(shares, plain, tmp_path):
    found = merge(shares, out=tmp_path / "out")
    assert found.coverage is not None and found.coverage.pairs == ROWS * DOCUMENTS
    assert (tmp_path / "out" / "scores.csv").read_bytes() == plain
