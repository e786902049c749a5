"""The files that a plan names; and its relative paths where it is run from another folder than it was written for."""

from __future__ import annotations

import glob
import os
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from evalkit.plan import Plan

# Kinds of systems whose argument is a path (the programs of "cmd:" run in the working folder).
_OF_FILES = ("file:", "ct2:")


def found_from(plan: Plan, folder: Path) -> Plan:
    """The plan with its relative paths taken from a folder.

    Where nothing lies there, what lies in the working folder is taken. Of what is in neither, the path in the
    folder stays, so that its reader says where it was looked for.
    """
    if _is_here(folder):
        return plan

    def path(name: str | None) -> str | None:
        return None if name is None else _path(name, folder)

    reading = plan.reading
    return replace(
        plan,
        inputs=tuple(_path(name, folder) for name in plan.inputs),
        from_list=path(plan.from_list),
        source=path(plan.source),
        provided=tuple(_path(name, folder) for name in plan.provided),
        systems=tuple(_spec(spec, folder) for spec in plan.systems),
        metrics=plan.metrics and tuple(_spec(spec, folder) for spec in plan.metrics),
        memory=path(plan.memory),
        glossary=path(plan.glossary),
        reading=replace(
            reading,
            documents=path(reading.documents),
            provided_documents=path(reading.provided_documents),
        ),
        running=replace(plan.running, out=plan.running.out and _output(plan.running.out, folder)),
        reporting=replace(
            plan.reporting,
            reports={kind: _output(name, folder) for kind, name in plan.reporting.reports.items()},
        ),
    )


def _is_here(folder: Path) -> bool:
    try:
        return os.path.samefile(folder, os.curdir)
    except OSError:
        return False


def _path(name: str, folder: Path) -> str:
    if name == "-" or os.path.isabs(name):
        return name
    there = os.path.join(folder, name)
    return name if _exists(name) and not _exists(there) else there


def _exists(name: str) -> bool:
    return os.path.lexists(name) or next(glob.iglob(name, recursive=True), None) is not None


def _output(name: str, folder: Path) -> str:
    return name if name == "-" or os.path.isabs(name) else os.path.join(folder, name)


def _spec(spec: str, folder: Path) -> str:
    """A system or a metric, [NAME=]SPEC, whose SPEC may be a path."""
    name, equals, rest = spec.partition("=")
    if not equals or name.startswith(_OF_FILES):
        name, equals, rest = "", "", spec
    kind = next((kind for kind in _OF_FILES if rest.startswith(kind)), "")
    argument = rest.removeprefix(kind)
    if kind:
        return f"{name}{equals}{kind}{_path(argument, folder)}"
    # "opus-mt" is no path, and "ORG/NAME" is one only where such a folder lies there.
    there = os.path.join(folder, rest)
    is_path = (os.sep in rest or rest.startswith(".")) and os.path.exists(there)
    return f"{name}{equals}{there}" if is_path else spec


def files_of(plan: Plan, *others: str | None) -> list[str | None]:
    """Every file that a run names, none of which may be written: inputs (reading itself takes care of those in folders
    and lists), recorded translations, programs, the memory, and ``others``."""
    reading = plan.reading
    named = [*plan.inputs, plan.from_list, plan.source, *plan.provided, plan.memory, plan.glossary]
    of_reading = (reading.documents, reading.provided_documents)
    return [*named, *others, *of_reading, *files_of_systems(plan.systems)]


def files_of_systems(systems: Iterable[str]) -> Iterator[str]:
    """The files of recorded translations, and those of the commands of programs."""
    for spec in systems:
        if "file:" in spec:
            yield spec.partition("file:")[2]
        if "cmd:" in spec:
            try:
                yield from shlex.split(spec.partition("cmd:")[2])
            except ValueError:  # told when the system is opened
                continue
