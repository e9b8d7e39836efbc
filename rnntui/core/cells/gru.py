"""The gated recurrent unit, as `torch.nn.GRU` computes it."""

from torch import Tensor, sigmoid, tanh

from rnntui.core.weights import Weights


def gru(x: Tensor, h: Tensor, W: Weights) -> Tensor:
    """One GRU step (Cho et al. 2014), torch's convention: reset after the product, z = 1 keeps; gate order r, z, n."""
    r = sigmoid(W.ir @ x + W.b_ir + W.hr @ h + W.b_hr)  # reset gate
    z = sigmoid(W.iz @ x + W.b_iz + W.hz @ h + W.b_hz)  # update gate
    n = tanh(W.in_ @ x + W.b_in + r * (W.hn @ h + W.b_hn))  # candidate
    h = (1 - z) * n + z * h  # hidden state
    return h


DIAGRAM = """
h{t_prev}●━━━┳━━━━━{h:×}{h:━━━━━━━━━━━━━━━━━━━━━━━━━━━}{h:+}{h:━━━●} h{t}
{h_prev}    ┃     {z:┃}                           {h:┃}     {h}
        ┃     {z:┣━━━━━━━━━━━}{h:[1−z]}{h:━━━━━━━━━━━}{h:×}
        ┃     {z:┃}                           {n:┃}
        ┃    {z:[σ]}       {r:[σ]}{r:━━━━━━━}{n:×}{n:━━━━━━}{n:[tanh]}
        ┃ {z:z }{z}    {r:r }{r}     {n:[W_hn]}  {n:n }{n}
        ┗━━━━━╋━━━━━━━━━╋━━━━━━━━┛        ┃
x{t_x}●━━━━━━━━━┻━━━━━━━━━┻━━━━━━━━━━━━━━━━━┛  {x}
"""

SENTENCE = (
    "Unit {unit}: the update gate keeps {z:.0%} of h and takes {1 - z:.0%} of the candidate {n:+.2f}: "
    "h goes from {h_prev:+.2f} to {h:+.2f}. The reset gate let {r:.0%} of the past into that candidate.\n"
    "Unit {unit}: the update gate keeps {z:.0%} of h and takes {1 - z:.0%} of the candidate {n:+.2f}: "
    "h goes from {h_prev:+.2f} to {h:+.2f}.\n"
    "Unit {unit}: z keeps {z:.0%}, takes {1 - z:.0%} of n = {n:+.2f}: h goes from {h_prev:+.2f} to {h:+.2f}."
)
