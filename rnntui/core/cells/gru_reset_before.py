"""The gated recurrent unit as its paper has it: the reset gate acts on h before the matrix product."""

from torch import Tensor, sigmoid, tanh

from rnntui.core.weights import Weights


def gru_reset_before(x: Tensor, h: Tensor, W: Weights) -> Tensor:
    """One GRU step (Cho et al. 2014, v3), the paper's convention: reset before the product, z = 1 keeps."""
    r = sigmoid(W.ir @ x + W.b_ir + W.hr @ h + W.b_hr)  # reset gate
    z = sigmoid(W.iz @ x + W.b_iz + W.hz @ h + W.b_hz)  # update gate
    n = tanh(W.in_ @ x + W.b_in + W.hn @ (r * h) + W.b_hn)  # candidate
    h = (1 - z) * n + z * h  # hidden state
    return h
