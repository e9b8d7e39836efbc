"""The minimal gated unit: a GRU with one gate that does the work of both."""

from torch import sigmoid, tanh


def mgu(x, h, W):
    """One step of a minimal gated unit (Zhou, Wu, Zhang & Zhou 2016): a GRU that makes do with one gate."""
    f = sigmoid(W.xf @ x + W.hf @ h + W.b_f)  # forget gate
    n = tanh(W.xn @ x + W.hn @ (f * h) + W.b_n)  # candidate
    h = (1 - f) * h + f * n  # hidden state
    return h
