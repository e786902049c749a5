"""The example notebook: it runs, and the results stored in it are those it gives."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from evalkit.report.csv import read_csv

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "example.ipynb"


def run(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; the value of its last expression, or None."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, str(NOTEBOOK), "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), str(NOTEBOOK), "eval"), names)


@pytest.fixture(scope="module")
def executed() -> list[tuple[dict, Any]]:
    """(cell, what it gives now) for each code cell."""
    matplotlib = pytest.importorskip("matplotlib", reason="needs evalkit[plot]")
    matplotlib.use("Agg")
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(NOTEBOOK.parent)
        return [(c, run("".join(c["source"]), names)) for c in cells if c["cell_type"] == "code"]


def test_the_notebook_gives_the_results_that_are_stored_in_it(executed):
    compared = 0
    for cell, value in executed:
        stored = [o["data"] for o in cell["outputs"] if o["output_type"] == "execute_result"]
        assert not [o for o in cell["outputs"] if o["output_type"] in ("error", "stream")]
        if value is None:
            assert not stored
            continue
        if hasattr(value, "_repr_html_"):
            # Unlike the plain form of a frame, this one does not depend on the width of a window.
            assert "".join(stored[0]["text/html"]) == value._repr_html_()
        else:
            assert "".join(stored[0]["text/plain"]) == repr(value)
        compared += 1
    assert compared >= 5
    images = [
        o for cell, _ in executed for o in cell["outputs"] if "image/png" in o.get("data", {})
    ]
    assert len(images) == 2


def test_the_files_of_a_real_evaluation_come_back_the_same(executed, tmp_path):
    evaluation = next(value for _, value in executed if hasattr(value, "segments"))
    evaluation.to_csv(tmp_path / "out.csv")
    evaluation.to_json(tmp_path / "out.json")
    loaded = read_csv(tmp_path / "out.csv")
    texts = [c for c in loaded.columns if not pd.api.types.is_numeric_dtype(loaded[c])]
    expected = evaluation.segments.astype({c: loaded[c].dtype for c in texts})
    pd.testing.assert_frame_equal(loaded, expected, check_exact=True)
    scores = json.loads((tmp_path / "out.json").read_text("utf-8"))["scores"]
    corpus = evaluation.systems.set_index("system")
    assert [s["score"] for s in scores] == [corpus.loc[s["system"], s["metric"]] for s in scores]
