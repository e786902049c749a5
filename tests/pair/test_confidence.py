"""What a pair's confidence says, and what is done with a low one."""

from __future__ import annotations

import pytest

from evalkit import evaluate
from evalkit.errors import InputError
from evalkit.flow.alignment import align_input
from evalkit.pair.weights import SURE_WITHOUT_BRIDGE
from evalkit.plan import Pairing, Plan

CAT, BUDGET = "Кошка спит на диване.", "The budget was adopted at last."


@pytest.mark.parametrize("bridge", [["The cat sleeps on the sofa."], None])
def test_two_sentences_that_share_nothing_are_not_sure(aligned, bridge):
    for pair in aligned([CAT], [BUDGET], bridge):
        if pair.status == "paired":
            assert pair.confidence < 0.5 and "low_confidence" in pair.flags


def test_two_sentences_that_say_the_same_are_sure(aligned):
    (pair,) = aligned([CAT], ["A cat is sleeping on the sofa."], ["The cat sleeps on the sofa."])
    assert pair.confidence > 0.9 and pair.flags == ()


def test_a_short_sentence_among_good_pairs_is_sure(aligned):
    source = [
        "Паром вернулся на реку после девяти лет перерыва.",
        "Ура!",
        "Билет стоит шестьдесят рублей.",
    ]
    bridge = [
        "The ferry returned to the river after nine years.",
        "Hooray!",
        "A ticket costs sixty rubles.",
    ]
    provided = [
        "The ferry is back on the river after nine years.",
        "Cheers.",
        "A ticket is sixty rubles.",
    ]
    pairs = aligned(source, provided, bridge)
    assert [pair.alignment for pair in pairs] == ["1-1"] * 3
    assert pairs[1].confidence > 0.5


def test_lengths_alone_never_make_a_pair_sure(aligned):
    left = [chr(0x4E00 + n) * length for n, length in enumerate([40, 120, 15, 70] * 6)]
    right = [chr(0x3B1 + n) * len(text) for n, text in enumerate(left)]
    for pair in aligned(left, right):
        assert pair.confidence <= SURE_WITHOUT_BRIDGE.nothing and "low_confidence" in pair.flags


def test_the_pairs_of_the_harvest_are_right_with_the_built_in_model(data):
    ((_, pairs),) = align_input(
        Plan(inputs=(str(data / "harvest.txt"),), systems=("builtin",))
    ).documents
    third, fourth, fifth = pairs[2:5]
    assert (third.alignment, fourth.alignment, fifth.alignment) == ("2-1", "1-2", "1-1")
    assert third.source.endswith("чем в прошлом году.")
    assert third.provided[0].endswith("a fifth less than last year.")
    assert fourth.source.startswith("Главной причиной называют засуху")
    assert (
        fourth.provided[0].startswith("Drought is named")
        and "single heavy rain" in fourth.provided[0]
    )
    assert fifth.provided[0].startswith('"I cannot remember a June like this')


def _texts(write) -> tuple[str, str]:
    ru = "Паром вернулся на реку.\nБилет стоит 60 рублей.\nМой отец купил старую лодку и весь вечер говорил о ней соседям.\n"
    en = "The ferry is back on the river.\nA ticket is 60 roubles.\nIt rained for a whole week, so the schools in the valley stayed shut.\n"
    return write("a.ru", ru), write("a.en", en)


def test_unsure_pairs_are_left_out_of_the_corpus_score_and_counted(write):
    source, provided = _texts(write)
    options = {"source": source, "provided": provided, "align": "sentences", "mt": "builtin"}
    every = evaluate(**options, metrics=["chrf"])
    sure = evaluate(**options, metrics=["chrf"], min_confidence=0.5)
    doubtful = every.pairs["confidence"] < 0.5
    paired = every.pairs["status"] == "paired"
    assert (doubtful & paired).sum() == 1
    assert every.pairs.loc[doubtful & paired, "flags"].str.contains("low_confidence").all()
    assert sure.systems["segments"].item() == every.systems["segments"].item() - 1 == 2
    assert sure.systems["chrf"].item() > every.systems["chrf"].item()
    # The pair keeps its own score.
    assert sure.segments["chrf"].notna().sum() == 3


def test_the_summary_says_how_many(write, capsys, tmp_path):
    from evalkit.cli import main

    source, provided = _texts(write)
    arguments = [
        "evaluate",
        "-s",
        source,
        "-p",
        provided,
        "--align",
        "sentences",
        "--metric",
        "chrf",
    ]
    html = tmp_path / "report.html"
    with pytest.raises(SystemExit) as stopped:
        main([*map(str, arguments), "--min-confidence", "0.5", "--html", str(html), "--top", "0"])
    assert not stopped.value.code
    shown = " ".join(capsys.readouterr().out.split())
    assert "1 of the pairs less sure than 0.5 and left out of the corpus scores" in shown
    assert "These may not belong together: pairs of the least confidence. #3" in shown
    page = html.read_text("utf-8")
    assert "less sure than 0.5, left out" in page and 'name="sure"' in page


def test_confidence_is_a_share():
    with pytest.raises(InputError, match="min_confidence must be from 0 to 1"):
        Pairing(min_confidence=50)
