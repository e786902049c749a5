"""Every suspicion, on text as it is found."""

from __future__ import annotations

import pytest

from evalkit.checks.flags import duplicates, is_mojibake, suspicions
from evalkit.languages import language_pair

RU_EN = language_pair("ru-en")


def flags(source: str, *provided: str) -> tuple[str, ...]:
    return suspicions(source, provided, RU_EN)


@pytest.mark.parametrize(
    ("source", "provided"),
    [
        ("Паром вернулся на реку.", "The ferry is back on the river."),
        ("Её дом. Чё? Ещё чьё-то!", "Her house. What? Someone else's!"),
        ("«Да», — сказал он… № 5, 20 °C, 60 ₽", "“Yes,” he said… No. 5, 20 °C, €60 — don’t"),
        ("СССР и РСФСР, МГУ, кВт·ч", "The USSR & the RSFSR; AT&T; R&D; kWh"),
        ("Windows 10 и Linux", "Windows 10 and Linux"),
        ("2016", "2016"),
        ("100 % хлопок", "100% cotton naïve café Übergröße"),
        ("Что ?", "What ..."),
        ("привет ё-моё", "déjà vu"),
    ],
)
def test_ordinary_text_has_none(source, provided):
    assert flags(source, provided) == ()


@pytest.mark.parametrize(
    ("source", "provided", "expected"),
    [
        ("Он сказал: &quot;Да&quot;.", "He said: “Yes”.", "entities"),
        ("Это его дом.", "It&#39;s his house.", "entities"),
        ("Это его дом.", "It&amp;#x27;s his house &apos;.", "entities"),
        ("Прив\ufffdт.", "Hello.", "replacement_character"),
        ("РџСЂРёРІРµС‚, мир!", "Hello, world!", "mojibake"),
        ("Не знаю.", "I donâ€™t know.", "mojibake"),
        ("Кафе закрыто.", "The cafÃ© is closed.", "mojibake"),
        ("Ïðèâåò, ìèð!", "Hello, world!", "mojibake"),
        ("оПХБЕР, ЛХП! мНБНЯРХ", "Hello, world! News", "mojibake"),
        ("Паром вернулся.", "Паром вернулся на реку.", "wrong_script"),
        ("The ferry is back.", "The ferry returned.", "wrong_script"),
        ("Паром вернулся.", "Το πλοίο επέστρεψε.", "wrong_script"),
        ("Паром вернулся на реку.", "The паром is back.", "wrong_script"),
        ("Reuters", "Reuters ", "copied_source"),
        ("Паром вернулся.", "паром  вернулся.", "copied_source"),
        ("", "The ferry is back.", "empty_source"),
        ("Паром вернулся.", " \u00a0", "empty_provided"),
        ("Паром вернулся .", "The ferry is back.", "tokenized"),
        ("Паром вернулся.", "The ferry , they say , is back .", "tokenized"),
        ("Он не вернулся.", "He did n't come back.", "tokenized"),
        ("Пять дней.", "A five @-@ day week", "tokenized"),
    ],
)
def test_each_suspicion(source, provided, expected):
    assert expected in flags(source, provided)


def test_duplicated_sources_are_flagged_all():
    assert duplicates(["Да.", "Нет.", "да. ", "", ""]) == [True, False, True, False, False]


def test_every_reference_is_looked_at_and_none_is_no_suspicion():
    assert flags("Да.", "Yes.", "") == ("empty_provided",)
    assert flags("Нет.") == ()


def test_real_text_is_hardly_ever_suspected(wmt21):
    source = (wmt21 / "source.ru").read_text(encoding="utf-8").split("\n")[:-1]
    provided = (wmt21 / "reference.B.en").read_text(encoding="utf-8").split("\n")[:-1]
    found = map(flags, source, provided)
    assert sum(1 for flags in found if {"mojibake", "wrong_script", "tokenized"} & set(flags)) <= 10


@pytest.mark.parametrize("codec", ["cp1252", "latin-1", "cp1251"])
def test_a_test_set_decoded_wrongly_is_suspected_line_by_line(wmt21, codec):
    for name in ("source.ru", "reference.A.en"):
        lines = (wmt21 / name).read_text(encoding="utf-8").split("\n")[:-1]
        clean = [line for line in lines if not line.isascii()]
        wrong = [line.encode().decode(codec, "replace") for line in clean]
        assert sum(is_mojibake(line, RU_EN) for line in clean) == 0
        # A quotation mark or two of an English line, read as cp1251, may look like a name.
        least = 0.85 if codec == "cp1251" and name.endswith(".en") else 0.98
        assert sum(is_mojibake(line, RU_EN) for line in wrong) >= least * len(wrong)
