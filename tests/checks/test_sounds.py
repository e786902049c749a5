"""The distance of spellings, against the definition."""

from hypothesis import given
from hypothesis import strategies as st

from evalkit.checks.sounds import distance


def _by_definition(one, other):
    row = list(range(len(other) + 1))
    for k, letter in enumerate(one, 1):
        before, row[0] = row[0], k
        for j, opposite in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != opposite))
    return row[-1]


@given(st.text("abcd", max_size=12), st.text("abcd", max_size=12))
def test_the_distance_by_bits_is_levenshteins(one, other):
    assert distance(one, other) == _by_definition(one, other)
