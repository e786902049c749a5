"""All checks together, without a model, and fast enough for a corpus."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from evalkit.checks.base import Checked, Finding
from evalkit.checks.examine import default_checks, examine
from evalkit.languages.en import CHECK_WORDS as ENGLISH
from evalkit.languages.ru import CHECK_WORDS as RUSSIAN

SOURCE = "Директор завода Пётр Иванов сообщил, что в 2019 году здесь работали 350 человек."
RIGHT = "Plant director Pyotr Ivanov said that 350 people worked here in 2019."


def test_spans_lie_in_their_texts_and_scores_between_0_and_1(findings):
    wrong = "Plant director Pyotr Sidorov said that that 530 people не worked here in 2018"
    for systems in (
        (),
        (RIGHT,),
        (RIGHT, "Petr Ivanov, director of the plant, said 350 people worked here in 2019."),
    ):
        found = findings(SOURCE, wrong, *systems)
        assert {"number", "untranslated"} <= {f.name for f in found}
        for finding in found:
            assert isinstance(finding, Finding) and finding.message.endswith(".")
            assert 0.0 <= finding.score <= 1.0 and finding.severity in ("minor", "major")
            for spans, text in ((finding.source_spans, SOURCE), (finding.provided_spans, wrong)):
                assert all(0 <= a < b <= len(text) for a, b in spans)


def test_a_finding_of_a_pair_does_not_depend_on_other_pairs():
    checks = default_checks(RUSSIAN, ENGLISH)
    pairs = [
        Checked(SOURCE, RIGHT.replace("350", "360")),
        Checked("Да.", "Yes."),
        Checked(SOURCE, RIGHT),
    ]
    alone = [examine(pair, default_checks(RUSSIAN, ENGLISH)) for pair in pairs]
    assert [examine(pair, checks) for pair in pairs] == alone
    assert [examine(pair, checks) for pair in reversed(pairs)] == alone[::-1]


def test_no_model_is_loaded():
    code = (
        "import sys; from evalkit.checks.examine import default_checks, examine;"
        "from evalkit.checks.base import Checked;"
        "from evalkit.languages.en import CHECK_WORDS as E; from evalkit.languages.ru import CHECK_WORDS as R;"
        "examine(Checked('Ему 45 лет.', 'He is 54.'), default_checks(R, E));"
        "print([m for m in ('torch', 'transformers', 'pandas', 'scipy', 'pymorphy3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_strange_texts_break_nothing(findings):
    for text in (
        "\ud800",
        "a" * 5000,
        "1" * 400,
        "1,,2..3",
        "!?…",
        "\u0000",
        "«»",
        "№ № №",
        "0/0/0000",
        "IIII",
    ):
        findings(text, text, text)
        findings(SOURCE, text)
        findings(text, RIGHT, text)


def test_ten_thousand_short_pairs_take_seconds():
    checks = default_checks(RUSSIAN, ENGLISH)
    pairs = [
        Checked(
            f"Глава {k} рассказывает о жизни в городе {k}.",
            f"Chapter {k} tells of life in town {k}.",
        )
        for k in range(2000)
    ]
    examine(pairs[0], checks)
    begun = time.process_time()
    for pair in pairs:
        examine(pair, checks)
    # 100,000 in a minute are 0.6 ms a pair; five times that on a machine that is busy.
    assert (time.process_time() - begun) / len(pairs) < 0.003


PIECES = (
    "1|2,5|млн|1/2|XIV|с половиной|не|not|n't|-|:|18:30|p.m.|«|»|Иванов|Ivanov|the|a|é|ß|İ|\ud800|\u0301|½|²|٣|一二"
    "|%|$|№|May|мая|two hundred|and|\n|\t|IIII|'s|...|?|0|00|{x}|<b>|%s| "
).split("|")


@pytest.mark.parametrize("seed", range(5))
def test_random_texts_give_findings_whose_spans_lie_in_them(findings, seed):
    rng = random.Random(seed)
    for _ in range(200):
        source, provided, *systems = (
            "".join(rng.choice(PIECES) + rng.choice(("", " ")) for _ in range(rng.randrange(12)))
            for _ in range(rng.randrange(2, 5))
        )
        for finding in findings(source, provided, *systems):
            assert 0.0 <= finding.score <= 1.0 and finding.message
            for spans, text in ((finding.source_spans, source), (finding.provided_spans, provided)):
                assert all(0 <= a < b <= len(text) for a, b in spans)
