"""Every coefficient against scipy or against its definition, written out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from evalkit.errors import InputError
from evalkit.statistics.correlation import (
    kendall,
    pairwise_accuracy,
    pearson,
    perm_both,
    ranks,
    soft_pairwise_accuracy,
    spearman,
    system_accuracy,
    system_p_values,
    tie_calibrated_accuracy,
)


def scores(seed: int, shape: tuple[int, ...], *, ties: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Human scores, and metric scores that follow them; with ``ties`` only so many different values."""
    rng = np.random.default_rng(seed)
    human = rng.normal(size=shape)
    metric = human + rng.normal(size=shape)
    if ties:
        human, metric = (np.round(x * ties / 4) for x in (human, metric))
    return metric, human


@pytest.mark.parametrize("ties", [0, 3, 10])
@pytest.mark.parametrize("n", [2, 3, 10, 257, 1000])
def test_coefficients_are_scipys(n, ties):
    metric, human = scores(n, (n,), ties=ties)
    with np.errstate(all="ignore"):
        for ours, theirs in (
            (pearson, stats.pearsonr),
            (spearman, stats.spearmanr),
            (kendall, stats.kendalltau),
        ):
            if np.ptp(metric) == 0 or np.ptp(human) == 0:
                assert np.isnan(ours(metric, human))
            else:
                assert ours(metric, human) == pytest.approx(theirs(metric, human)[0], abs=1e-12)


def test_ranks_of_equal_values_are_their_mean():
    values = np.array([3.0, 1.0, 3.0, 2.0, 3.0])
    np.testing.assert_array_equal(ranks(values), [4, 1, 4, 2, 4])
    np.testing.assert_array_equal(ranks(values), stats.rankdata(values))


def test_a_missing_score_is_left_out_on_both_sides():
    metric, human = scores(1, (50,))
    with_gap, gap = metric.copy(), human.copy()
    with_gap[3] = gap[7] = np.nan
    kept = [k for k in range(50) if k not in (3, 7)]
    for coefficient in (pearson, spearman, kendall, pairwise_accuracy):
        expected = coefficient(metric[kept], human[kept])
        assert coefficient(with_gap, gap) == pytest.approx(expected, abs=1e-12)


def test_a_constant_side_has_no_correlation():
    for coefficient in (pearson, spearman, kendall):
        assert np.isnan(coefficient([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]))


def accuracy_by_definition(metric: np.ndarray, human: np.ndarray, epsilon: float) -> float:
    """The mean over segments of (concordant + tied in both) / pairs."""
    of_segments = []
    for m, h in zip(metric.T, human.T, strict=True):
        right = []
        for a, b in itertools.combinations(range(len(m)), 2):
            if np.isnan(m[a] + m[b] + h[a] + h[b]):
                continue
            order = 0.0 if abs(m[a] - m[b]) <= epsilon else np.sign(m[a] - m[b])
            right.append(order == np.sign(h[a] - h[b]))
        if right:
            of_segments.append(np.mean(right))
    return float(np.mean(of_segments))


@pytest.mark.parametrize("ties", [0, 4])
def test_pairwise_accuracy_is_its_definition(ties):
    metric, human = scores(2, (6, 20), ties=ties)
    metric[2, 4] = human[0, 9] = np.nan
    human[:, 11] = np.nan
    for epsilon in (0.0, 0.3, 1.0):
        expected = accuracy_by_definition(metric, human, epsilon)
        assert pairwise_accuracy(metric, human, epsilon=epsilon) == pytest.approx(
            expected, abs=1e-12
        )


@pytest.mark.parametrize("seed", range(5))
def test_tie_calibration_finds_the_best_epsilon_of_all(seed):
    metric, human = scores(seed, (5, 8), ties=3)
    metric += np.random.default_rng(seed).normal(scale=0.1, size=metric.shape)
    found = tie_calibrated_accuracy(metric, human)
    distances = {
        abs(column[a] - column[b])
        for column in metric.T
        for a, b in itertools.combinations(range(5), 2)
    }
    by_epsilon = {e: accuracy_by_definition(metric, human, e) for e in (0.0, *sorted(distances))}
    best = max(by_epsilon.values())
    assert found.accuracy == pytest.approx(best, abs=1e-12)
    assert by_epsilon[found.epsilon] == pytest.approx(best, abs=1e-12)
    assert found.epsilon == min(e for e, a in by_epsilon.items() if a >= best - 1e-12)


def test_tie_calibration_leaves_a_metric_without_human_ties_alone():
    metric, human = scores(3, (6, 30))
    found = tie_calibrated_accuracy(human, human)
    assert (found.accuracy, found.epsilon) == (1.0, 0.0)
    assert tie_calibrated_accuracy(metric, human).accuracy >= pairwise_accuracy(metric, human)


def test_tie_calibration_rewards_ties_that_people_make():
    human = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 1.0]])
    metric = np.array([[0.0, 0.1], [0.1, 0.0], [1.0, 1.0]])
    assert pairwise_accuracy(metric, human) == pytest.approx(2 / 3)
    found = tie_calibrated_accuracy(metric, human)
    assert (found.accuracy, found.epsilon) == (1.0, pytest.approx(0.1))


def test_system_accuracy_counts_pairs_of_systems_in_the_same_order():
    human = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    metric = np.array([[1.0, 1.0], [3.0, 3.0], [2.0, 2.0]])
    assert system_accuracy(metric, human) == pytest.approx(2 / 3)


def p_value_by_definition(a: np.ndarray, b: np.ndarray, signs: np.ndarray) -> float:
    observed = a.sum() - b.sum()
    reached = 0
    for row in signs:
        one = np.where(row > 0, a, b)
        other = np.where(row > 0, b, a)
        reached += one.sum() - other.sum() >= observed - 1e-9
    return reached / len(signs)


def test_p_values_of_systems_are_those_of_random_exchanges():
    metric, _ = scores(4, (4, 30))
    signs = np.random.default_rng(9).integers(0, 2, (200, 30)) * 2.0 - 1.0
    found = system_p_values(metric, trials=200, seed=9)
    for i, j in itertools.permutations(range(4), 2):
        assert found[i, j] == p_value_by_definition(metric[i], metric[j], signs)


def test_p_values_tell_a_better_system_from_a_worse_one_and_not_equal_ones():
    rng = np.random.default_rng(0)
    base = rng.normal(size=200)
    found = system_p_values(np.stack([base + 1 + rng.normal(size=200), base, base]))
    assert found[0, 1] < 0.01 and found[1, 0] > 0.99
    assert found[1, 2] == found[2, 1] == 1.0


def test_soft_pairwise_accuracy_is_its_definition():
    metric, human = scores(5, (5, 40))
    expected = []
    theirs, people = (system_p_values(x, trials=300, seed=3) for x in (metric, human))
    for i, j in itertools.combinations(range(5), 2):
        expected.append(1 - abs(people[i, j] - theirs[i, j]))
    found = soft_pairwise_accuracy(metric, human, trials=300, seed=3)
    assert found == pytest.approx(np.mean(expected), abs=1e-12)


def test_soft_pairwise_accuracy_of_the_judgement_itself_is_1_and_of_its_opposite_low():
    _, human = scores(6, (5, 200))
    human += np.arange(5)[:, None]
    assert soft_pairwise_accuracy(human, human) == 1.0
    assert soft_pairwise_accuracy(-human, human) < 0.1


def test_a_segment_with_a_missing_score_is_left_out_of_soft_accuracy():
    metric, human = scores(7, (4, 30))
    gap = metric.copy()
    gap[1, 5] = np.nan
    kept = [k for k in range(30) if k != 5]
    assert soft_pairwise_accuracy(gap, human) == soft_pairwise_accuracy(
        metric[:, kept], human[:, kept]
    )


def test_perm_both_tells_a_good_metric_from_a_bad_one():
    rng = np.random.default_rng(8)
    human = rng.normal(size=(6, 50))
    good, bad = human + 0.3 * rng.normal(size=human.shape), rng.normal(size=human.shape)
    for statistic in (pearson, kendall, pairwise_accuracy):
        better = perm_both(good, bad, human, statistic, trials=100)
        assert better.difference > 0 and better.p_value == 0.0
        worse = perm_both(bad, good, human, statistic, trials=100)
        assert worse.difference == pytest.approx(-better.difference) and worse.p_value == 1.0


def test_perm_both_finds_nothing_between_equal_metrics_and_ignores_their_scales():
    rng = np.random.default_rng(9)
    human = rng.normal(size=300)
    metric = human + rng.normal(size=300)
    same = perm_both(metric, 100 * metric + 7, human, pearson, trials=50)
    assert same.difference == pytest.approx(0.0, abs=1e-9) and same.p_value == 1.0


def test_perm_both_is_uniform_where_there_is_no_difference():
    rng = np.random.default_rng(10)
    p_values = []
    for _ in range(60):
        human = rng.normal(size=80)
        one, other = (human + rng.normal(size=80) for _ in range(2))
        p_values.append(perm_both(one, other, human, pearson, trials=60).p_value)
    assert 0.35 < np.mean(p_values) < 0.65
    assert np.mean(np.array(p_values) < 0.1) < 0.3


def test_perm_both_exchanges_single_scores_not_whole_systems():
    """With one segment and two systems there are four exchanges; two of them are the observed one or its mirror."""
    human = np.array([[0.0], [1.0]])
    first, second = np.array([[0.0], [1.0]]), np.array([[1.0], [0.0]])
    found = perm_both(first, second, human, pearson, trials=4000)
    # The difference is 2 in one of four exchanges, 0 or undefined in two, -2 in one.
    assert found.difference == pytest.approx(2.0)
    assert 0.2 < found.p_value < 0.3


def test_unequal_numbers_of_scores_are_an_error():
    with pytest.raises(InputError, match="2 metric scores, 3 human scores"):
        pearson([1, 2], [1, 2, 3])
    with pytest.raises(InputError, match="metric scores are"):
        pairwise_accuracy([1, 2], [1, 2, 3])
    with pytest.raises(InputError, match="at least two systems"):
        soft_pairwise_accuracy([[1.0, 2.0]], [[1.0, 2.0]])
    with pytest.raises(InputError, match=r"systems, segments"):
        soft_pairwise_accuracy([1.0, 2.0], [1.0, 2.0])
