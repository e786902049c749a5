"""The likeliest error comes first, as a probability."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evalkit.checks.base import Checked
from evalkit.checks.examine import default_checks, examine
from evalkit.checks.triage import PRIOR, order, signals, triage
from evalkit.checks.weights import weights
from evalkit.languages.en import CHECK_WORDS as ENGLISH
from evalkit.languages.ru import CHECK_WORDS as RUSSIAN
from evalkit.statistics.closeness import closeness

CHECKS = default_checks(RUSSIAN, ENGLISH)
SOURCE = "В мае 1987 года мост через Волгу не открыли, и 300 семей остались без дороги."
RIGHT = "In May 1987 the bridge across the Volga was not opened, and 300 families were left without a road."
SYSTEMS = {
    "a": "In May 1987, the bridge across the Volga was not opened, and 300 families were left without a road.",
    "b": "In May 1987, the bridge over the Volga was not opened and 300 families remained without a road.",
}
WRONG = [
    RIGHT.replace("300", "800"),
    RIGHT.replace("was not", "was"),
    RIGHT.replace("Volga", "Neva"),
    RIGHT[: RIGHT.index(", and")] + ".",
    RIGHT.replace("bridge", "мост"),
    "The committee will discuss next year's budget after the holidays.",
    RIGHT + " Nobody had expected so many tourists in the village that spring.",
]


def probabilities(texts: list[str], systems: dict[str, str], **options: object) -> np.ndarray:
    pairs = [Checked(SOURCE, text, systems) for text in texts]
    examined = [examine(pair, CHECKS) for pair in pairs]
    return triage(pairs, examined, closeness(pairs), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 2])
def test_every_damaged_version_is_likelier_wrong_than_the_right_one(count):
    systems = dict(list(SYSTEMS.items())[:count])
    found = probabilities([RIGHT, *WRONG], systems)
    assert found[0] < 0.1
    assert (found[1:] > 2 * found[0]).all()
    assert order(found)[-1] == 0


def test_it_is_the_documented_formula():
    pair = Checked(SOURCE, WRONG[0], SYSTEMS)
    each, near = examine(pair, CHECKS), float(closeness([pair])[0])
    values = {name: max(-2.0, min(0.5, odds)) + 2.0 for name, odds in each.log_odds.items()}
    values |= {f"sure {name}": max(0, min(8, odds) - 0.5) for name, odds in each.log_odds.items()}
    values["distance"] = 1 - near / 100
    model = weights("triage", "several")
    log_odds = model.intercept + sum(c * values.get(k, 0.0) for k, c in model.coefficients.items())
    expected = 1 / (1 + math.exp(-log_odds))
    assert probabilities([WRONG[0]], SYSTEMS)[0] == pytest.approx(expected)


def test_the_prior_moves_the_odds_and_not_the_order():
    low, high = (probabilities([RIGHT, *WRONG], SYSTEMS, prior=p) for p in (PRIOR, 0.3))
    odds = [p / (1 - p) for p in (low, high)]
    ratio = (0.3 / 0.7) / (PRIOR / (1 - PRIOR))
    np.testing.assert_allclose(odds[1], odds[0] * ratio, rtol=1e-6)
    assert order(low) == order(high)


def test_a_doubtful_alignment_is_an_error_too():
    sure, doubtful = (probabilities([RIGHT], SYSTEMS, confidence=[c])[0] for c in (1.0, 0.25))
    assert sure == pytest.approx(probabilities([RIGHT], SYSTEMS)[0])
    assert doubtful == pytest.approx(1 - 0.25 * (1 - sure))


def test_a_missing_translation_comes_first_and_an_empty_pair_last():
    pairs = [Checked(SOURCE, RIGHT, SYSTEMS), Checked(SOURCE, " "), Checked("", "")]
    found = triage(pairs, [examine(pair, CHECKS) for pair in pairs], closeness(pairs))
    assert order(found) == [1, 0, 2]
    assert found[1] == 0.99 and found[2] == 0.0


def test_quality_counts_nothing_as_long_as_no_weight_was_fitted():
    with_quality = probabilities([RIGHT], SYSTEMS, quality=[10.0])
    assert with_quality == probabilities([RIGHT], SYSTEMS)
    assert probabilities([RIGHT], SYSTEMS, quality=[math.nan]) == with_quality


def test_machine_translation_has_a_model_of_its_own():
    people = probabilities([RIGHT], {"a": SYSTEMS["a"]})
    machine = probabilities([RIGHT], {"a": SYSTEMS["a"]}, kind="post-edits")
    assert machine[0] > people[0]


def test_without_a_system_the_rules_still_order():
    found = probabilities([RIGHT, *WRONG], {})
    assert order(found)[-1] == 0
    assert "distance" not in signals(
        Checked(SOURCE, RIGHT), examine(Checked(SOURCE, RIGHT), CHECKS), math.nan
    )


def test_closeness_is_the_lower_chrf_of_both_directions():
    import sacrebleu

    chrf = sacrebleu.CHRF()
    pairs = [
        Checked("а", "the cat sat", {"x": "the cat", "y": "a dog sat down"}),
        Checked("б", "yes"),
    ]
    expected = np.mean(
        [
            min(
                chrf.sentence_score(t, ["the cat sat"]).score,
                chrf.sentence_score("the cat sat", [t]).score,
            )
            for t in pairs[0].translations.values()
        ]
    )
    found = closeness(pairs)
    assert found[0] == pytest.approx(expected, abs=1e-9) and math.isnan(found[1])
    assert len(closeness([])) == 0
