"""evalkit align: formats, indices as vecalign writes them, errors."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from evalkit.cli.align import command
from evalkit.errors import InputError

RUSSIAN = ["Паром вернулся на реку.", "Было сто человек.", "Мост закрыли в 2017 году.", "Конец."]
BRIDGE = [
    "The ferry returned to the river.",
    "There were a hundred people.",
    "The bridge was closed in 2017.",
    "End.",
]
ENGLISH = [
    "The ferry is back on the river. A hundred people were there.",
    "The bridge closed in 2017.",
    "The end.",
]


@pytest.fixture
def files(tmp_path):
    def lines(name, texts):
        (tmp_path / name).write_text("".join(f"{t}\n" for t in texts), encoding="utf-8")
        return str(tmp_path / name)

    return {
        "-s": lines("a.ru", RUSSIAN),
        "-p": lines("a.en", ENGLISH),
        "--mt": "file:" + lines("mt.en", BRIDGE),
    }


def run(*arguments, files=None):
    given = [part for option in (files or {}).items() for part in option]
    result = CliRunner().invoke(command, [*given, *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_indices(files):
    out = run("--align", "sentences", "--presplit", "--format", "indices", files=files)
    beads = [line.rpartition(":") for line in out.splitlines()]
    assert [bead for bead, _, _ in beads] == ["[0, 1]:[0]", "[2]:[1]", "[3]:[2]"]
    assert all(0 <= float(confidence) <= 1 for _, _, confidence in beads)


def test_indices_of_left_out_sentences_and_without_a_translation(files, tmp_path):
    (tmp_path / "a.en").write_text("".join(f"{t}\n" for t in BRIDGE[:1] + BRIDGE[2:]))
    out = run(
        *("--align", "sentences", "--presplit", "--format", "indices"),
        files={"-s": files["-s"], "-p": files["-p"]},
    )
    beads = [line.rpartition(":") for line in out.splitlines()]
    assert [bead for bead, _, _ in beads] == ["[0]:[0]", "[1]:[]", "[2]:[1]", "[3]:[2]"]
    # Numbers and lengths alone are no certainty; the year in both texts is most of it.
    confidences = [float(confidence) for _, _, confidence in beads]
    assert confidences[2] > max(confidences[:2]) and max(confidences) < 1


def test_blank_lines_count_as_lines_and_are_no_sentences(files, tmp_path):
    for name, texts in (("a.ru", RUSSIAN), ("mt.en", BRIDGE)):
        lines = [*texts[:2], "", *texts[2:]]
        (tmp_path / name).write_text("".join(f"{t}\n" for t in lines), encoding="utf-8")
    out = run("--align", "sentences", "--presplit", "--format", "indices", files=files)
    assert [line.rpartition(":")[0] for line in out.splitlines()] == [
        "[0, 1]:[0]",
        "[3]:[1]",
        "[4]:[2]",
    ]


def test_tsv_csv_and_jsonl_say_the_same(files, tmp_path):
    arguments = ("--align", "sentences", "--presplit")
    tsv = [line.split("\t") for line in run(*arguments, files=files).splitlines()]
    table = list(csv.reader(io.StringIO(run(*arguments, "--format", "csv", files=files))))
    assert tsv == table
    output = tmp_path / "out.jsonl"
    run(*arguments, "--format", "jsonl", "-o", str(output), files=files)
    records = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert (
        [r["alignment"] for r in records] == [row[3] for row in table[1:]] == ["2-1", "1-1", "1-1"]
    )
    assert records[0]["source"] == " ".join(RUSSIAN[:2])
    assert records[0]["provided"] == ENGLISH[0]


def test_a_text_cannot_break_the_tsv(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('source,provided\n"Да\tнет\nдва","Yes\r\nno"\n', encoding="utf-8", newline="")
    _header, row = run(str(path)).splitlines()
    assert row.split("\t")[-2:] == ["Да нет два", "Yes no"]


def test_a_mixed_document_needs_no_options(data):
    rows = run(str(data / "steinmeier.txt")).splitlines()
    assert sum("\tpaired\t" in row for row in rows) == 1


def test_unequal_lines_are_an_error_that_names_the_line(files):
    with pytest.raises(InputError, match=r"a\.ru has 4 lines and .*a\.en has 3: .* line \d"):
        run("--align", "lines", files=files)


@pytest.mark.parametrize(
    ("pair", "source"),
    [
        (
            "de-en",
            [
                "Herr Größer kam nach Köln.",
                "Dort wartete schon seit dem frühen Morgen eine große Menge fröhlicher Menschen auf ihn.",
                "Die Brücke ist seit 2017 zu.",
            ],
        ),
        (
            "uk-en",
            [
                "Пан Ґрьосер приїхав до Кельна.",
                "Там на нього від самого ранку чекав великий натовп веселих людей з квітами.",
                "Міст закрито з 2017 року.",
            ],
        ),
    ],
)
def test_other_languages_without_a_translation(tmp_path, pair, source):
    english = ["Mr Groesser came to Koeln.", "The bridge has been closed since 2017."]
    for name, lines in (("a", source), ("b", english)):
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    out = run(
        *("-s", str(tmp_path / "a"), "-p", str(tmp_path / "b"), "-l", pair),
        *("--align", "sentences", "--presplit", "--format", "indices"),
    )
    beads = [line.rpartition(":")[0] for line in out.splitlines()]
    assert beads == ["[0]:[0]", "[1]:[]", "[2]:[1]"]
