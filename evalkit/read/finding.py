"""From what the user names (files, folders, globs, archives, lists) to inputs, each with its name and its files."""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from evalkit.errors import EvalkitError, InputError
from evalkit.files.archives import is_archive, load_member, members
from evalkit.files.encodings import decode
from evalkit.files.lines import split_lines, writable
from evalkit.files.opening import STANDARD_INPUT, Loaded, load, suffix
from evalkit.languages import Language, LanguagePair, language_pair
from evalkit.plan import Plan
from evalkit.read.content import TEXT_SUFFIXES, format_of_content, format_of_name
from evalkit.read.options import Options
from evalkit.read.parallel import SIDE_FORMATS

# What programs and systems leave in folders beside what people put there.
LEFT_BEHIND = re.compile(r"\.|__MACOSX$|~\$|Thumbs\.db$|desktop\.ini$", re.IGNORECASE)
GLOB = re.compile(r"[*?\[]")
# What evalkit's own files have near their beginning: tables, the manifest, HTML, Markdown.
REPORT_MARKS = (
    b"document,pair,",
    b'"document","pair",',
    b"document\tpair\t",
    b'{"document": "',
    b'"evalkit": "',
    b"<title>Translation evaluation",
    b"| system | pairs |",
)
REPORT_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or one of an archive."""

    path: str
    member: str = ""

    def __str__(self) -> str:
        return f"{self.path}/{self.member}" if self.member else self.path


@dataclass(frozen=True, slots=True)
class Input:
    """One of many inputs: its relative path as its name, and its file; or the files of its source and its provided
    text. ``problem``: why it cannot be read, if that is known already."""

    name: str
    parts: tuple[Part, ...]
    problem: str = ""


def is_many(plan: Plan) -> bool:
    """Whether the inputs of a plan are to be found, rather than being one file."""
    if plan.from_list is not None or len(plan.inputs) > 1:
        return True
    return any(
        os.path.isdir(path) or (is_archive(path) and os.path.exists(path)) or _is_glob(path)
        for path in plan.inputs
    )


def find_inputs(plan: Plan) -> tuple[list[Input], list[str]]:
    """All inputs of a plan in the order of their names, and what the user should know.

    Raises:
        InputError: a glob that fits nothing, a list that cannot be read, or nothing to read at all.
    """
    options = Options(plan.reading, plan.pairing, language_pair(plan.language_pair))
    given = [*plan.inputs, *_listed(plan.from_list, options)]
    search = _Search(options, _reports(plan))
    found: dict[Part, str] = {}
    known = set()
    for path in given:
        for part, problem in search.parts(path):
            place = (os.path.abspath(part.path), part.member)
            if place not in known:
                known.add(place)
                found[part] = problem
    if not found:
        raise InputError(f"no file to read in {', '.join(given)}{search.left_out(': ')}")
    names = dict(zip(found, _names([str(part) for part in found], given), strict=True))
    inputs = [Input(names[part], (part,), why) for part, why in found.items() if why]
    sound = {names[part]: part for part, why in found.items() if not why}
    for pair in pairs_by_name(sound, options):
        inputs.append(Input(pair[0], tuple(sound.pop(name) for name in pair)))
    inputs += [Input(name, (part,)) for name, part in sound.items()]
    note = search.left_out("")
    return sorted(inputs, key=lambda input: input.name), [note] if note else []


def pairs_by_name(names: Iterable[str], options: Options) -> list[tuple[str, str]]:
    """The files that are two sides of one text, source first, by the codes of the languages in their relative paths.

    ``x.ru.txt`` goes with ``x.en.txt``, ``ru/x.txt`` with ``en/x.txt``, ``x.ru`` with ``x.en``.
    """
    pair = options.pair
    kept = [name for name in names if _may_be_side(name, pair)]
    provided: dict[str, str] = {}
    for name in kept:
        for key in _keys(name, pair.target):
            provided.setdefault(key, name)
    found: list[tuple[str, str]] = []
    taken: set[str] = set()
    for name in sorted(kept):
        other = next((provided[key] for key in _keys(name, pair.source) if key in provided), None)
        if other is not None and not {name, other} & taken:
            taken |= {name, other}
            found.append((name, other))
    return found


def _may_be_side(name: str, pair: LanguagePair) -> bool:
    format = format_of_name(name)
    return format is None or format in SIDE_FORMATS


def _keys(name: str, language: Language) -> list[str]:
    """The path with a blank for each code of the language, then with one for its last code alone, and so on."""
    tags = "|".join(map(re.escape, language.tags))
    code = re.compile(rf"(?<![^\W_])(?:{tags})(?:[-_][a-z]{{2}})?(?![^\W_])", re.IGNORECASE)
    matches = list(code.finditer(name))
    if not matches:
        return []
    single = [f"{name[: m.start()]}\0{name[m.end() :]}" for m in reversed(matches)]
    return list(dict.fromkeys([code.sub("\0", name), *single]))


class _Search:
    """Goes through what was named; counts what was passed over."""

    def __init__(self, options: Options, excluded: frozenset[str]) -> None:
        self.options, self.excluded = options, excluded
        self.passed: Counter[str] = Counter()

    def parts(self, path: str) -> Iterator[tuple[Part, str]]:
        """(file, "" or why it cannot be read) of what is named by a path."""
        if os.path.isfile(path) and os.path.realpath(path) in self.excluded:
            raise _overwritten(path)
        if os.path.isdir(path):
            yield from self._of_folder(path)
        elif _is_glob(path):
            matches = sorted(glob.glob(path, recursive=True))
            if not matches:
                raise InputError(f"no file fits {path!r}")
            for match in matches:
                yield from self.parts(match)
        elif is_archive(path):
            yield from self._of_archive(path)
        else:
            # A file that was named is read, whatever it is called.
            yield Part(path), ""

    def _of_folder(self, folder: str) -> Iterator[tuple[Part, str]]:
        for root, folders, files in os.walk(folder):
            folders[:] = sorted(
                name
                for name in folders
                if not LEFT_BEHIND.match(name)
                and os.path.realpath(os.path.join(root, name)) not in self.excluded
            )
            for name in sorted(files):
                path = os.path.join(root, name)
                if LEFT_BEHIND.match(name):
                    continue
                if os.path.realpath(path) in self.excluded:
                    if not _is_report(path):
                        raise _overwritten(path)
                    continue
                # A pipe would be waited for; a link to nothing is a file that cannot be read.
                if os.path.exists(path) and not os.path.isfile(path):
                    continue
                if is_archive(path):
                    yield from self._of_archive(path)
                elif self._is_known(Part(path)):
                    yield Part(path), ""

    def _of_archive(self, path: str) -> Iterator[tuple[Part, str]]:
        try:
            names = members(path)
        except InputError as error:
            yield Part(path), str(error)
            return
        for name in sorted(names):
            part = Part(path, name)
            if any(LEFT_BEHIND.match(step) for step in PurePosixPath(name).parts):
                continue
            if is_archive(name):
                yield part, f"{part} is an archive in an archive: unpack it first"
            elif self._is_known(part):
                yield part, ""

    def _is_known(self, part: Part) -> bool:
        """Whether a file of a folder is to be read: by its suffix, or else by its content."""
        name = part.member or part.path
        ending = suffix(name)
        pair = self.options.pair
        if format_of_name(name) or ending in TEXT_SUFFIXES:
            return True
        if any(one.is_named(ending[1:]) for one in (pair.source, pair.target)):
            return True
        try:
            loaded = (
                load_member(part.path, part.member, "") if part.member else _beginning(part.path)
            )
            if format_of_content(loaded, self.options):
                return True
        except EvalkitError:
            pass
        self.passed[ending or PurePosixPath(name).name] += 1
        return False

    def left_out(self, before: str) -> str:
        """In words, what was passed over."""
        if not self.passed:
            return ""
        kinds = ", ".join(f"{count} {ending}" for ending, count in self.passed.most_common(8))
        more = ", ..." if len(self.passed) > 8 else ""
        return (
            f"{before}{self.passed.total()} files of unknown kinds left out ({kinds}{more});"
            " a file that is named itself is read"
        )


def _beginning(path: str) -> Loaded:
    if suffix(path) != Path(path).suffix.lower():
        return load(path, "")
    # The whole of an unknown file, of a video say, is not wanted; the end of a zip is its table of contents.
    try:
        with open(path, "rb") as stream:
            head = stream.read(1 << 16)
            data = head + stream.read() if head.startswith(b"PK\x03\x04") else head
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    return Loaded("", path, data, "", len(data))


def _names(paths: list[str], given: list[str]) -> list[str]:
    """What the files are called: relative to the one folder or archive that was named, or to what all have in common."""
    plain = [os.path.normpath(path) for path in paths]
    if len(given) == 1 and os.path.normpath(given[0]) not in plain and not _is_glob(given[0]):
        root = os.path.normpath(given[0])
    else:
        absolute = [os.path.abspath(path) for path in plain]
        root = os.path.commonpath([os.path.dirname(path) for path in absolute])
        plain = absolute
    names = [Path(os.path.relpath(path, root)).as_posix() for path in plain]
    return [writable(name)[0] for name in names]


def _listed(path: str | None, options: Options) -> list[str]:
    """The paths in a list, one a line."""
    if path is None:
        return []
    text = decode(load(path, "list of inputs"), languages=options.languages).text
    return [line.strip() for line in split_lines(text) if line.strip()]


def _reports(plan: Plan) -> frozenset[str]:
    """What the run itself writes is not among its inputs, should it lie in the same folder."""
    written = [*plan.reporting.reports.values(), plan.running.out]
    return frozenset(os.path.realpath(path) for path in written if path is not None)


def _is_report(path: str) -> bool:
    """Whether a file is one that evalkit wrote in an earlier run, or is empty."""
    try:
        return any(mark in load(path, "").data[:REPORT_HEAD] for mark in REPORT_MARKS)
    except InputError:
        return os.path.getsize(path) == 0


def _overwritten(path: str) -> InputError:
    return InputError(
        f"{path} is read, and would be overwritten: give what is written another name"
    )


def _is_glob(path: str) -> bool:
    return path != STANDARD_INPUT and bool(GLOB.search(path)) and not os.path.exists(path)
