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


DIAGRAM = """
h{t_prev}●━━━┳━━━━━{h:×}{h:━━━━━━━━━━━━━━━━━━━━━━━━━━━}{h:+}{h:━━━●} h{t}
{h_prev}    ┃     {z:┃}                           {h:┃}     {h}
        ┃     {z:┣━━━━━━━━━━━}{h:[1−z]}{h:━━━━━━━━━━━}{h:×}
        ┃     {z:┃}                           {n:┃}
        ┃    {z:[σ]}      {r:[σ]}{r:━━━}{n:×}{n:━━}{n:[W_hn]}{n:━━━}{n:[tanh]}
        ┃ {z:z }{z}   {r:r }{r}   {n:┃}          {n:n }{n}
        ┗━━━━━╋━━━━━━━━╋━━━━┛             ┃
x{t_x}●━━━━━━━━━┻━━━━━━━━┻━━━━━━━━━━━━━━━━━━┛  {x}
"""

SENTENCE = (
    "Unit {unit}: the update gate keeps {z:.0%} of h and takes {1 - z:.0%} of the candidate {n:+.2f}: "
    "h goes from {h_prev:+.2f} to {h:+.2f}. The reset gate showed {r:.0%} of its old h to all candidates.\n"
    "Unit {unit}: the update gate keeps {z:.0%} of h and takes {1 - z:.0%} of the candidate {n:+.2f}: "
    "h goes from {h_prev:+.2f} to {h:+.2f}.\n"
    "Unit {unit}: z keeps {z:.0%}, takes {1 - z:.0%} of n = {n:+.2f}: h goes from {h_prev:+.2f} to {h:+.2f}."
)
