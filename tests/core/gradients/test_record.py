"""The lab's gradients of a scene: clipping, truncation, saliency, random tokens, vanishing, overflow, refusals."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from rnntui import lab
from rnntui.core.modules import KINDS
from rnntui.errors import BadInput
from rnntui.scene import Scene

TEXT = "hello world"


def torchs(scene):
    """torch's own module with the scene's parameters, and its input, (T, 1, D)."""
    trace = lab.trace(scene)
    stored = {name: torch.tensor(values).double() for name, values in lab.parameters(scene).items()}
    made = KINDS[scene.cell](
        trace.inputs.size, scene.hidden, scene.layers, bidirectional=scene.bidirectional, dtype=torch.float64
    )
    made.load_state_dict(stored)
    rows = np.stack([trace.inputs.at(row) for row in range(trace.steps)])
    return made, torch.tensor(rows)[:, None].requires_grad_()


@pytest.mark.parametrize("tokens", ["onehot", "random"])
@pytest.mark.parametrize("clip", ["0.5", "1000", "value:0.1"])
@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_clipping_and_saliency_are_torchs(cell, clip, tokens):
    scene = Scene(
        cell=cell, text=TEXT, layers=2, bidirectional=True, clip=clip, inputs=tokens, unit=3, direction="backward"
    )
    found = lab.gradients(scene)
    module, x = torchs(scene)
    output, _ = module(x)
    (picked,) = torch.autograd.grad(output[-1, 0, 8 + 3], x, retain_graph=True)
    assert (found.saliency.t, found.saliency.unit) == (11, 11)
    np.testing.assert_allclose(found.saliency.gradients, picked[:, 0], atol=1e-12)
    (output[-1, 0, :8].sum() + output[0, 0, 8:].sum()).backward()
    before = [p.grad.clone() for p in module.parameters()]
    if clip.startswith("value"):
        torch.nn.utils.clip_grad_value_(module.parameters(), 0.1)
    else:
        torch.nn.utils.clip_grad_norm_(module.parameters(), float(clip))
    after = [p.grad for p in module.parameters()]
    one, other = (torch.cat([g.flatten() for g in some]) for some in (before, after))
    clipped = found.clipped
    assert clipped.before == pytest.approx(one.norm().item(), rel=1e-9)
    assert clipped.after == pytest.approx(other.norm().item(), rel=1e-5)  # torch adds 1e-6 to the norm
    assert clipped.limit == float(clip.removeprefix("value:"))
    cosine = torch.nn.functional.cosine_similarity(one, other, dim=0).clamp(-1, 1)
    assert clipped.angle == pytest.approx(np.degrees(np.arccos(cosine.item())), abs=1e-4)
    assert list(clipped.parts) == [one.name for one in found.weights]
    for (name, _), was, now in zip(module.named_parameters(), before, after, strict=True):
        assert clipped.parts[name] == pytest.approx((was.norm().item(), now.norm().item()), rel=1e-5)


def test_truncation_says_what_it_reaches_and_what_it_drops():
    scene = Scene(text=TEXT, truncate=4)
    whole, found = lab.gradients(replace(scene, truncate=0)), lab.gradients(scene)
    assert whole.reached.all()
    assert whole.dropped == 0
    assert found.reached.tolist() == [False] * 7 + [True] * 4
    assert 0 < found.dropped < 1
    assert np.array_equal(found.top.total["h"][7:], whole.top.total["h"][7:])
    assert not found.top.total["h"][:7].any()
    assert not found.top.initial("h").any()
    mean = lab.gradients(replace(scene, loss="mean", every=2))
    assert mean.reached.all()
    assert mean.dropped < lab.gradients(replace(scene, loss="mean", every=4)).dropped
    two_ways = lab.gradients(replace(scene, bidirectional=True))
    assert two_ways.reached.tolist() == [True] * 3 + [False] * 4 + [True] * 4


def test_truncation_longer_than_the_text_changes_nothing_and_says_so():
    scene = Scene(text=TEXT, loss="mean", truncate=50, every=2)
    whole, found = lab.gradients(replace(scene, truncate=0, every=0)), lab.gradients(scene)
    assert found.notices == ("Truncation after 50 steps changes nothing: the text has only 11.",)
    assert found.dropped < 1e-15
    for one, other in zip(whole.weights, found.weights, strict=True):
        assert one.norm == pytest.approx(other.norm)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "gru-reset-before"])
def test_a_gradient_that_vanishes_keeps_a_logarithm_that_agrees_with_the_norm_where_there_is_one(cell):
    """Two units forget fast: after 3000 steps the gradient is far below what a float64 holds."""
    scene = Scene(cell=cell, length=3000, hidden=2)
    found = lab.gradients(scene)
    logs = found.top.log_norms["h"]
    assert np.isfinite(logs).all()
    assert logs[0] < -745
    assert found.top.norms("h")[0] == 0
    plain = np.linalg.norm(found.top.total["h"][-100:], axis=1)
    np.testing.assert_allclose(np.exp(logs[-100:]), plain, rtol=1e-12)
    slope = np.diff(logs)
    assert (np.abs(slope) < 20).all()  # no jump where it was renormalised
    assert found.overflow is None


def test_an_exploding_walk_back_is_followed_beyond_a_float64():
    """The states stay tame, pushed down by their biases, and the gradient grows sixfold with each step back."""
    from rnntui.core.gradients.backprop import linearised
    from rnntui.core.gradients.windows import Windows
    from rnntui.core.sequence import Dense
    from tests.core.gradients.oracle import network

    made, parameters, _ = network("rnn-relu", hidden=1, size=1)
    steps = 600
    for name, value in (("weight_hh_l0", 6.0), ("weight_ih_l0", -5.0), ("bias_ih_l0", 0.0), ("bias_hh_l0", 0.0)):
        parameters[name].fill_(value)
    x = Dense(torch.ones(steps, 1, dtype=torch.float64))
    values = {"h": torch.ones(steps, 1, dtype=torch.float64)}  # 6 · 1 - 5 = 1: a fixed point
    net = linearised(made, parameters, x, [values])
    seed = np.zeros((steps, 1, 1))
    seed[0] = 1
    found = net.back(seed, Windows.whole(steps))[0].arrived().gradients()
    expected = np.log(6) * np.arange(steps)[::-1]
    np.testing.assert_allclose(found.log_norms["h"], expected, rtol=1e-12)
    assert np.isinf(found.total["h"][0]).all()
    assert np.isfinite(found.total["h"][-390:]).all()


def test_a_forward_pass_that_overflows_is_said_at_its_step():
    found = lab.gradients(Scene(cell="rnn-relu", length=2000, init="spectral-radius=3", clip="1"))
    h = found.trace.passes[0].values["h"]
    assert np.isfinite(h[: found.lost - 1]).all()
    assert not np.isfinite(h[found.lost - 1]).all()
    assert found.notices[0].startswith(f"The forward pass overflows at t = {found.lost}")
    assert (found.top.log_norms["h"] == np.inf).all()
    assert found.overflow is None
    earlier = lab.gradients(Scene(cell="rnn-relu", length=2000, init="spectral-radius=3", loss="token:9"))
    assert np.isfinite(earlier.top.log_norms["h"][:9]).all()
    assert np.isfinite(earlier.loss_value)
    assert (earlier.lost, earlier.overflow) == (None, None)


def test_spread_losses_are_not_disturbed_by_renormalising():
    """The mean's gradient is that of the plain recursion, far back too, where one token's alone is long gone."""
    scene = Scene(cell="rnn", length=1500, hidden=2, loss="mean", layers=2)
    found = lab.gradients(scene)
    module, x = torchs(scene)
    output, _ = module(x)
    output.mean().backward()
    for one in found.weights:
        theirs = module.get_parameter(one.name).grad
        assert one.norm == pytest.approx(theirs.norm().item(), rel=1e-9)
        assert one.shares.sum() == pytest.approx(1)


def test_random_tokens_come_from_the_text_or_the_alphabet_by_the_seed_alone():
    first = lab.trace(Scene(text="hello", length=50))
    assert set(first.tokens) == set("helo")
    assert first.inputs.size == 4
    assert first.tokens == lab.trace(Scene(text="hello", length=50, cell="gru", hidden=2)).tokens
    assert first.tokens[:20] == lab.trace(Scene(text="hello", length=20)).tokens
    assert first.tokens != lab.trace(Scene(text="hello", length=50, seed=1)).tokens
    letters = lab.trace(Scene(length=200))
    assert (len(letters.tokens), letters.inputs.size) == (200, 26)
    words = lab.trace(Scene(text="to be or not to be", tokens="word", length=9))
    assert set(words.tokens) <= {"to", "be", "or", "not"}
    assert set(lab.trace(Scene(text="1,0.5", tokens="number", length=9)).tokens) == {"1", "0.5"}


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (Scene(text="abc", loss="token:4"), "the last one is token:3"),
        (Scene(text="a", loss="lm"), "give at least two"),
        (Scene(text="1,2", tokens="number", loss="lm"), "numbers have none"),
        (Scene(tokens="number", length=5), "no numbers to draw from"),
        (Scene(length=100_000, hidden=64), "more than 16,777,216"),
        (Scene(length=20_000, truncate=10_000, every=1), "further apart"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(scene, said):
    with pytest.raises(BadInput, match=said):
        lab.gradients(scene)


def test_a_backward_lane_that_has_read_the_answer_and_a_gradient_of_nothing_are_said():
    notices = lab.gradients(Scene(text="abc", loss="lm", bidirectional=True)).notices
    assert notices == (
        "The loss lm with two directions is no test: the backward lane has already read the next token.",
    )
    nothing = lab.gradients(Scene(cell="rnn-relu", text="abc", init="zeros"))
    assert nothing.notices == ("The loss last does not depend on any parameter here: the gradient of every one is 0.",)


def test_a_loss_that_depends_on_no_parameter_may_still_have_a_gradient_by_the_states():
    found = lab.gradients(Scene(cell="gru", text="abcdef", loss="token:3", init="forget-bias=100"))
    assert found.top.norms("h")[0] == pytest.approx(8**0.5)
    assert "every gradient" not in found.notices[0]


def test_curves_of_several_cells_leave_out_what_does_not_fit_and_say_so():
    scene = Scene(text=TEXT, init="orthogonal,forget-bias=3")
    study = lab.study(scene, ("rnn", "lstm", "gru"))
    rnn, lstm, gru = study.curves
    assert rnn.note == "forget-bias=3 left out: rnn has no gate that keeps"
    assert (rnn.gate, rnn.gate_alone, rnn.gate_half_life) == (None, None, None)
    assert (lstm.cell, lstm.memory, lstm.gate, lstm.note) == ("lstm", "c", "f", "")
    assert lstm.log_norms is study.gradients.top.log_norms
    logs = lstm.log_norms["c"]
    assert lstm.rate == pytest.approx((logs[0] - logs[-1]) / 10)
    f, g = study.gradients.trace.passes[0].values["f"], study.gradients.top.total["c"]
    alone = [np.linalg.norm(g[-1] * f[t + 1 :].prod(axis=0)) for t in range(11)]
    np.testing.assert_allclose(np.exp(lstm.gate_alone), alone, rtol=1e-12)
    assert lstm.gate_half_life == pytest.approx(np.log(2) * 10 / np.log(alone[-1] / alone[0]))
    alone = lab.study(replace(scene, cell="gru"), ("gru",)).curves[0]
    np.testing.assert_allclose(gru.log_norms["h"], alone.log_norms["h"])
    assert rnn.half_life == pytest.approx(-np.log(2) / rnn.rate)


@pytest.mark.parametrize(("loss", "steps"), [("mean", 11), ("lm", 10)])
def test_a_gradient_to_which_the_loss_adds_at_several_steps_has_no_pace_but_the_gate_alone_has(loss, steps):
    last, several = (lab.study(Scene(text=TEXT, loss=one), ("lstm", "rnn")) for one in ("last", loss))
    for one in several.curves:
        assert (one.added_at, one.rate, one.half_life) == (steps, None, None)
    assert [one.added_at for one in last.curves] == [1, 1]
    assert several.curves[0].gate_half_life == pytest.approx(last.curves[0].gate_half_life, rel=0.2)


def test_curves_of_other_cells_are_drawn_by_the_seed_where_the_weights_are_a_file(tmp_path):
    scene = Scene(text=TEXT)
    lab.save_weights(scene, tmp_path / "w.safetensors")
    study = lab.study(replace(scene, weights=str(tmp_path / "w.safetensors")), ("lstm", "rnn"))
    assert study.curves[0].note == ""
    assert study.curves[1].note == "drawn by the seed: the weights file is for lstm"


def test_curves_of_other_cells_are_drawn_without_what_is_set_by_hand_for_the_scenes_own():
    lstm, gru = lab.study(Scene(text=TEXT, set="f=1;weight_hh_l0[0,0]=3"), ("lstm", "gru")).curves
    assert (lstm.note, gru.note) == ("", "nothing set by hand")
    np.testing.assert_array_equal(gru.log_norms["h"], lab.study(Scene(text=TEXT), ("gru",)).curves[0].log_norms["h"])


@pytest.mark.parametrize("factor", [1e200, 1e-200])
def test_the_norm_of_a_saliency_is_a_number_where_its_square_is_none(factor):
    found = lab.gradients(Scene(cell="gru", text="abc", hidden=2)).saliency
    np.testing.assert_allclose(replace(found, gradients=found.gradients * factor).norms, found.norms * factor)


def test_too_many_numbers_are_refused_with_what_makes_them_many():
    with pytest.raises(BadInput, match=r"Going back 1,000 steps 5,000 times would be [\d,]+ numbers, more than"):
        lab.gradients(Scene(text="ab", length=5000, truncate=1000, every=1))
    with pytest.raises(BadInput, match=r"x 6 symbols x 1 pass\), more than"):
        lab.gradients(Scene(text="ab", length=100_000, hidden=32))
