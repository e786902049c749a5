"""Texts of unequal length are never scored; the error says where they part."""

from __future__ import annotations

import pytest

from evalkit import compare, score
from evalkit.errors import InputError
from evalkit.flow.counts import first_slip


@pytest.mark.parametrize("missing", [[0], [333], [998], [100, 700], [500, 501, 502]])
def test_first_missing_line_is_found(missing, read_wmt21, wmt21_systems):
    reference = read_wmt21("reference.A.en")
    system = [line for i, line in enumerate(wmt21_systems["Online-W"]) if i not in missing]
    # To the line: at the end of a text too little follows a gap for certainty.
    assert first_slip(system, reference) == pytest.approx(missing[0] + 1, abs=2)
    assert first_slip(reference, system) == pytest.approx(missing[0] + 1, abs=2)


def test_a_line_broken_in_two_is_found(read_wmt21, wmt21_systems):
    system = list(wmt21_systems["NiuTrans"])
    words = system[249].split()
    system[249:250] = [" ".join(words[:5]), " ".join(words[5:])]
    assert first_slip(system, read_wmt21("reference.A.en")) in (250, 251)


def test_a_cut_file_is_parallel_until_its_end(read_wmt21, wmt21_systems):
    assert first_slip(wmt21_systems["AFRL"][:900], read_wmt21("reference.A.en")) == 901


def test_unequal_counts_name_both_and_the_line(read_wmt21, wmt21_systems):
    system = wmt21_systems["Online-W"]
    with pytest.raises(
        InputError, match=r"hypotheses: 999 lines, references: 1000 lines; .* line 401 on"
    ):
        score(system[:400] + system[401:], read_wmt21("reference.A.en"))
    systems = {"whole": system, "short": system[:990]}
    with pytest.raises(InputError, match=r"short: 990 lines, .* up to line 990, where the shorter"):
        compare(systems, read_wmt21("reference.A.en"))


@pytest.mark.parametrize(("ours", "theirs"), [([], ["a"]), (["a"], []), (["", ""], [""])])
def test_next_to_nothing(ours, theirs):
    with pytest.raises(InputError, match=f"{len(ours)} lines, references: {len(theirs)} lines"):
        score(ours, theirs)
