"""p-values and intervals are those of sacrebleu --paired-bs, --paired-ar and --confidence."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.significance import PairedTest

from evalkit import compare
from evalkit.errors import InputError
from evalkit.metrics import JudgingMetric, get_metric
from evalkit.statistics.resampling import bootstrap_interval, bootstrap_sums, randomization_sums
from evalkit.statistics.significance import compare_systems

from ..metrics.conftest import texts

THEIRS = {
    "bleu": sacrebleu.BLEU,
    "chrf": sacrebleu.CHRF,
    "chrf++": lambda **options: sacrebleu.CHRF(word_order=2, **options),
    "ter": sacrebleu.TER,
}


def paired(kind: str, name: str, systems: dict, streams: list, trials: int, **options) -> list:
    """sacreBLEU's results of the test: the first system's, then the others' against it."""
    metric = THEIRS[name](references=streams, **options)
    test = PairedTest(list(systems.items()), {name: metric}, None, kind, n_samples=trials)
    _, scores = test()
    (results,) = [found for column, found in scores.items() if column != "System"]
    return results


def statistics_of(name: str, systems: dict, streams: list, **options):
    metric = get_metric(name, **options)
    prepared = metric.prepare(list(zip(*streams, strict=True)))
    return metric, {s: {name: prepared.statistics(lines)} for s, lines in systems.items()}


def assert_same_p_values(name: str, systems: dict, streams: list, trials: dict, **options) -> None:
    metric, statistics = statistics_of(name, systems, streams, **options)
    baseline = next(iter(systems))
    found = compare_systems(
        [metric], statistics, baseline, trials.get("bs", 0), trials.get("ar", 0)
    )
    for kind, column in (("bs", "p_bootstrap_sacrebleu"), ("ar", "p_randomization_sacrebleu")):
        if kind in trials:
            expected = paired(kind, name, systems, streams, trials[kind], **options)
            assert found.comparison[column].tolist() == [r.p_value for r in expected[1:]]
            if kind == "bs":
                for system, result in zip(systems, expected, strict=True):
                    mean, low, high = found.intervals[name, system]
                    assert mean == pytest.approx(result.mean, abs=2e-5)  # theirs: single precision
                    assert (high - low) / 2 == pytest.approx(result.ci, abs=1e-5)


@pytest.mark.parametrize(("name", "letters"), [("bleu", "A"), ("chrf", "AB"), ("chrf++", "B")])
def test_p_values_on_wmt21(name, letters, read_wmt21, wmt21_systems):
    streams = [read_wmt21(f"reference.{letter}.en")[:500] for letter in letters]
    chosen = ("NiuTrans", "Online-G", "Manifold")
    systems = {system: wmt21_systems[system][:500] for system in chosen}
    assert_same_p_values(name, systems, streams, {"bs": 300, "ar": 500})


def test_p_values_of_ter(read_wmt21, wmt21_systems):
    """With three references mean lengths are fractions; sacreBLEU adds them in single precision."""
    streams = [read_wmt21(f"reference.{x}.en")[:20] for x in "AB"] + [wmt21_systems["AFRL"][:20]]
    systems = {s: wmt21_systems[s][:20] for s in ("NiuTrans", "Online-G", "Online-Y")}
    assert_same_p_values("ter", systems, streams, {"bs": 400, "ar": 400})
    assert_same_p_values("ter", systems, streams[:1], {"bs": 400, "ar": 400})


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bleu", "chrf"])
def test_p_values_of_all_systems_with_all_trials(name, read_wmt21, wmt21_systems):
    streams = [read_wmt21("reference.A.en")]
    assert_same_p_values(name, wmt21_systems, streams, {"bs": 1000, "ar": 10000})


@given(
    st.lists(st.tuples(texts(), texts(), texts(), texts()), min_size=1, max_size=7),
    st.sampled_from(
        [
            ("bleu", {}),
            ("bleu", {"smooth_method": "floor"}),
            ("bleu", {"smooth_method": "add-k"}),
            ("bleu", {"smooth_method": "none", "effective_order": True}),
            ("chrf", {}),
            ("chrf", {"whitespace": True, "beta": 1}),
            ("chrf", {"eps_smoothing": True}),
            ("chrf++", {}),
        ]
    ),
)
@settings(max_examples=60)
def test_p_values_where_trials_tie(rows, metric):
    """In a handful of segments most trials equal the real difference to the last bit, or nearly."""
    first, second, third, reference = map(list, zip(*rows, strict=True))
    systems = {"a": first, "b": second, "c": third, "same as a": first}
    name, options = metric
    assert_same_p_values(name, systems, [reference], {"bs": 60, "ar": 96}, **options)


@pytest.mark.parametrize("name", ["bleu", "chrf"])
def test_interval_is_that_of_sacrebleu_confidence(name, read_wmt21, wmt21_systems):
    streams = [read_wmt21("reference.A.en")]
    metric, statistics = statistics_of(name, {"s": wmt21_systems["Online-W"]}, streams)
    theirs = THEIRS[name]().corpus_score(wmt21_systems["Online-W"], streams, n_bootstrap=1000)
    mean, low, high = bootstrap_interval(metric, statistics["s"][name])
    assert mean == pytest.approx(theirs._mean, abs=1e-5)
    assert (high - low) / 2 == pytest.approx(theirs._ci, abs=1e-6)


@pytest.mark.parametrize("rows", [3, 33])
def test_draws_in_blocks_are_the_draws_at_once(monkeypatch, rows):
    rng = np.random.default_rng(1)
    statistics = rng.integers(0, 50, size=(777, 5))
    drawn = np.random.default_rng(7).choice(777, size=(100, 777), replace=True)
    kept = np.random.default_rng(7).integers(2, size=(100, 777), dtype=bool)
    monkeypatch.setattr("evalkit.statistics.resampling.BLOCK_DRAWS", 777 * rows)
    monkeypatch.setattr("evalkit.statistics.resampling._Product.STRETCH", 100)
    assert (bootstrap_sums(statistics, 100, 7) == statistics[drawn].sum(axis=1)).all()
    assert (randomization_sums(statistics, 100, 7) == kept @ statistics).all()


def test_sums_beyond_single_precision_are_exact():
    statistics = np.full((3, 1), 2**24 + 1)
    assert (bootstrap_sums(statistics, 5) == 3 * (2**24 + 1)).all()


def test_comparison_frames(read_wmt21, wmt21_systems):
    chosen = ("NiuTrans", "Online-G", "Online-Y")
    systems = {system: wmt21_systems[system][:50] for system in chosen}
    references = read_wmt21("reference.A.en")[:50]
    ranking = compare(systems, references, ["bleu", "ter"], randomization=0)
    frame = ranking.comparison
    assert list(frame.columns) == [
        *("metric", "system", "other", "difference", "p_bootstrap", "p_randomization"),
        *("p_holm", "p_bootstrap_sacrebleu", "p_randomization_sacrebleu"),
    ]
    assert len(frame) == 2 * 3 * 2
    assert frame["p_randomization"].isna().all()
    both = frame.set_index(["metric", "system", "other"])
    assert both.loc["bleu", "NiuTrans", "Online-Y"]["difference"] > 0
    there, back = (both.loc[("bleu", *p)] for p in (chosen[:2], chosen[1::-1]))
    assert there["difference"] == -back["difference"]
    assert there["p_bootstrap"] == back["p_bootstrap"]
    # TER ranks the other way round: fewer edits are better.
    clusters = ranking.clusters
    for metric, rising in (("bleu", False), ("ter", True)):
        of_metric = clusters[clusters["metric"] == metric]
        assert of_metric["score"].is_monotonic_increasing == rising
        assert of_metric["rank"].tolist() == [1, 2, 3]
        assert of_metric["system"].iloc[-1] == "Online-Y"
        assert of_metric["cluster"].iloc[-1] > of_metric["cluster"].iloc[0]
    assert ranking.signatures["bleu"].startswith("nrefs:1|bs:1000|seed:12345|")


def test_clusters_join_systems_that_cannot_be_told_apart():
    reference = [f"the cat number {i} sat on the mat" for i in range(60)]
    good = [line + " !" if i % 6 == 0 else line for i, line in enumerate(reference)]
    almost = [
        line + " ?" if i % 6 in (1, 2) and i > 6 else line for i, line in enumerate(reference)
    ]
    bad = [line.replace("cat", "dog").replace("mat", "rug") for line in reference]
    ranking = compare({"bad": bad, "almost": almost, "good": good}, reference, ["chrf"])
    assert ranking.clusters[["system", "rank", "cluster"]].values.tolist() == [
        ["good", 1, 1],
        ["almost", 2, 1],
        ["bad", 3, 2],
    ]


def test_equal_systems_share_a_rank():
    reference = ["one two three four five", "six seven eight nine ten"]
    ranking = compare({"a": reference, "b": reference, "c": ["x", "y"]}, reference, ["bleu"])
    assert ranking.clusters["rank"].tolist() == [1, 1, 3]


def test_comparing_needs_two_systems_and_a_known_baseline():
    with pytest.raises(InputError, match="at least two"):
        compare({"a": ["x"]}, ["x"])
    with pytest.raises(InputError, match="no system is called 'c'; there are a, b"):
        compare({"a": ["x"], "b": ["x"]}, ["x"], baseline="c")


def test_a_system_and_its_copy_are_not_told_apart():
    """Nor is one with a word changed in a single sentence of many."""
    texts = [f"The ferry number {k} came back to the river after {k * 7} days." for k in range(300)]
    references = [text.replace("came back", "returned") for text in texts]
    changed = [texts[0].replace("ferry", "boat"), *texts[1:]]
    worse = [text.replace("river", "sea").replace("days", "weeks") for text in texts]
    systems = {"a": texts, "copy": list(texts), "changed": changed, "worse": worse}
    ranking = compare(systems, references, ["bleu", "chrf"], bootstrap=300, randomization=2000)
    rows = ranking.comparison.set_index(["metric", "system", "other"])
    for metric in ("bleu", "chrf"):
        same = rows.loc[metric, "a", "copy"]
        assert (same["p_bootstrap"], same["p_randomization"], same["p_holm"]) == (1, 1, 1)
        assert same["p_randomization_sacrebleu"] < 0.001  # its strict comparison, under its name
        assert rows.loc[metric, "a", "changed"]["p_randomization"] > 0.4
        clusters = ranking.clusters[ranking.clusters["metric"] == metric].set_index("system")
        assert clusters["cluster"].to_dict() == {"a": 1, "copy": 1, "changed": 1, "worse": 2}


def test_holms_correction_is_the_published_one():
    """m = 4: the smallest p times 4, the next times 3..., never below the one before (Holm 1979)."""
    from evalkit.statistics.significance import PValues, _corrected

    raw = {"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}
    made = {frozenset((name, "x")): PValues(p, float("nan"), p, p) for name, p in raw.items()}
    found = {name: _corrected(made)[frozenset((name, "x"))].holm for name in raw}
    assert found == pytest.approx({"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06})


def test_a_judging_metric_is_tested_in_double_precision():
    """Scores that differ in the eighth digit are not lost, and equal ones tie exactly."""
    rng = np.random.default_rng(3)
    scores = rng.normal(0.8, 0.1, 400)

    class Judged(JudgingMetric):
        name = label = "judged"
        fingerprint = MappingProxyType({"metric": "judged"})

        def judge(self, batch):
            raise AssertionError

    def of(values):
        return {"judged": np.column_stack([values, np.ones(len(values))])}

    systems = {"a": of(scores), "copy": of(scores), "better": of(scores + 1e-6)}
    found = compare_systems([Judged()], systems, bootstrap=200, randomization=1000)
    rows = found.comparison.set_index(["system", "other"])
    assert rows.loc[("a", "copy"), "p_holm"] == 1
    assert rows.loc[("better", "a"), "p_randomization"] < 0.01
    assert rows["p_bootstrap_sacrebleu"].isna().all()
