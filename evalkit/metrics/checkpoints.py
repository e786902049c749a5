"""The short names: well-known checkpoints that score translations, and what each is.

Licences, encoders and sizes are those of the model cards; sizes are of what is downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalkit.metrics.base import Metric
from evalkit.plan import Decoding

SOURCE = frozenset({"source"})
BOTH = frozenset({"source", "references"})


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint of the hub.

    family: "comet" or "metricx", the kind of metric that opens it.
    label: what reports call it. needs: of {"source", "references"}.
    gated: whether its licence must be accepted on its page first.
    qe: for a checkpoint that can do without references, that it is asked to.
    """

    family: str
    repository: str
    label: str
    licence: str
    parameters: str
    megabytes: int
    needs: frozenset[str]
    higher_is_better: bool
    note: str
    gated: bool = False
    qe: bool = False

    def described(self) -> dict[str, str]:
        """Labels and values for a reader."""
        return {
            "model": self.repository,
            "what": self.note,
            "needs": " and ".join(sorted(self.needs, reverse=True)),
            "better": "higher" if self.higher_is_better else "lower",
            "parameters": self.parameters,
            "download": f"about {self.megabytes:,} MB",
            "licence": self.licence
            + (", to be accepted on the model's page" if self.gated else ""),
        }


def open_checkpoint(name: str, argument: str, own_name: str, decoding: Decoding) -> Metric:
    """The metric of a short name, or of another checkpoint (``argument``) of its kind.

    Raises:
        ModelUnavailable: the checkpoint is neither here nor can it be fetched.
    """
    known = SHORT_NAMES[name]
    label = known.label
    if argument:
        # A whole path is too long for the head of a column; signatures say which model it is by its weights' hash.
        last = Path(argument).name
        label = f"{name}:{last}" if own_name == f"{name}:{argument}" and last else own_name
    if known.family == "comet":
        from evalkit.metrics.comet import Comet

        return Comet(argument or known.repository, name=own_name, label=label, decoding=decoding)
    from evalkit.metrics.metricx.metric import MetricX

    return MetricX(
        argument or known.repository, name=own_name, label=label, decoding=decoding, qe=known.qe
    )


def _comet(
    name: str,
    label: str,
    licence: str,
    parameters: str,
    megabytes: int,
    needs: frozenset[str],
    note: str,
    *,
    gated: bool = False,
) -> Checkpoint:
    repository = f"Unbabel/{name}"
    return Checkpoint(
        "comet", repository, label, licence, parameters, megabytes, needs, True, note, gated
    )


def _metricx(
    name: str, label: str, parameters: str, megabytes: int, note: str, *, qe: bool = False
) -> Checkpoint:
    repository = f"google/metricx-{name}"
    hybrid = "hybrid" in name
    needs = SOURCE if qe else BOTH if hybrid else frozenset({"references"})
    return Checkpoint(
        "metricx",
        repository,
        label,
        "Apache-2.0",
        parameters,
        megabytes,
        needs,
        False,
        note,
        qe=qe,
    )


SHORT_NAMES: dict[str, Checkpoint] = {
    "comet": _comet(
        "wmt22-comet-da",
        "COMET-22",
        "Apache-2.0",
        "581 M",
        2320,
        BOTH,
        "the usual COMET: source and reference, XLM-R large",
    ),
    "comet20": _comet(
        "wmt20-comet-da",
        "COMET-20",
        "Apache-2.0",
        "581 M",
        2320,
        BOTH,
        "the COMET of papers before 2022; its scores are z-scores, not 0 to 1",
    ),
    "comet20-qe": _comet(
        "wmt20-comet-qe-da",
        "COMET-QE-20",
        "Apache-2.0",
        "569 M",
        2280,
        SOURCE,
        "without a reference, free to use; its scores are z-scores, not 0 to 1",
    ),
    "unite": _comet(
        "wmt22-unite-da",
        "UniTE-22",
        "as its page says",
        "565 M",
        2260,
        SOURCE,
        "reads a reference where there is one; XLM-R large",
    ),
    "kiwi": _comet(
        "wmt22-cometkiwi-da",
        "CometKiwi-22",
        "CC-BY-NC-SA-4.0",
        "565 M",
        2260,
        SOURCE,
        "without a reference, InfoXLM large; not for commercial use",
        gated=True,
    ),
    "kiwi-xl": _comet(
        "wmt23-cometkiwi-da-xl",
        "CometKiwi-23-XL",
        "CC-BY-NC-SA-4.0",
        "3.5 B",
        13900,
        SOURCE,
        "without a reference, XLM-R XL; wants a GPU; not for commercial use",
        gated=True,
    ),
    "xcomet": _comet(
        "XCOMET-XL",
        "XCOMET-XL",
        "CC-BY-NC-SA-4.0",
        "3.5 B",
        13900,
        SOURCE,
        "marks error spans; reads a reference where there is one; wants a GPU; not for commercial use",
        gated=True,
    ),
    "xcomet-xxl": _comet(
        "XCOMET-XXL",
        "XCOMET-XXL",
        "CC-BY-NC-SA-4.0",
        "10.7 B",
        42900,
        SOURCE,
        "as xcomet, three times as large; wants a large GPU",
        gated=True,
    ),
    "metricx": _metricx(
        "24-hybrid-large-v2p6",
        "MetricX-24-Large",
        "1.2 B",
        4920,
        "source and reference; errors, 0 to 25",
    ),
    "metricx-qe": _metricx(
        "24-hybrid-large-v2p6",
        "MetricX-24-Large-QE",
        "1.2 B",
        4920,
        "the same checkpoint without a reference",
        qe=True,
    ),
    "metricx-xl": _metricx(
        "24-hybrid-xl-v2p6",
        "MetricX-24-XL",
        "3.7 B",
        14970,
        "source and reference; wants a GPU",
    ),
    "metricx-xl-qe": _metricx(
        "24-hybrid-xl-v2p6",
        "MetricX-24-XL-QE",
        "3.7 B",
        14970,
        "the same checkpoint without a reference",
        qe=True,
    ),
    "metricx-xxl": _metricx(
        "24-hybrid-xxl-v2p6",
        "MetricX-24-XXL",
        "13 B",
        51800,
        "the strongest of them; wants a large GPU",
    ),
    "metricx23": _metricx(
        "23-large-v2p0",
        "MetricX-23-Large",
        "1.2 B",
        4920,
        "the version before; reference alone",
    ),
    "metricx23-qe": _metricx(
        "23-qe-large-v2p0",
        "MetricX-23-Large-QE",
        "1.2 B",
        4920,
        "the version before; source alone",
        qe=True,
    ),
}
