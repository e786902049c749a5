"""evalkit check: findings in words and as CSV, with translations and without, no model."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from evalkit.cli.check import command
from evalkit.cli.evaluate import command as evaluate
from evalkit.errors import InputError
from evalkit.flow.processes import BLOCK, FEWEST

from .test_imports import loaded

RUSSIAN = [
    "В городе живут 2,5 млн человек.",
    "Иванов не пришёл на встречу.",
    "Мост закрыли в 2017 году.",
    "Иванов не пришёл на встречу.",
]
ENGLISH = [
    "There are 3.5 million people in the city.",
    "Ivanov came to the meeting.",
    "The bridge was closed in 2017.",
    "Ivanov did not come to the meeting.",
]
COLUMNS = (
    "document pair status alignment confidence source provided findings error_probability flags"
)


@pytest.fixture
def files(tmp_path):
    def lines(name, texts):
        (tmp_path / name).write_text("".join(f"{t}\n" for t in texts), encoding="utf-8")
        return str(tmp_path / name)

    return ("-s", lines("a.ru", RUSSIAN), "-p", lines("a.en", ENGLISH))


def run(*arguments, of=command):
    result = CliRunner().invoke(of, [str(part) for part in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(*arguments):
    return list(csv.DictReader(io.StringIO(run(*arguments, "--csv", "-"), newline="")))


def names(row):
    return [finding["name"] for finding in json.loads(row["findings"])]


def test_each_error_is_explained_and_clean_pairs_are_not_shown(files):
    out = run(*files)
    assert 'The source says "2,5 млн", the translation "3.5 million".' in out
    assert 'The source negates ("не"), the translation does not.' in out
    assert "bridge" not in out
    assert "4 pairs, 3 with findings:" in out
    summary = dict(line.split() for line in out.partition("findings:")[2].splitlines() if line)
    assert summary == {"number": "1", "negation": "1", "inconsistent": "1"}
    assert max(map(len, out.splitlines())) <= 80


def test_csv_has_every_pair_with_spans_probability_and_flags(files):
    table = rows(*files)
    assert list(table[0]) == COLUMNS.split()
    assert [names(row) for row in table] == [["number"], ["negation"], [], ["inconsistent"]]
    (number,) = json.loads(table[0]["findings"])
    assert set(number) == set("name severity message score source_spans provided_spans".split())
    (span,) = number["source_spans"]
    assert RUSSIAN[0][slice(*span)] == "2,5 млн"
    assert [row["flags"] for row in table[:3]] == ["number", "negation", ""]
    assert "inconsistent" in table[3]["flags"].split()
    probabilities = [float(row["error_probability"]) for row in table]
    assert min(probabilities[:2]) > 10 * probabilities[2]


def test_translations_of_a_file_or_a_column_are_evidence(tmp_path):
    """A name that is another's is found by what a system wrote."""
    source, machine = "Встречу провёл Сидоренко.", "The meeting was held by Sidorenko."
    table = tmp_path / "a.csv"
    table.write_text(
        f"source,provided,mt\n{source},The meeting was held by Petrov.,{machine}\n",
        encoding="utf-8",
    )
    (tmp_path / "mt.en").write_text(f"{machine}\n", encoding="utf-8")
    (alone,), (beside,) = rows(table), rows(table, "--translation-column", "mt")
    assert (names(alone), names(beside)) == ([], ["name"])
    assert float(beside["error_probability"]) > float(alone["error_probability"])
    (by_file,) = rows(table, "--mt", f"file:{tmp_path / 'mt.en'}")
    assert by_file == beside


def test_least_score_and_first_of_all(files):
    assert [names(row) for row in rows(*files, "--min-score", "0.8")][3] == []
    first = run(*files, "--top", "1")
    assert [line.split()[0] for line in first.splitlines() if line.startswith("#")] == ["#2"]


def test_glossary(files, tmp_path):
    (tmp_path / "terms.tsv").write_text("мост\tviaduct\n", encoding="utf-8")
    row = rows(*files, "--glossary", tmp_path / "terms.tsv")[2]
    assert names(row) == ["term"]
    assert 'The glossary translates "мост" as "viaduct".' in row["findings"].replace('\\"', '"')


def test_evaluate_says_the_same_of_each_pair_and_knows_the_glossary_from_the_plan(files, tmp_path):
    """One writer of findings; the glossary stands in the manifest, with its hash, and a plan runs it again."""
    (tmp_path / "terms.tsv").write_text("мост\tviaduct\n", encoding="utf-8")
    (tmp_path / "mt.en").write_text("".join(f"{t}\n" for t in ENGLISH), encoding="utf-8")
    options = (*files, "--mt", f"file:{tmp_path / 'mt.en'}", "--glossary", tmp_path / "terms.tsv")
    table, manifest, again = tmp_path / "e.csv", tmp_path / "e.json", tmp_path / "again.csv"
    run(*options, "--csv", table, "--json", manifest, of=evaluate)
    scored = list(csv.DictReader(table.open(encoding="utf-8", newline="")))
    checked = rows(*options)
    for column in ("findings", "error_probability"):
        assert [row[column] for row in scored] == [row[column] for row in checked]
    assert ["term" in row["flags"].split() for row in scored] == [False, False, True, False]
    written = json.loads(manifest.read_text("utf-8"))
    assert written["plan"]["glossary"] == str(tmp_path / "terms.tsv")
    assert [file["role"] for file in written["inputs"]] == ["source", "provided", "glossary"]
    run("--plan", manifest, "--csv", again, of=evaluate)
    assert again.read_bytes() == table.read_bytes()


def test_languages_without_words_are_one_line(files):
    with pytest.raises(InputError, match=r"no findings for de-en: .* of en, ru alone"):
        run(*files, "-l", "de-en")


def test_the_other_direction(files):
    turned = ("-s", files[3], "-p", files[1], "-l", "en-ru")
    assert [names(row) for row in rows(*turned)][:2] == [["number"], ["negation"]]


def test_several_processes_write_the_same_bytes_as_one(tmp_path):
    count = BLOCK * FEWEST
    for name, texts in (("a.ru", RUSSIAN), ("a.en", ENGLISH)):
        lines = (f"{texts[n % 4][:-1]} {n // 4}.\n" for n in range(count))
        (tmp_path / name).write_text("".join(lines), encoding="utf-8")
    for processes in (1, 2):
        program = (
            f"import evalkit.flow.checking as c; c.cores = lambda: {processes}\n"
            "from evalkit.cli import main; main()"
        )
        options = ["check", "-s", "a.ru", "-p", "a.en", "-q", "--csv", f"{processes}.csv"]
        subprocess.run(
            [sys.executable, "-c", program, *options], cwd=tmp_path, check=True, timeout=120
        )
    one, two = ((tmp_path / f"{n}.csv").read_bytes() for n in (1, 2))
    assert one == two
    assert one.count(b"\n") == count + 1


def test_no_model_is_loaded(files):
    assert "torch" not in loaded("check", *files) | loaded("check", "--help")
    assert "transformers" not in loaded("check", *files)
