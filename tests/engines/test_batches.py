"""Batches stay within their budget; an output limit depends on its own source alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evalkit.engines.batches import output_limit, plan_batches

LENGTHS = st.lists(st.integers(1, 300), max_size=60)


@given(LENGTHS, st.integers(1, 2000))
def test_every_piece_is_in_one_batch_within_the_budget(lengths, budget):
    limits = [output_limit(length, 510) for length in lengths]
    batches = plan_batches(lengths, limits, budget)
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        padded = len(batch) * max(lengths[position] for position in batch)
        assert padded <= budget or len(batch) == 1


@given(LENGTHS)
def test_pieces_of_a_batch_share_one_output_limit(lengths):
    limits = [output_limit(length, 510) for length in lengths]
    for batch in plan_batches(lengths, limits, 1024):
        assert len({limits[position] for position in batch}) == 1


@given(st.integers(1, 1000))
def test_an_output_may_be_twice_its_source_but_not_more_than_the_model_can(tokens):
    limit = output_limit(tokens, 510)
    assert limit == 510 or limit >= 2 * tokens
    assert output_limit(tokens, 510, fixed=20) == 20
    assert output_limit(tokens, 510, fixed=2000) == 510


def test_the_longest_come_first_so_that_what_does_not_fit_shows_at_once():
    lengths = [3, 9, 5, 9]
    assert plan_batches(lengths, [48] * 4, 18) == [[1, 3], [2, 0]]
