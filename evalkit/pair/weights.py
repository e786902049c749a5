"""The numbers of the aligner, in one place.

They were chosen by random search on every second document of the news test of 2021. ``python benchmarks/choose_weights.py``
searches on the news test of 2018, which no row of docs/alignment.md reports: what it found best there (quality 0.61, unseen 870,
unseen_alike 0.73, threshold 0.19) was better without a bridge in 2021, and up to half a point worse with one, so with a bridge the
numbers stayed.
"""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.pair.beads import Bead

# What a bead of these sizes costs beyond a 1-1, against grouping for its own sake.
PENALTIES: dict[Bead, float] = {
    (1, 1): 0.0,
    (1, 2): 0.14,
    (2, 1): 0.14,
    (2, 2): 0.25,
    (1, 3): 0.22,
    (3, 1): 0.22,
    (1, 4): 0.32,
    (4, 1): 0.32,
    (2, 3): 0.36,
    (3, 2): 0.36,
    (3, 3): 0.46,
    (1, 5): 0.43,
    (5, 1): 0.43,
}


@dataclass(frozen=True)
class Weights:
    """What a bead gains, and how sure of it the aligner is.

    gain = size ** grouping * ((similarity / quality) ** bend - threshold - length * distance)
        - penalty - cut * (number of the bead's ends that are inside a sentence)

    where size is the mean number of sentences of the sides, distance the squared logarithm of the ratio
    of lengths, at most ``farthest``. The similarity is that of the spans with some text added to both
    that is ``unseen_alike`` times as alike as a usual pair: two words that differ prove little,
    and would else be left out or grouped with their neighbours.

    claim: what a 1-1 bead loses, relative to ``quality``, by as much more of one of its sentences as is in a neighbour of
        the other than in that other: more than ``slack`` of its bag. Chosen on the news test of 2018: 0.3 points of F1.
    unseen: how much text that is, as the squared length of its bags: 20 for a 3-gram or word, so about
        16 of them a side.
    quality: the similarity of a usual good pair as long as nothing of the text is known. prior_pairs: how many pairs
        of the text this guess is worth.
    prior_sentences: sentences of the language as a whole that the rarity of a feature is measured in besides the
        text. rarity_power: keeps names from deciding alone.
    sharpness: how much likelier a path is for a gain of 1 more, so that confidence is what it says.
    """

    threshold: float = 0.2
    bend: float = 0.6
    length: float = 0.65
    farthest: float = 0.8
    grouping: float = 0.5
    cut: float = 0.5
    claim: float = 0.5
    slack: float = 0.2
    unseen: float = 640.0
    unseen_alike: float = 0.69
    quality: float = 0.5
    prior_pairs: float = 8.0
    prior_sentences: float = 1000.0
    rarity_power: float = 0.8
    sharpness: float = 10.0


@dataclass(frozen=True)
class Calibration:
    """How sure a pair is: logistic(base + posterior * log-odds of its posterior + evidence * what it shares).

    What it shares is Dice's coefficient of its sides, as a share of ``enough`` (at most 1); what is missing of that, its
    neighbours lend to a short pair: exp(-(squared length of its shorter bag / short)^2) of their mean. In the news test of
    2018, of the pairs with next to nothing in common beside good ones, those below 250 were nearly all right, those above
    nearly all wrong. A pair is never surer than ``nothing`` + what it shares, or where names alone can be shared
    (``names_alone``), what its neighbours share.

    Fitted (logistic regression) on 1,500 sentences of the news test of 2018 in documents of 1 to 40, disturbed as
    benchmarks/alignment.py does it, with the built-in model, a strong translation or none as the bridge; and on as many
    documents whose two sides are of different ones, weighed so that one document in five is such. `benchmarks/calibrate.py`.
    """

    base: float
    posterior: float
    evidence: float
    enough: float
    short: float = 250.0
    nothing: float = 0.6
    names_alone: bool = False


SURE_WITH_BRIDGE = Calibration(base=-8.3, posterior=1.95, evidence=9.0, enough=0.2)
# Without a translation names are all that can be shared, and most right pairs have none: sharing more says nothing beyond the
# posterior (the fit would have it speak against a pair, -0.87). But of pairs that share nothing, beside others that share
# nothing, 43% were right where every second document was of two texts.
SURE_WITHOUT_BRIDGE = Calibration(
    base=0.3, posterior=1.7, evidence=0.0, enough=0.1, nothing=0.43, names_alone=True
)

WITH_BRIDGE = Weights()
# Without a translation only names and numbers can be alike, so lengths have more to say.
# What was found best on the news test of 2018: a point of F1 there, and 0.6 to 0.8 in 2021.
WITHOUT_BRIDGE = Weights(
    length=1.5,
    farthest=2.0,
    quality=0.2,
    claim=0.0,
    threshold=0.19,
    unseen=870.0,
    unseen_alike=0.73,
)
