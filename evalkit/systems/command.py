"""`cmd:`: a program that reads a Russian line from standard input and writes an English one."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from evalkit.checks.translations import checked
from evalkit.errors import EvalkitError, InputError
from evalkit.files.hashes import named_hashes
from evalkit.interruption import at_end, held
from evalkit.systems.base import Batch, Request

# Lines for one run of the program. Its output counts only once the run has ended with as many lines
# as it was given: a program that buffers is welcome, and none can shift translations unnoticed.
# A program that loads a model spends its time on that; so the runs grow while one is over soon.
FIRST_RUN, LARGEST_RUN = 100, 6_400
SOON = 10.0  # seconds
_LINE_BREAKS = re.compile(r"[\r\n]+")


class Command:
    """A program as a system, started for a hundred lines, then for more at a time if it is quick.

    The command is split as a shell would, but no shell runs it: for pipes, ``cmd:sh -c '...'``.
    The fingerprint has the hash of every file the command names.
    """

    recorded = False
    note = ""

    def __init__(self, request: Request) -> None:
        self.name, self.spec, self.decoding = request.name, request.spec, request.decoding
        spec, command = request.spec, request.argument
        try:
            self.arguments = shlex.split(command)
        except ValueError as error:
            raise InputError(f"cannot read the command in {spec!r}: {error}") from error
        if not self.arguments or shutil.which(self.arguments[0]) is None:
            raise InputError(f"{spec}: there is no program {''.join(self.arguments[:1])!r}")
        self.location = shutil.which(self.arguments[0]) or ""

    @cached_property
    def fingerprint(self) -> Mapping[str, str]:
        words = [shutil.which(self.arguments[0]), *self.arguments[1:]]
        files = [Path(word) for word in words if word and Path(word).is_file()]
        return {
            "kind": "command",
            "command": shlex.join(self.arguments),
            "files_sha256": named_hashes(files),
        }

    def translate(self, sources: Sequence[str]) -> Iterator[Batch]:
        """Run the program over the sources, some hundred or thousand at a time.

        Raises:
            EvalkitError: it fails, takes too long, or gives more or fewer lines than it was given;
                the message names the first line at fault.
        """
        start, size = 0, FIRST_RUN
        while start < len(sources):
            # A line break within a source (a table cell may have one) would make it two lines.
            lines = [_LINE_BREAKS.sub(" ", s) for s in sources[start : start + size]]
            began = time.monotonic()
            outputs = self._run(lines)
            if time.monotonic() - began < SOON:
                size = min(2 * size, LARGEST_RUN)
            if len(outputs) != len(lines):
                raise EvalkitError(self._miscounted(start, lines))
            yield [
                (start + i, checked(sources[start + i], output.strip()))
                for i, output in enumerate(outputs)
            ]
            start += len(lines)

    def _run(self, lines: Sequence[str]) -> list[str]:
        data = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
        timeout = self.decoding.timeout * max(1.0, len(lines) / FIRST_RUN)
        with held():
            process = subprocess.Popen(
                self.arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            ended = at_end(lambda: os.killpg(process.pid, signal.SIGKILL))
        try:
            output, complaint = process.communicate(data, timeout=timeout)
        except subprocess.TimeoutExpired:
            raise EvalkitError(
                f"{self.spec}: not done with {len(lines)} lines after "
                f"{timeout:g} seconds (--timeout is for a hundred)"
            ) from None
        finally:
            _end(process)
            ended()
        if process.returncode != 0:
            last = complaint.decode("utf-8", "replace").strip().splitlines()[-1:]
            how = f"with code {process.returncode}" if process.returncode > 0 else "by a signal"
            raise EvalkitError(f"{self.spec}: ended {how}: {' '.join(last) or 'no message'}")
        try:
            text = output.decode("utf-8")
        except UnicodeDecodeError as error:
            number = output[: error.start].count(b"\n") + 1
            raise EvalkitError(f"{self.spec}: its output line {number} is not UTF-8") from error
        found = text.replace("\r\n", "\n").split("\n")
        return found[:-1] if found[-1] == "" else found

    def _miscounted(self, start: int, lines: Sequence[str]) -> str:
        """Find the first line at fault: the end of the shortest beginning that is miscounted."""
        right, wrong = 0, len(lines)
        while wrong - right > 1:
            middle = (right + wrong) // 2
            if len(self._run(lines[:middle])) == middle:
                right = middle
            else:
                wrong = middle
        gave = len(self._run(lines[:wrong])) - right
        return (
            f"{self.spec}: sentence {start + wrong} ({lines[wrong - 1][:60]!r}) gave {gave} lines "
            "instead of one"
        )


def _end(process: subprocess.Popen) -> None:
    """End the program and what it started; without effect once it has ended by itself."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            with suppress(OSError):
                stream.close()
