"""transformers is quiet while it works for us, and afterwards as its user has set it."""

from __future__ import annotations

import warnings

import pytest
from transformers.utils import logging

from evalkit.engines.quiet import quiet_transformers
from evalkit.systems import open_system, run_system


@pytest.fixture(autouse=True)
def restored():
    """Leave the settings of transformers as they were before the test."""
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    yield
    logging.set_verbosity(verbosity)
    draw_bars(bars)


def draw_bars(wanted: bool) -> None:
    if wanted:
        logging.enable_progress_bar()
    else:
        logging.disable_progress_bar()


@pytest.mark.parametrize("verbosity", [logging.DEBUG, logging.WARNING, logging.CRITICAL])
@pytest.mark.parametrize("bars", [True, False])
@pytest.mark.parametrize("fails", [True, False])
def test_what_was_set_before_is_restored(verbosity, bars, fails):
    logging.set_verbosity(verbosity)
    draw_bars(bars)
    filters = list(warnings.filters)
    try:
        with quiet_transformers():
            assert logging.get_verbosity() == logging.ERROR
            assert not logging.is_progress_bar_enabled()
            warnings.warn("advice", stacklevel=1)
            if fails:
                raise RuntimeError
    except RuntimeError:
        assert fails
    assert logging.get_verbosity() == verbosity
    assert logging.is_progress_bar_enabled() == bars
    assert list(warnings.filters) == filters


def test_a_model_that_was_loaded_and_used_leaves_the_settings_alone(tiny_model):
    logging.set_verbosity_info()
    logging.enable_progress_bar()
    run_system(open_system(f"hf:{tiny_model('marian')}"), ["дом"])
    assert logging.get_verbosity() == logging.INFO
    assert logging.is_progress_bar_enabled()
