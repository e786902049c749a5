"""Names by sound, and by what the systems wrote."""

from __future__ import annotations

import pytest

from evalkit.checks.sounds import alike, romanized
from evalkit.languages.ru import CHECK_WORDS as RUSSIAN


@pytest.mark.parametrize(
    "russian, latin",
    [
        ("Дегтярев", "Degtyaryov"),
        ("Джонсон", "Johnson"),
        ("Хрущёв", "Khrushchev"),
        ("Шекспир", "Shakespeare"),
        ("Цюрих", "Zürich"),
        ("Мюллера", "Müller"),
        ("Бельгия", "Belgium"),
        ("Артём", "Artjom"),
        ("Чайковского", "Tchaikovsky"),
        ("Вашингтоне", "Washington"),
        ("Щербаков", "Shcherbakov"),
        ("Ельцин", "Yeltsin"),
    ],
)
def test_a_name_sounds_like_its_counterpart(russian, latin):
    assert alike(romanized(russian.lower(), RUSSIAN), latin.lower().replace("ü", "u")) >= 0.72


@pytest.mark.parametrize(
    "russian, latin",
    [("Дегтярев", "Furgal"), ("Москва", "Minsk"), ("Иванов", "Petrov"), ("Орлов", "Belov")],
)
def test_another_name_does_not(russian, latin):
    assert alike(romanized(russian.lower(), RUSSIAN), latin.lower()) < 0.72


SOURCE = "Вчера директор музея Алексей Тропинин открыл выставку в Саратове."
SYSTEMS = (
    "Yesterday, museum director Alexei Tropinin opened an exhibition in Saratov.",
    "Yesterday the director of the museum Alexey Tropinin opened the exhibition in Saratov.",
    "Museum director Alexey Tropinin opened an exhibition in Saratov yesterday.",
)


@pytest.mark.parametrize(
    "provided",
    [
        "The director of the museum, Aleksey Tropinin, opened an exhibition in Saratov yesterday.",
        "An exhibition was opened in Saratov yesterday by Alexey Tropinin, who heads the museum.",
    ],
)
def test_a_name_in_another_spelling_is_no_finding(names, provided):
    assert "name" not in names(SOURCE, provided, *SYSTEMS)
    assert "name" not in names(SOURCE, provided, SYSTEMS[0])


@pytest.mark.parametrize(
    "provided",
    [
        "Yesterday museum director Alexey Voronov opened an exhibition in Saratov.",
        "Yesterday museum director Alexey Tropinin opened an exhibition in Kazan.",
        "The director of the museum, Boris Tropinin, opened an exhibition in Saratov yesterday.",
    ],
)
def test_another_name_is_found(findings, provided):
    for count in (1, 3):
        found = findings(SOURCE, provided, *SYSTEMS[:count])
        assert "name" in [f.name for f in found]


def test_the_message_names_both(findings):
    provided = "Yesterday museum director Alexey Tropinin opened an exhibition in Kazan."
    (found,) = (f for f in findings(SOURCE, provided, *SYSTEMS) if f.name == "name")
    assert "Саратове" in found.message and "Kazan" in found.message
    assert [SOURCE[a:b] for a, b in found.source_spans] == ["Саратове"]
    assert [provided[a:b] for a, b in found.provided_spans] == ["Kazan"]


def test_an_abbreviation_spelled_out_is_no_finding(names):
    source = "Об этом сообщил МВФ."
    provided = "This was reported by the International Monetary Fund."
    assert "name" not in names(
        source, provided, "The IMF reported this.", "This was reported by the IMF."
    )


def test_a_pet_name_may_become_the_full_name(names):
    source = "В понедельник Саша не пришла на работу."
    assert "name" not in names(
        source,
        "On Monday Alexander did not come to work.",
        "On Monday, Sasha did not come to work.",
    )
