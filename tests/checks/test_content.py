"""What is left out, what is added, what belongs to another sentence."""

from __future__ import annotations

SOURCE = (
    "Рыбаки вернулись в гавань до рассвета, потому что на море поднялся сильный ветер, "
    "а старую лодку пришлось оставить на острове."
)
RIGHT = (
    "The fishermen were back in the harbor before dawn, as a strong wind had risen at sea, "
    "and they had to leave the old boat on the island."
)
SYSTEMS = (
    "The fishermen returned to the harbor before dawn because a strong wind rose at sea, and the old boat had to be left on the island.",
    "Fishermen returned to the harbour before sunrise, because a strong wind rose at sea, and the old boat had to be left on the island.",
    "The fishermen returned to harbor before dawn, because there was a strong wind at sea, and the old boat had to be left on the island.",
)


def test_a_free_translation_has_no_finding(names):
    assert names(SOURCE, RIGHT) == []
    for count in (1, 2, 3):
        assert names(SOURCE, RIGHT, *SYSTEMS[:count]) == []


def test_half_a_sentence_missing_is_found(names):
    half = "The fishermen were back in the harbor before dawn."
    for count in (0, 1, 3):
        assert "omission" in names(SOURCE, half, *SYSTEMS[:count])


def test_a_clause_missing_is_found_and_shown_in_the_source(findings):
    provided = "The fishermen were back in the harbor before dawn, and they had to leave the old boat on the island."
    for count in (1, 3):
        found = [f for f in findings(SOURCE, provided, *SYSTEMS[:count]) if f.name == "omission"]
        assert found and "сильный ветер" in found[0].message
        begin, end = found[0].source_spans[0]
        assert SOURCE[begin:end] in SOURCE and "ветер" in SOURCE[begin:end]


def test_an_added_sentence_is_found_and_shown(findings):
    provided = RIGHT + " Nobody had expected tourists from neighboring villages that spring."
    for count in (0, 1, 3):
        found = [f for f in findings(SOURCE, provided, *SYSTEMS[:count]) if f.name == "addition"]
        assert found and "tourists" in found[0].message
        begin, end = found[0].provided_spans[0]
        assert "tourists" in provided[begin:end]


def test_another_sentence_is_a_mismatch_and_nothing_else(names):
    other = "The committee approved next year's budget after a long and bitter debate about school funding."
    for count in (0, 1, 3):
        assert names(SOURCE, other, *SYSTEMS[:count]) == ["mismatch"]


def test_an_empty_side_has_no_finding(names):
    assert names("", "Hello.") == names("Привет.", "") == names("", "") == []
