"""The long short-term memory cell, as `torch.nn.LSTM` computes it."""

from torch import Tensor, sigmoid, tanh

from rnntui.core.weights import Weights


def lstm(x: Tensor, h: Tensor, c: Tensor, W: Weights) -> tuple[Tensor, Tensor]:
    """One LSTM step (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000); torch's gate order: i, f, g, o."""
    i = sigmoid(W.ii @ x + W.b_ii + W.hi @ h + W.b_hi)  # input gate
    f = sigmoid(W.if_ @ x + W.b_if + W.hf @ h + W.b_hf)  # forget gate
    g = tanh(W.ig @ x + W.b_ig + W.hg @ h + W.b_hg)  # candidate
    o = sigmoid(W.io @ x + W.b_io + W.ho @ h + W.b_ho)  # output gate
    c = f * c + i * g  # cell state
    h = o * tanh(c)  # hidden state
    return h, c


DIAGRAM = """
c{t_prev}●━━━━━━━━{c:×}{c:━━━━━━━━━━━━━━}{c:+}{c:━━━━━━━━━━━━━━┳━━●} c{t}
{c_prev}         {f:┃}              {c:┃}              {c:┃}    {c}
             {f:┃}       {i:┏━━━━━━}{c:×}            {h:tanh}
             {f:┃}       {i:┃}      {g:┃}       {o:┏━━━━━━}{h:×}{h:━┓}
            {f:[σ]}     {i:[σ]}   {g:[tanh]}   {o:[σ]}       {h:┃}
{h_prev}     {f:f }{f}  {i:i }{i}  {g:g }{g} {o:o }{o}       {h:┃}  {h}
h{t_prev}●━━━┳━━━━┻━━━━━━━┻━━━━━━┻━━━━━━━┛        {h:┗●} h{t}
x{t_x}●━━━┛ {x}
"""

SENTENCE = (
    "Unit {unit}: the forget gate keeps {f:.0%} of its memory, i ⊙ g writes {i * g:+.2f}: "
    "c goes from {c_prev:+.2f} to {c:+.2f}. The output gate shows {o:.0%} of tanh(c): h = {h:+.2f}.\n"
    "Unit {unit}: the forget gate keeps {f:.0%} of its memory, i ⊙ g writes {i * g:+.2f}: "
    "c goes from {c_prev:+.2f} to {c:+.2f}.\n"
    "Unit {unit}: f keeps {f:.0%}, i ⊙ g writes {i * g:+.2f}: c goes from {c_prev:+.2f} to {c:+.2f}."
)
