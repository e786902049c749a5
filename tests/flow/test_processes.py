"""Blocks of a list on several processes: the same results in the same order, and an end that is told."""

import os
import subprocess
import sys

import pytest

from evalkit.flow.processes import in_blocks

ALONE = """
from evalkit.flow.processes import BLOCK, in_blocks
import os
main = os.getpid()
def work(begin, end):
    return [(n * n, os.getpid() != main) for n in range(begin, end)]
for count in (0, 1, BLOCK, 9 * BLOCK + 7):
    one, two = in_blocks(work, count, 1), in_blocks(work, count, 2)
    assert [n for n, _ in one] == [n for n, _ in two] == [n * n for n in range(count)], count
    assert not any(forked for _, forked in one)
print(sum(forked for _, forked in two))
"""

KILLED = """
from evalkit.flow.processes import in_blocks
import os, signal
in_blocks(lambda begin, end: os.kill(os.getpid(), signal.SIGKILL), 10, 2, block=1)
"""


def _python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)


def test_results_are_the_same_for_every_number_of_processes():
    done = _python(ALONE)
    assert done.returncode == 0, done.stderr
    if sys.platform == "linux":
        assert int(done.stdout) > 0


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_a_process_that_is_killed_is_an_error_that_is_told():
    done = _python(KILLED)
    assert done.returncode == 1
    assert "a process ended before its work was done" in done.stderr


def test_a_process_that_has_loaded_torch_does_all_itself(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", object())
    found = in_blocks(lambda begin, end: [os.getpid()] * (end - begin), 50, 4, block=1)
    assert set(found) == {os.getpid()}
