"""The judge's own small network on top of what the translation model sees."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from evalkit.metrics.quality.backbone import Read

#: Numbers of a pair as a whole; see `_whole`.
WHOLE = 6


class BothWays(nn.Module):
    """A recurrent network from the left and one from the right end of each row, padding apart."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.onward = nn.GRU(size, size, batch_first=True)
        self.back = nn.GRU(size, size, batch_first=True)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(n, t, size) to (n, t, 2 size)."""
        places = torch.arange(x.shape[1])[None]
        turned = (mask.sum(1, keepdim=True) - 1 - places).where(mask, places)
        index = turned[..., None].expand_as(x)
        back = self.back(x.gather(1, index))[0].gather(1, index)
        return torch.cat([self.onward(x)[0], back], -1)


class Head(nn.Module):
    """Quality of a translation and of each of its pieces.

    Each piece of the translation comes with the source that the model looks at for it, each piece of
    the source with how much it was looked at. Two recurrent networks read the two sides. A piece is
    judged in view of the whole sentence.
    """

    def __init__(self, width: int, looks: int, size: int) -> None:
        super().__init__()
        self.size, small = size, size // 2
        self.target_in = nn.Linear(4 * width, size)
        self.target_numbers = nn.Linear(8 + looks, size)
        self.source_in = nn.Linear(2 * width, small)
        self.source_numbers = nn.Linear(3 + 2 * looks, small)
        self.target_rnn, self.source_rnn = BothWays(size), BothWays(small)
        self.target_weight, self.source_weight = nn.Linear(2 * size, 1), nn.Linear(size, 1)
        self.mix = nn.Linear(6 * size + 3 * size + WHOLE, size)
        self.score = nn.Linear(size, 1)
        self.tags_in = nn.Linear(3 * size, size)
        self.word, self.gap = nn.Linear(size, 1), nn.Linear(size, 1)

    def forward(self, x: dict[str, Tensor], drop: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
        """(n,) z-scores, (n, t) logits of BAD for each piece and for the gap before it."""
        target = torch.tanh(self.target_in(x["target"]) + self.target_numbers(x["target_numbers"]))
        source = torch.tanh(self.source_in(x["source"]) + self.source_numbers(x["source_numbers"]))
        target = self.target_rnn(_dropped(target, drop, self.training), x["target_mask"])
        source = self.source_rnn(_dropped(source, drop, self.training), x["source_mask"])
        pooled = [
            *_pooled(target, x["target_mask"], self.target_weight(target)),
            *_pooled(source, x["source_mask"], self.source_weight(source)),
            x["whole"],
        ]
        mixed = torch.tanh(self.mix(_dropped(torch.cat(pooled, -1), drop, self.training)))
        whole = mixed[:, None].expand(-1, target.shape[1], -1)
        tags = _dropped(torch.cat([target, whole], -1), drop, self.training)
        tags = _dropped(torch.tanh(self.tags_in(tags)), drop, self.training)
        score = self.score(_dropped(mixed, drop, self.training))[:, 0]
        return score, self.word(tags)[..., 0], self.gap(tags)[..., 0]


def features(read: Read) -> dict[str, Tensor]:
    """What the head gets of a batch; see `Head`."""
    scale = read.target.shape[-1] ** 0.5
    looks = read.looks.flatten(1, 2)
    guided = read.looks[:, -1, 0] * read.target_mask[..., None]
    memory = torch.cat([read.source, read.source_embedding * scale], -1)
    seen = guided @ memory
    own = torch.cat([read.target, read.target_embedding * scale], -1)
    like = F.normalize(read.target_embedding, dim=-1) @ F.normalize(
        read.source_embedding, dim=-1
    ).transpose(1, 2)
    like = like.masked_fill(~read.source_mask[:, None], -1).masked_fill(
        ~read.target_mask[..., None], -1
    )
    best, most = like.max(2).values, looks.max(-1).values
    spread = -(guided * guided.clamp(min=1e-9).log()).sum(-1)
    there = F.cosine_similarity(read.target_embedding, guided @ read.source_embedding, dim=-1)
    real = read.target_mask[..., None].float()
    numbers = [read.numbers / 4, best[..., None], spread[..., None], there[..., None]]
    numbers += [(read.numbers[..., :1] <= -11.9).float(), most.transpose(1, 2)]
    covered = (looks * real[:, None]).transpose(2, 3)
    lost = (guided * read.numbers[..., :1]).sum(1) / guided.sum(1).clamp(min=0.1)
    source_numbers = [
        like.max(1).values[..., None],
        lost[..., None] / 4,
        guided.argmax(1).float()[..., None] / read.target_mask.sum(1).float()[:, None, None],
        torch.log1p(covered.sum(-1)).transpose(1, 2),
        covered.max(-1).values.transpose(1, 2),
    ]
    return {
        "target": torch.cat([own, seen], -1),
        "target_numbers": torch.cat(numbers, -1),
        "target_mask": read.target_mask,
        "source": memory,
        "source_numbers": torch.cat(source_numbers, -1),
        "source_mask": read.source_mask,
        "whole": _whole(read),
    }


def _whole(read: Read) -> Tensor:
    """(n, 6): log-probability of the end here, beside the best; mean of all; source not looked at; lengths."""
    last = read.target_mask.sum(1) - 1
    end = read.numbers[torch.arange(len(last)), last]
    real = read.target_mask.float()
    mean = (read.numbers[..., 0] * real).sum(1) / real.sum(1)
    source = read.source_mask.float()
    count = source.sum(1)
    away = [
        ((look.max(1).values < 0.2).float() * source).sum(1) / count
        for look in (
            (read.looks[:, -1, 0] * real[..., None]),
            read.looks.mean((1, 2)) * real[..., None],
        )
    ]
    lengths = torch.log(real.sum(1) / count)
    return torch.stack([end[:, 0] / 4, end[:, 2] / 4, mean / 4, *away, lengths], -1)


def _dropped(x: Tensor, share: float, training: bool) -> Tensor:
    return F.dropout(x, share, training) if share else x


def _pooled(x: Tensor, mask: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean, greatest and weighed mean over the pieces there are."""
    real = mask[..., None]
    mean = (x * real).sum(1) / real.sum(1)
    share = weight.masked_fill(~real, -1e9).softmax(1)
    return mean, x.masked_fill(~real, -9.0).max(1).values, (share * x).sum(1)
