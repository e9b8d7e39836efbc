"""The vanilla recurrent cell with a rectifier, as `torch.nn.RNN(nonlinearity="relu")` computes it."""

from torch import Tensor, relu

from rnntui.core.weights import Weights


def rnn_relu(x: Tensor, h: Tensor, W: Weights) -> Tensor:
    """One vanilla RNN step with a rectifier (Le, Jaitly & Hinton 2015), in torch's convention: two biases."""
    h = relu(W.ih @ x + W.b_ih + W.hh @ h + W.b_hh)  # hidden state
    return h


DIAGRAM = """
h{t_prev}●━━━━━{h:[W_hh]}━━━━━━━┓
{h_prev}                   ┃
        b_ih + b_hh ━━━{h:+}{h:━━━━━}{h:[ReLU]}{h:━━━━━━━━━●} h{t}
                       ┃                      {h}
x{t_x}●━━━━━{h:[W_ih]}━━━━━━━┛
{x}
"""

SENTENCE = (
    "Unit {unit}: {input} brings {W.ih @ x:+.2f}, the old state {W.hh @ h_prev:+.2f}, "
    "the biases {W.b_ih + W.b_hh:+.2f}: ReLU cuts the sum at 0: h goes from {h_prev:+.2f} to {h:+.2f}.\n"
    "Unit {unit}: x brings {W.ih @ x:+.2f}, old h {W.hh @ h_prev:+.2f}: h goes from {h_prev:+.2f} to {h:+.2f}."
)
