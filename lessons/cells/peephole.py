"""The LSTM whose gates look at the cell state."""

from torch import sigmoid, tanh


def peephole(x, h, c, W):
    """One step of an LSTM with peepholes (Gers & Schmidhuber 2000; in vectors: Graves 2013)."""
    i = sigmoid(W.xi @ x + W.hi @ h + W.p_i * c + W.b_i)  # input gate
    f = sigmoid(W.xf @ x + W.hf @ h + W.p_f * c + W.b_f)  # forget gate
    g = tanh(W.xc @ x + W.hc @ h + W.b_c)  # candidate
    c = f * c + i * g  # cell state
    o = sigmoid(W.xo @ x + W.ho @ h + W.p_o * c + W.b_o)  # output gate
    h = o * tanh(c)  # hidden state
    return h, c
