import numpy as np
import pytest
import torch

from rnntui import lab
from rnntui.core.lockstep import difference
from rnntui.core.provenance import parse_ref, why
from rnntui.core.worked import numbers
from rnntui.scene import Scene, parse

TEXT = "hello world"


def changed(scene):
    touched = lab.trace(scene)
    return difference(touched, lab.untouched(parse(touched.scene)))


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("sizes", [{}, {"layers": 2}, {"layers": 2, "bidirectional": True}])
@pytest.mark.parametrize("text", [TEXT, TEXT * 25])
def test_a_clamp_that_changes_nothing_differs_by_exactly_zero(cell, sizes, text):
    scene = Scene(text=text, cell=cell, dtype="float64", **sizes)
    value = float(lab.trace(scene).passes[0].values["h"][4, 2])
    once = lab.trace(Scene(text=text, cell=cell, dtype="float64", set=f"h[2]@5={value!r}", **sizes))
    value = float(lab.untouched(parse(once.scene)).passes[0].values["h"][4, 2])
    found = changed(Scene(text=text, cell=cell, dtype="float64", set=f"h[2]@5={value!r}", **sizes))
    assert all(not values.any() for one in found.passes for values in one.values.values())


def test_a_held_gate_is_what_torch_computes_with_it():
    trace = lab.trace(Scene(text=TEXT, dtype="float64", set="f=1;i[3]@2=0"))
    one = trace.passes[0]
    c = torch.zeros(8, dtype=torch.float64).numpy()
    for row in range(trace.steps):
        i = one.values["i"][row]
        assert (one.values["f"][row] == 1).all()
        assert i[3] == 0 or row != 1
        c = c + i * one.values["g"][row]
        assert np.allclose(one.values["c"][row], c, atol=1e-12)
        assert np.allclose(one.values["h"][row], one.values["o"][row] * np.tanh(c), atol=1e-12)


def test_a_setting_reaches_later_steps_and_never_earlier_ones():
    found = changed(Scene(text=TEXT, layers=2, set="h[3]@5=0.9")).passes
    for one in found:
        assert not any(values[:4].any() for values in one.values.values())
        assert one.values["h"][5:].any()
    lower, upper = found
    assert (lower.values["h"][4] != 0).sum() == 1
    assert (upper.values["h"][4] != 0).sum() > 1


def test_a_setting_of_the_backward_lane_reaches_the_steps_it_reads_later():
    found = changed(Scene(text=TEXT, bidirectional=True, set="reverse.c[1]@5=2"))
    forward, backward = found.passes
    assert not any(values.any() for values in forward.values.values())
    assert not any(values[5:].any() for values in backward.values.values())
    assert backward.values["h"][:4].any()


def test_the_initial_state_and_a_weight_are_what_torch_makes_of_them():
    scene = Scene(text=TEXT, cell="gru", dtype="float64", set="h@0=0.5;h[1]@0=-1;weight_hh_l0[5,2]=0.3")
    trace = lab.trace(scene)
    parameters = lab.parameters(Scene(text=TEXT, cell="gru", dtype="float64"))
    gru = torch.nn.GRU(trace.inputs.size, 8, dtype=torch.float64)
    gru.load_state_dict({name: torch.tensor(values) for name, values in parameters.items()})
    h0 = torch.full((1, 8), 0.5, dtype=torch.float64)
    with torch.no_grad():
        gru.weight_hh_l0[5, 2], h0[0, 1] = 0.3, -1
        expected = gru(torch.tensor(np.stack(list(trace.inputs.rows()))), h0)[0]
    assert np.abs(expected.numpy() - trace.output).max() < 1e-12
    assert trace.passes[0].initial["h"].tolist() == [0.5, -1, *[0.5] * 6]
    weights = trace.passes[0].weights["hr"]
    assert weights[5, 2] == 0.3


def test_an_explanation_says_what_was_set_and_computes_the_rest_from_it():
    trace = lab.trace(Scene(text=TEXT, set="f[2]=1;h[0]@0=0.5"))
    held = why(trace, parse_ref("f[2]", 3))
    assert (held.value, held.parts) == (1.0, ())
    assert "set by hand (f[2]=1)" in held.note
    start = why(trace, parse_ref("h[0]", 0))
    assert (start.value, start.note) == (0.5, "set by hand (h[0]@0=0.5), so its equation was not asked")
    after = why(trace, parse_ref("c[2]", 3))
    assert sum(part.value for part in after.parts) == pytest.approx(after.value, abs=1e-5)


def test_numbers_put_in_say_what_was_set_and_what_a_difference_is():
    scene = Scene(text=TEXT, set="f[2]=1")
    trace = lab.trace(scene)
    assert numbers(trace, 0, "forward", 3, 2)["f"].chain == ("1 by hand",)
    assert numbers(trace, 0, "forward", 3, 1)["f"].chain[0].startswith("σ(")
    plain = lab.untouched(scene)
    f = float(plain.passes[0].values["f"][2, 2])
    chain = numbers(difference(trace, plain), 0, "forward", 3, 2)["f"].chain
    assert chain == (f"1 − {f:.2f}", f"{1 - f:.2f}")


def test_a_text_of_ten_thousand_characters_is_touched_from_the_step_on_and_equal_before():
    text = "the quick brown fox " * 100
    touched = lab.trace(Scene(text=text, set="f@1990=1"))
    plain = lab.trace(Scene(text=text))
    assert (touched.passes[0].values["h"][:1989] == plain.passes[0].values["h"][:1989]).all()
    assert (touched.passes[0].values["h"][1989:] != plain.passes[0].values["h"][1989:]).any()
