"""Translating a list: once each, the memory first, whatever the batches and interruptions."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import pytest

from evalkit.data import Translation
from evalkit.errors import EvalkitError
from evalkit.memory import Memory
from evalkit.plan import Decoding
from evalkit.systems import open_system, run_system


class Counting:
    """A system that gives the source in capitals, a batch of two at a time, last ones first."""

    recorded = False
    name = spec = "counting"

    def __init__(self, fail_after: int | None = None) -> None:
        self.fingerprint = {"kind": "counting"}
        self.seen: list[str] = []
        self.fail_after = fail_after

    def translate(self, sources):
        positions = list(range(len(sources)))[::-1]
        for start in range(0, len(positions), 2):
            if self.fail_after is not None and len(self.seen) >= self.fail_after:
                raise KeyboardInterrupt
            batch = positions[start : start + 2]
            self.seen += [sources[p] for p in batch]
            yield [(p, Translation(sources[p].upper())) for p in batch]


def test_each_distinct_source_is_translated_once_and_the_order_restored():
    system = Counting()
    result = run_system(system, ["a", "b", "a", "c", "b"])
    assert result.texts == ["A", "B", "A", "C", "B"]
    assert sorted(system.seen) == ["a", "b", "c"]
    assert (result.reused, result.computed, len(result)) == (0, 3, 5)


def test_a_second_run_translates_nothing():
    with Memory() as memory:
        run_system(Counting(), ["a", "b", "c"], memory=memory)
        again = Counting()
        result = run_system(again, ["c", "d", "a"], memory=memory)
    assert again.seen == ["d"]
    assert result.texts == ["C", "D", "A"]
    assert (result.reused, result.computed) == (2, 1)


def test_an_interrupted_run_keeps_its_finished_batches():
    memory = Memory()
    sources = [f"s{k}" for k in range(10)]
    with pytest.raises(KeyboardInterrupt):
        run_system(Counting(fail_after=6), sources, memory=memory)
    rest = Counting()
    result = run_system(rest, sources, memory=memory)
    assert result.texts == [source.upper() for source in sources]
    assert (result.reused, result.computed) == (6, 4)


def test_a_system_that_loses_a_sentence_is_an_error():
    system = Counting()
    system.translate = lambda sources: iter([[(0, Translation("A"))]])
    with pytest.raises(EvalkitError, match="1 of 2"):
        run_system(system, ["a", "b"])


def test_no_sources():
    assert run_system(Counting(), []).texts == []


@pytest.mark.parametrize("beam", [1, 4])
def test_translations_do_not_depend_on_batches_or_order(tiny_model, sources, beam):
    spec = f"hf:{tiny_model('marian')}"
    short = {"beam": beam, "max_new_tokens": 12}
    expected = run_system(open_system(spec, Decoding(batch_tokens=1, **short)), sources)
    shuffled = random.Random(3).sample(sources, len(sources))
    for tokens in (7, 40, 100_000):
        system = open_system(spec, Decoding(batch_tokens=tokens, **short))
        assert run_system(system, sources).translations == expected.translations
        by_source = dict(zip(shuffled, run_system(system, shuffled), strict=True))
        assert [by_source[source] for source in sources] == list(expected)


def test_out_of_memory_halves_the_batch_and_goes_on(tiny_model, sources):
    import torch

    spec = f"hf:{tiny_model('marian')}"
    expected = run_system(open_system(spec, Decoding(max_new_tokens=8)), sources)
    system = open_system(spec, Decoding(batch_tokens=100_000, max_new_tokens=8))
    engine, sizes = system._engine, []
    generate = engine.model.generate

    def small(**arguments):
        sizes.append(len(arguments["input_ids"]))
        if sizes[-1] > 5:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return generate(**arguments)

    engine.model.generate = small
    assert run_system(system, sources).translations == expected.translations
    assert sum(size > 5 for size in sizes) <= 5, "it learns how much fits"


def test_out_of_memory_on_one_sentence_says_what_to_do(tiny_model):
    import torch

    system = open_system(f"hf:{tiny_model('marian')}")

    def fails(**arguments):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    system._engine.model.generate = fails
    with pytest.raises(EvalkitError, match=r"out of memory on one sentence.*--device cpu"):
        run_system(system, ["дом", "стоит"])


def test_sources_without_words_need_no_model(tiny_model):
    system = open_system(f"hf:{tiny_model('marian')}")
    assert run_system(system, ["", "  "]).texts == ["", ""]


def test_a_model_is_not_loaded_when_the_memory_has_everything(tiny_model, tmp_path):
    script = (
        "import sys\n"
        "from evalkit.memory import Memory\n"
        "from evalkit.systems import open_system, run_system\n"
        "r = run_system(open_system(sys.argv[1]), ['дом стоит'], memory=Memory(sys.argv[2]))\n"
        "print(r.computed, 'torch' in sys.modules)\n"
    )
    command = [sys.executable, "-c", script, f"hf:{tiny_model('marian')}", str(tmp_path / "m")]
    outputs = [subprocess.run(command, capture_output=True, text=True).stdout for _ in range(2)]
    assert outputs == ["1 True\n", "0 False\n"]


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_was_and_ends_the_same(tiny_model, sources, tmp_path):
    source, memory = tmp_path / "source.ru", tmp_path / "memory.sqlite3"
    source.write_text("\n".join(sources * 2) + "\n", "utf-8")
    spec = f"tiny={tiny_model('marian')}"
    command = [sys.executable, "-m", "evalkit", "translate", str(source), "--mt", spec]
    command += ["--beam", "1", "--batch-tokens", "30"]
    undisturbed = subprocess.run(
        [*command, "--no-memory", "-q"], capture_output=True, text=True, check=True
    ).stdout
    command += ["--memory", str(memory)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while process.poll() is None and _count(memory) < 6 and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = _count(memory)
    assert kept >= 6
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert again.stdout == undisturbed
    assert f"{len(sources) - kept} translated, {kept} known before" in again.stderr


def _count(path) -> int:
    if not path.exists():
        return 0
    with Memory(path) as memory:
        return memory.info().translations
