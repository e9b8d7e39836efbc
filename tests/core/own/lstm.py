"""torch's LSTM, its equations copied into a file of one's own."""

from torch import sigmoid, tanh


def lstm(x, h, c, W):
    """One LSTM step, as in rnntui/core/cells/lstm.py."""
    i = sigmoid(W.ii @ x + W.b_ii + W.hi @ h + W.b_hi)  # input gate
    f = sigmoid(W.if_ @ x + W.b_if + W.hf @ h + W.b_hf)  # forget gate
    g = tanh(W.ig @ x + W.b_ig + W.hg @ h + W.b_hg)  # candidate
    o = sigmoid(W.io @ x + W.b_io + W.ho @ h + W.b_ho)  # output gate
    c = f * c + i * g  # cell state
    h = o * tanh(c)  # hidden state
    return h, c
