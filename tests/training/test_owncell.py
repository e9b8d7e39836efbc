"""A cell of a learner's own in a training: read once from its file, kept with the run as equations, and never run."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnntui import lab
from rnntui.core import fence
from rnntui.errors import BadInput
from rnntui.models.sampler import Taste
from rnntui.training.checkpoints import newest
from rnntui.training.folder import CHECKPOINTS, SPEC
from rnntui.training.loop import resume, standing, train
from rnntui.training.opening import opened
from rnntui.training.owncell import adopted, changed
from rnntui.training.past import looked_back, neurons
from rnntui.training.record import Knobs
from rnntui.training.sampling import sample
from rnntui.training.spec import CharModelSpec
from tests.core.own.files import GOOD, MGU, PEEPHOLE, write
from tests.training.runs import last, same, tensors, until


def cell(body):
    """A function of x, h and W with these lines, the first of them in line 4."""
    return "def f(x, h, W):\n" + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.fixture
def alone(small):
    """A spec for a cell that need not have a gate that keeps."""
    return replace(small, init="orthogonal", layers=1, dropout=0.0)


@pytest.fixture
def own(alone, tmp_path):
    """A spec with a cell in a file of this test's own."""
    return replace(alone, cell=write(tmp_path, Path(MGU).read_text(encoding="utf-8"), "mgu.py"))


@pytest.mark.parametrize(("file", "layers", "embedding"), [(MGU, 1, 0), (PEEPHOLE, 2, 6)], ids=["mgu", "peephole"])
def test_it_learns_and_every_snapshot_is_complete(alone, tmp_path, file, layers, embedding):
    spec = adopted(replace(alone, cell=file, layers=layers, embedding=embedding, steps=40))
    first, *_, final = train(spec, tmp_path / "run")
    name = Path(file).stem
    assert first.notices == (
        f"{name}.py:{name} learns by its equations, step by step: an update takes 1.5 to 4 times as long as a gru's.",
    )
    assert final.finished
    assert final.val_loss < 0.9 * first.val_loss
    assert [next(iter(layer)) for layer in final.reading.layers] == [{"mgu": "f", "peephole": "i"}[name]] * layers
    assert len(final.sample.text) == 320
    assert len(final.update_ratios) == layers + 1 + bool(embedding)
    look = looked_back(tmp_path / "run", final.step, Knobs.of(spec))
    assert look.sample.text == final.sample.text
    assert np.array_equal(look.reading.chances, final.reading.chances)
    assert neurons(tmp_path / "run", final.step, "f").units.shape[1] == spec.hidden


def test_a_run_that_is_stopped_and_resumed_is_to_the_bit_the_one_that_never_stopped_whatever_became_of_the_file(
    own, tmp_path
):
    spec = adopted(own)
    assert spec.cell == f"{own.cell}:mgu"
    last(train(spec, tmp_path / "whole"))
    until(train(spec, tmp_path / "parts"), 17)
    write(tmp_path, "raise SystemExit\n", "mgu.py")
    said = ("mgu.py:mgu has changed since this run began, which goes on with the equations that it kept.",)
    assert standing(tmp_path / "parts").notices == said
    assert sample(tmp_path / "parts", "", 5, Taste(), 0).notices == said
    assert until(resume(tmp_path / "parts"), 40).notices == said
    Path(own.cell).unlink()
    final = last(resume(tmp_path / "parts"))
    assert (final.finished, final.notices) == (True, ())
    assert same(tensors(tmp_path / "whole"), tensors(tmp_path / "parts"))


def test_a_run_is_resumed_and_looked_at_without_running_a_file(own, tmp_path):
    ran = tmp_path / "ran"
    write(tmp_path, f"with open({str(ran)!r}, 'a') as s:\n    s.write('.')\n" + Path(own.cell).read_text(), "mgu.py")
    spec = adopted(own)
    assert ran.read_text() == "."
    until(train(spec, tmp_path / "run"), 20)
    last(resume(tmp_path / "run"))
    for activity in ("explore", "gradients"):
        scene = opened(tmp_path / "run", 60, activity, 3, tmp_path / "cache")
        (lab.trace if activity == "explore" else lab.gradients)(scene)
    assert ran.read_text() == "."


def test_its_weights_open_in_explore_and_gradients_as_they_were_trained(own, tmp_path):
    final = last(train(adopted(own), tmp_path / "run"))
    scene = opened(tmp_path / "run", final.step, "explore", 3, tmp_path / "cache")
    kept = Path(scene.weights).parent
    assert (kept.parent, scene.cell) == (tmp_path / "cache", f"{kept}/mgu.py:mgu")
    trace = lab.trace(scene)
    assert "".join(trace.tokens) == final.reading.text
    for symbol, values in final.reading.layers[0].items():
        np.testing.assert_allclose(trace.passes[0].values[symbol], values, atol=1e-6)
    assert trace.readout is not None
    study = lab.study(replace(scene, activity="gradients"), ("lstm", scene.cell))
    assert study.curves[1].cell == "mgu.py:mgu"
    write(tmp_path, GOOD, "mgu.py")
    stamp = (kept / "mgu.py").stat().st_mtime_ns
    assert lab.trace(opened(tmp_path / "run", final.step, "explore", 3, tmp_path / "cache")).cell == "mgu.py:mgu"
    assert (kept / "mgu.py").stat().st_mtime_ns == stamp


def test_a_run_with_more_than_equations_is_refused_and_nothing_of_it_is_run(own, tmp_path):
    ran, run = tmp_path / "ran", tmp_path / "run"
    until(train(adopted(own), run), 20)
    evil = f"import os\nopen({str(ran)!r}, 'w')\n" + Path(own.cell).read_text()
    sidecar = sorted((run / CHECKPOINTS).glob("*.json"))[-1]

    def forged(**fields):
        from rnntui.training import checkpoints

        found, _ = newest(run / CHECKPOINTS)
        checkpoints.save(run / CHECKPOINTS, replace(found, spec=replace(found.spec, **fields)))

    for equations, said in ((evil, "is more than equations"), ("", "were not kept")):
        forged(equations=equations)
        assert json.loads(sidecar.read_text())["spec"]["equations"] == equations
        for asked in (
            lambda: next(resume(run)),
            lambda: standing(run),
            lambda: sample(run, "", 5, Taste(), 0),
            lambda: looked_back(run, 20, Knobs.of(own)),
            lambda: neurons(run, 20, "h"),
            lambda: opened(run, 20, "explore", 0, tmp_path / "cache"),
        ):
            with pytest.raises(BadInput, match=said):
                asked()
    spec = CharModelSpec.from_json((run / SPEC).read_bytes())
    with pytest.raises(BadInput, match="is more than equations"):
        next(train(replace(spec, equations=evil)))
    with pytest.raises(BadInput, match="were not kept"):
        next(train(replace(spec, equations="")))
    assert not ran.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("for i in x:\n    pass\nreturn h", "own.py:4: `for i in x:` is no equation"),
        ("h = torch.outer(h, h)\nreturn h", "own.py:4: h has the shape (12, 12)"),
        ("h = torch.take(h, h)\nreturn h", "own.py:4: "),
        ("h = torch.rand_like(h) + W.a @ x\nreturn h", "own.py:4: h is another one each time"),
        (
            "h = torch.zeros_like(h)\nreturn h",
            "own.py:f cannot learn: no gradient flows back from h to x or to a weight",
        ),
        ("h = torch.sign(W.a @ x)\nreturn h", "own.py:f cannot learn: no gradient flows back"),
        ("a = torch.log(W.a @ x)\nh = tanh(a)\nreturn h", "own.py:4: a is not finite at step 1 already"),
        ("a = 9 + 1e30 * h\nh = a * a + W.a @ x\nreturn h", "own.py:5: h is not finite at step 2 already"),
        ("h = torch.sqrt(0 * (W.a @ x)) + h\nreturn h", "own.py:f cannot learn: its gradient is not finite"),
    ],
)
def test_what_cannot_learn_is_refused_in_one_sentence(alone, tmp_path, body, said):
    with pytest.raises(BadInput) as caught:
        adopted(replace(alone, cell=write(tmp_path, cell(body))))
    assert str(caught.value).startswith(said)


def test_a_file_that_is_not_there_is_said(alone):
    with pytest.raises(BadInput, match=r"There is no file '/missing/mgu\.py'"):
        adopted(replace(alone, cell="/missing/mgu.py"))


def test_a_file_that_hangs_is_stopped(alone, tmp_path, monkeypatch):
    monkeypatch.setattr(fence, "PATIENCE", 0.05)
    with pytest.raises(BadInput, match=r"own\.py:[34]: it was still running"):
        adopted(replace(alone, cell=write(tmp_path, "while True:\n    pass\n" + GOOD)))


def test_more_equations_than_memory_for_their_values_are_refused(alone, tmp_path):
    lines = [f"a{n} = tanh({f'a{n - 1}' if n else 'W.a @ x'})" for n in range(40)]
    spec = replace(alone, cell=write(tmp_path, cell("\n".join([*lines, "h = a39 + h", "return h"]))))
    assert adopted(spec).equations.count("\n") > 40
    with pytest.raises(BadInput, match="With 41 equations, 343,932,928 numbers would have to be kept"):
        adopted(replace(spec, batch=1024, sequence=1024, hidden=8))


def test_weights_without_a_gradient_are_named(alone, tmp_path):
    body = cell("a = torch.sign(W.a @ x)\nh = tanh(a + W.b @ h + W.c)\nreturn h")
    first = next(train(adopted(replace(alone, cell=write(tmp_path, body)))))
    assert first.notices[-1] == "In own.py:f no gradient reaches x, W.a, so W.a will stay as drawn."


def test_states_and_weights_may_have_any_name_also_that_which_torch_gives(alone, tmp_path):
    body = "def f(x, memory, W):\n    memory = tanh(W.weight_ih @ x + W.weight_hh @ memory)\n    return memory\n"
    spec = replace(alone, cell=write(tmp_path, body), layers=2, embedding=12, tied=True, steps=10)
    final = last(train(adopted(spec), tmp_path / "run"))
    assert final.reading.state == "memory"
    trace = lab.trace(opened(tmp_path / "run", 10, "explore", 0, tmp_path / "cache"))
    assert trace.states == ("memory",)
    np.testing.assert_allclose(trace.output, final.reading.layers[1]["memory"], atol=1e-6)
    assert trace.readout is not None


def test_a_cell_of_ours_is_adopted_as_it_is_and_never_changes(small):
    assert adopted(small) is small
    assert changed(small) == ()
