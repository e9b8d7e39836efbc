"""Backpropagation through time by hand, for the two cells whose loop in torch is not fused on a CPU.

Each forward keeps its gates, so the way back has nothing to compute twice; all gradients of the weights come from one
product over all steps at the end. `gradcheck` holds them to numerical derivatives. x's part of every pre-activation is
computed before, for all steps at once, because it does not depend on h.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


class _Vanilla(torch.autograd.Function):
    """hₜ = tanh(aₜ + U hₜ₋₁) or max(0, ·), and its derivative."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, U: Tensor, h: Tensor, relu: bool) -> Tensor:
        by_column, before = U.t(), h
        for out in a.unbind(0):  # in its place each pre-activation becomes the state
            before = out.addmm_(before, by_column)
            _ = before.relu_() if relu else before.tanh_()
        ctx.mark_dirty(a)
        ctx.save_for_backward(U, h, a)
        ctx.relu = relu
        return a

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, arriving: Tensor) -> tuple[Tensor | None, ...]:
        U, first, states = ctx.saved_tensors
        through, one = torch.empty_like(first), U.new_ones(())
        slopes = (states > 0).to(states.dtype) if ctx.relu else torch.addcmul(one, states, states, value=-1)  # 1 - h²
        sums = slopes  # (T, B, H): in its place each slope becomes ∂L/∂(a + U h)
        grads, total = arriving.unbind(0), arriving[-1]  # ∂L/∂h, what comes back from the step after with it
        for grad, out in zip(grads[-2::-1], sums.unbind(0)[:0:-1], strict=True):
            out.mul_(total)
            total = torch.addmm(grad, out, U, out=through)
        sums[0].mul_(total)
        of_U = torch.addmm(sums[0].t() @ first, sums[1:].flatten(0, 1).t(), states[:-1].flatten(0, 1))
        return sums, of_U, sums[0] @ U, None


class _Gated(torch.autograd.Function):
    """The GRU's h, from a = W x + b_i of all three gates r, z, n, and its derivative."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, U: Tensor, b: Tensor, h: Tensor) -> Tensor:
        hidden = h.shape[1]
        shape = (len(a), *h.shape)
        states, resets, updates, candidates, recalled = (a.new_empty(shape) for _ in range(5))  # (T, B, H)
        by_column, before = U.t(), h
        rows = (one.unbind(0) for one in (a, states, resets, updates, candidates, recalled))
        for a_t, out, r, z, n, q in zip(*rows, strict=True):
            u = torch.addmm(b, before, by_column)  # (B, 3H)
            gates = u[:, : 2 * hidden].add_(a_t[:, : 2 * hidden]).sigmoid_()
            r.copy_(gates[:, :hidden])
            z.copy_(gates[:, hidden:])
            q.copy_(u[:, 2 * hidden :])
            torch.addcmul(a_t[:, 2 * hidden :], r, q, out=n).tanh_()
            before = torch.lerp(n, before, z, out=out)
        ctx.save_for_backward(U, h, states, resets, updates, candidates, recalled)
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, arriving: Tensor) -> tuple[Tensor, ...]:
        U, first, states, r, z, n, q = ctx.saved_tensors
        hidden = first.shape[1]
        before = torch.cat([first[None], states[:-1]])
        of_n = (1 - z).mul_(1 - n * n)  # ∂h/∂(what tanh reads)
        of_z = (before - n).mul_(z).mul_(1 - z)  # ∂h/∂(what z's σ reads)
        of_r = of_n * q * r * (1 - r)
        of_q = of_n * r
        slopes = torch.stack([of_r, of_z, of_q], 2)  # (T, B, 3, H)
        sums = torch.empty_like(slopes)  # ∂L/∂(U h + b)
        totals = torch.empty_like(states)  # ∂L/∂h
        through = torch.zeros_like(first)
        rows = (one.unbind(0)[::-1] for one in (arriving, slopes, z, sums, totals))
        for grad, slope, keep, out, total in zip(*rows, strict=True):
            torch.add(through, grad, out=total)
            torch.mul(total[:, None], slope, out=out)
            through = torch.addmm(total * keep, out.flatten(1), U)
        of_a = torch.cat([sums[:, :, :2].flatten(2), totals * of_n], 2)
        flat = sums.view(-1, 3 * hidden)
        return of_a, flat.t() @ before.flatten(0, 1), flat.sum(0), through


def vanilla(a: Tensor, U: Tensor, h: Tensor, relu: bool = False) -> Tensor:
    """Every state of a vanilla RNN, (T, B, H), from a = W x + b_i + b_h, (T, B, H), U, (H, H), and h₀, (B, H).

    The states are written over `a`, which saves copies. (Elman 1990; with max(0, ·) for tanh: Le, Jaitly & Hinton
    2015.)
    """
    return cast("Tensor", _Vanilla.apply(a, U, h, relu))  # type: ignore[no-untyped-call]


def gru(a: Tensor, U: Tensor, b: Tensor, h: Tensor) -> Tensor:
    """Every state of a GRU in torch's convention, (T, B, H), from a = W x + b_i, (T, B, 3H), U, (3H, H), b_h and h₀.

    (Cho et al. 2014.)
    """
    return cast("Tensor", _Gated.apply(a, U, b, h))  # type: ignore[no-untyped-call]
