"""How far the gradient comes: the sentence, the curves and their legend."""

import re

import pytest

from rnntui.paint import curve, highway, legend, series
from rnntui.paint.magnitude import said
from rnntui.paint.palette import palette
from rnntui.paint.passing import stop
from rnntui.scene import Cursor
from tests.paint.flows import FOX, INK, study


def test_the_forget_bias_opens_the_highway_through_c():
    closed, opened = study(FOX), study(FOX + ",init=forget-bias%3D3")
    for record in (closed, opened):
        assert stop(record, Cursor(t=9)).through("c") == "h"
    half_lives = [series.own(record).half_life for record in (closed, opened)]
    assert half_lives[0] < 2
    assert half_lives[1] is None or half_lives[1] > 8
    assert "press f three times" in highway.sentences(closed)[0].lower()
    assert "With a forget bias of 3" in highway.sentences(opened)[0]
    assert "press f" not in highway.sentences(opened)[0].lower()
    both = study(FOX + ",init=orthogonal%2Cforget-bias%3D3")
    assert highway.sentences(both)[0].startswith("With init orthogonal,forget-bias=3 the LSTM's")


def test_the_sentence_has_the_numbers_of_the_curves():
    record = study(FOX)
    first = highway.sentences(record)[0]
    for one in record.curves:
        assert f"every {one.half_life:.1f}" in first, one.cell
    assert f"the gate alone: every {series.own(record).gate_half_life:.1f}" in first
    lengths = [len(text) for text in highway.sentences(record)]
    assert lengths[0] == max(lengths)
    assert lengths[-1] == min(lengths)


def test_the_sentence_of_a_cell_without_a_gate_of_truncation_and_of_one_step():
    assert "No gate keeps it" in highway.sentences(study(FOX.replace("lstm", "rnn")))[0]
    assert "Truncation after 5 steps drops" in highway.sentences(study(FOX + ",truncate=5"))[0]
    assert "Truncation after 1 step drops" in highway.sentences(study(FOX + ",truncate=1"))[0]
    assert "Truncation" not in highway.sentences(study(FOX + ",truncate=50"))[0]
    assert "one step only" in highway.sentences(study("gradients:cell=rnn,text=a,hidden=1"))[0]


@pytest.mark.parametrize(("loss", "steps"), [("mean", 19), ("lm", 18)])
@pytest.mark.parametrize("cell", ["lstm", "rnn"])
def test_of_a_loss_at_several_steps_the_sentence_tells_sizes_and_no_pace(cell, loss, steps):
    record = study(f"{FOX.replace('lstm', cell)},loss={loss}")
    one = series.own(record)
    first, end = (said(float(one.log_norms[one.memory][row])) for row in (0, steps - 1))
    sentence = highway.sentences(record)[0]
    assert f"gradient is {end} at t = {steps} and {first} at t = 1" in sentence
    assert f"The loss {loss} adds to it at {steps} steps, which hides how fast it fades" in sentence
    for words in ("a step", "Press f", "A clip", "No gate"):
        assert words not in sentence
    text = curve.paint(record, Cursor(t=9), 120, 22, INK).text()
    assert ("how they change" in text) == (one.gate is not None)


def test_the_curves_are_told_apart_without_colour_and_told_under_the_cursor():
    record, plain = study(FOX), palette("dark", "none")
    text = curve.paint(record, Cursor(t=9), 78, 22, plain).text()
    names = [one.name for one in series.series(record, plain)]
    assert names == ["rnn h", "lstm c", "lstm h", "gru h"]
    marks = {one.mark for one in series.series(record, plain)}
    assert len(marks) == 4
    for one in series.series(record, plain):
        assert re.search(f"{one.name} {one.mark}", text)
        assert re.search(f"{one.mark} {one.name} +{said(float(one.curve.log_norms[one.state][8]))}\\b", text)
        assert text.count(one.mark) >= 4
    assert "f alone" in text
    assert "1e−6" in text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("text=a,hidden=3,cell=lstm", "the LSTM's memory gradient is 0.94, and there is one step only."),
        ("text=ab,hidden=3,cell=rnn-relu,length=4,loss=token:1", "the RNN (relu)'s gradient is 1.7 at t = 1, else 0."),
    ],
)
def test_a_gradient_at_one_step_has_no_pace_and_one_mark(line, words):
    record = study(f"gradients:{line}")
    assert words in highway.sentences(record)[0]
    assert "'s ," not in highway.sentences(record)[0]
    drawn = curve.paint(record, record.clamp(Cursor(t=1)), 76, 18, INK).text().split("└")[0]
    mark = series.series(record, INK)[0].mark
    assert 1 <= sum(line.count(mark) for line in drawn.splitlines()) <= 2  # at the line's name, and on it


@pytest.mark.parametrize(
    ("line", "width", "said"),
    [
        (FOX + ",set=f=1", 78, "rnn, gru: nothing set by hand"),
        ("gradients:cell=rnn,text=hello,hidden=2,set=h@3=1", 78, "lstm, gru: nothing set by hand"),
        (FOX + ",init=forget-bias%3D3", 78, "rnn: forget-bias=3 left out"),
        (FOX + ",init=forget-bias%3D3", 160, "rnn: forget-bias=3 left out: rnn has no gate that keeps"),
    ],
)
def test_what_is_left_out_is_said_once_for_all_other_cells_where_it_is(line, width, said):
    for height in (7, 16):
        lines = legend.paint(study(line), Cursor(t=1), width, height, INK).text().splitlines()
        assert len([one for one in lines if said in one]) == 1
        assert not any("…" in one for one in lines)


def test_a_legend_without_room_for_what_is_left_out_keeps_every_line():
    text = legend.paint(study("gradients:cell=rnn,text=hello,hidden=2,set=h@3=1"), Cursor(t=1), 78, 3, INK).text()
    assert all(name in text for name in ("rnn h", "lstm c", "lstm h", "gru h", "how they change"))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_what_truncation_drops_is_told_in_eighty_columns_too(cell):
    record = study(f"gradients:cell={cell},text=the%20cat%20sat%20on%20the%20mat,truncate=12")
    text = highway.paint(record, Cursor(t=1), 78, 1, INK).text()
    assert text.startswith("Truncation drops 0.0")
    assert "of the gradient. " in text
    assert text.rstrip().endswith("steps.")
