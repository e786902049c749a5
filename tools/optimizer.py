"""Muon for the matrices of the layers, Adam for the rest, over gradients in one flat buffer."""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor, nn


def fast_in_bfloat16(device: str) -> bool:
    """Whether a device calculates in bfloat16; a CPU without AVX-512 imitates it, a hundred times slower than float32."""
    return not device.startswith("cpu") or "AVX512" in torch.backends.cpu.get_cpu_capability()


def orthogonal(stack: Tensor, rounds: int = 4) -> Tensor:
    """Matrices (count, rows <= columns, ...) near the closest orthogonal ones, by Newton-Schulz."""
    x = stack.bfloat16() if fast_in_bfloat16(stack.device.type) else stack.clone()
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(rounds):
        square = x @ x.mT
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.float()


class Muon:
    """Momentum made orthogonal (Jordan 2024). Of several processes each does its share of the matrices."""

    def __init__(
        self, matrices: list[nn.Parameter], rank: int = 0, world: int = 1, momentum: float = 0.95
    ) -> None:
        self.matrices, self.rank, self.world, self.momentum = matrices, rank, world, momentum
        self.moving = [torch.zeros_like(m) for m in matrices]
        self.updates = torch.zeros(sum(m.numel() for m in matrices), device=matrices[0].device)
        sizes = [m.numel() for m in matrices]
        self.parts = [
            part.view_as(m) for part, m in zip(self.updates.split(sizes), matrices, strict=True)
        ]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """One update of every matrix."""
        groups: dict[tuple[int, int], list[int]] = {}
        for i, matrix in enumerate(self.matrices):
            self.moving[i].mul_(self.momentum).add_(matrix.grad)
            groups.setdefault((min(matrix.shape), max(matrix.shape)), []).append(i)
        self.updates.zero_()
        for group in groups.values():
            self.share(group[self.rank :: self.world])
        if self.world > 1:
            dist.all_reduce(self.updates)
        for matrix, update in zip(self.matrices, self.parts, strict=True):
            matrix.sub_(update, alpha=rate * max(1.0, matrix.shape[0] / matrix.shape[1]) ** 0.5)

    def share(self, group: list[int]) -> None:
        """Compute the updates of matrices that have one shape, or that shape turned."""
        aims = [self.matrices[i].grad.add(self.moving[i], alpha=self.momentum) for i in group]
        wide = torch.stack([aim.T if aim.shape[0] > aim.shape[1] else aim for aim in aims])
        for i, aim, update in zip(group, aims, orthogonal(wide), strict=True):
            self.parts[i].copy_(update.T if aim.shape[0] > aim.shape[1] else update)


def flatten_gradients(parameters: list[nn.Parameter], extra: int) -> Tensor:
    """One buffer that holds all gradients, each parameter's `.grad` a view of it, and `extra` numbers more."""
    buffer = parameters[0].new_zeros(sum(p.numel() for p in parameters) + extra)
    start = 0
    for p in parameters:
        p.grad = buffer[start : start + p.numel()].view_as(p)
        start += p.numel()
    return buffer
