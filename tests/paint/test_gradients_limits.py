"""What the painters of gradients say where numbers end, room is short, or the weights are not the default ones."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rnntui import lab
from rnntui.paint import backflow, clipping, curve, highway, series, spectra, walk, ways
from rnntui.paint.ascii import to_ascii
from rnntui.paint.magnitude import said, short, signed, ticks
from rnntui.scene import Cursor, parse
from tests.paint.flows import FOX, INK, PAINTERS, spectrum, study

OVERFLOW = "gradients:cell=rnn-relu,text=ab,length=400,hidden=8,init=spectral-radius%3D100"


def test_where_the_forward_pass_overflows_every_pane_says_so_and_no_number_is_invented():
    record = study(OVERFLOW)
    for cursor in (Cursor(t=401), Cursor(t=200), Cursor(t=1), Cursor(t=0)):
        for painter in PAINTERS:
            text = painter.paint(record, cursor, 100, 20, INK).text()
            assert "forward pass overflows at t = 168" in text, painter
            assert "nan" not in text
            assert "clip holds" not in text
    assert "◆" not in walk.paint(record, Cursor(t=200), 100, 5, INK).text()
    earlier = study(OVERFLOW + ",loss=token:60")
    assert "overflows" not in curve.paint(earlier, Cursor(t=9), 100, 20, INK).text()
    assert "grows 70.8 times a step" in highway.sentences(earlier)[0]


def test_a_gradient_that_overflows_by_itself_is_said_at_its_step():
    record = study(OVERFLOW + ",loss=token:60")
    curves = [replace(one, overflow=3) if one is series.own(record) else one for one in record.curves]
    record = replace(record, curves=tuple(curves))
    assert "gradient overflows at t = 3. Truncation or smaller weights hold it." in highway.sentences(record)[1]
    assert "overflows at t = 3" in curve.paint(record, Cursor(t=9), 100, 20, INK).text()


def test_a_gradient_below_float64_is_told_by_its_logarithm_and_long_numbers_keep_their_distance():
    record = study("gradients:cell=lstm,length=2000,hidden=2")
    size = said(float(record.gradients.top.log_norms["c"][9]))
    for painter in (walk, ways, backflow):
        assert f"‖∂L/∂c‖ is {size}" in painter.paint(record, Cursor(t=10), 100, 14, INK).text()
    assert re.search(r"through h \de−2\d\d  ", walk.paint(record, Cursor(t=900), 78, 5, INK).text())
    assert re.search(r" \de−2\d\d +halves", curve.paint(record, Cursor(t=900), 76, 20, INK).text())


def test_the_loss_is_explained_before_its_gradient_walks_back():
    for more, words in (("", "at t = 19: ∂L/∂h₁₉ 2.8"), (",loss=lm", "at 18 of 19 steps, the last one t = 18")):
        record = study(FOX + more)
        text = ways.paint(record, Cursor(t=20), 120, 10, INK).text()
        assert words in text
        assert f": {signed(record.gradients.loss_value).removeprefix('+')}." in text
        assert "← lets the gradient walk back" in text
        for width, height in ((39, 7), (30, 5), (46, 3)):  # what finds no room is left out, never cut
            low = ways.paint(record, Cursor(t=20), width, height, INK).text()
            assert "…" not in low
            assert "← lets the" in low


def test_what_is_set_by_hand_or_read_from_a_file_is_no_default_and_f_is_not_offered(tmp_path):
    held = highway.sentences(study(FOX + ",set=f%3D1"))
    assert held[0].startswith("With f=1 set by hand the LSTM's memory gradient")
    lab.save_weights(parse(FOX), tmp_path / "w.safetensors")
    read = highway.sentences(study(f"{FOX},weights={tmp_path}/w.safetensors"))
    assert read[0].startswith("With the weights of the file the LSTM's memory gradient halves every")
    for words in (held, read):
        assert not any("By default" in one or "Press f" in one or "RNN" in one for one in words)


@pytest.mark.parametrize(("bias", "pressed"), [(" + W.b_f", True), ("", False)])
@pytest.mark.parametrize(("update", "kept"), [("h * f + n", True), ("(1 - f) * h + f * n", False)])
def test_of_an_own_cell_nothing_is_said_of_a_gate_that_is_not_known_and_f_is_offered_where_it_does_something(
    tmp_path, bias, pressed, update, kept
):
    lines = f"f = sigmoid(W.f @ x{bias})", "n = tanh(W.n @ x + W.nh @ h)", f"h = {update}", "return h"
    file = tmp_path / "own.py"
    file.write_text("from torch import sigmoid, tanh\n\n\ndef f(x, h, W):\n    " + "\n    ".join(lines) + "\n")
    record = lab.study(parse(f"gradients:cell={file},text=hello%20world"), (str(file),))
    (first, *_) = highway.sentences(record)
    assert ("the gate alone: every" in first, "Press f" in first) == (kept, kept and pressed)
    assert "No gate" not in first


def test_with_several_lanes_the_curve_says_whose_it_is_and_the_walk_which_layer():
    record = study("gradients:cell=gru,text=hello,hidden=3,layers=2,bidirectional=yes,loss=mean,clip=value:0.01")
    assert curve.title(record, Cursor()).endswith("layer 1 · → forward")
    assert "layer 0 · walking back: t = 3 of 5" in walk.paint(record, Cursor(t=3), 78, 5, INK).text()
    assert "layer 1 above" in ways.paint(record, Cursor(t=3), 60, 14, INK).text()
    assert "layer 1 " in ways.paint(record, Cursor(t=3), 39, 14, INK).text()


def test_clipping_tells_of_the_parameters_of_the_cursors_lane_first():
    record = study("gradients:cell=gru,text=hello,hidden=3,layers=2,bidirectional=yes,loss=mean,clip=value:0.01")
    lines = clipping.paint(record, Cursor(layer=1, direction="backward", t=3), 60, 30, INK).text().splitlines()
    names = [line.split()[0] for line in lines if "weight_" in line or "bias_" in line]
    assert names[:2] == ["weight_ih_l1_reverse", "weight_hh_l1_reverse"]
    assert sorted(names) == sorted(one.name for one in record.gradients.weights)


@pytest.mark.parametrize("height", [4, 7, 10, 14])
def test_paths_that_find_no_room_are_counted_and_the_sums_stay(height):
    record = study(FOX)
    text = ways.paint(record, Cursor(t=17), 59, height, INK).text()
    assert text.count("= ∂L/∂") == 2
    assert ("weaker ones" in text) == (height < 9)
    assert "▸ via c₁₈" in text
    assert "unit 0" in text or height < 10


def test_the_gate_alone_begins_where_the_gradient_does():
    record = study(FOX + ",loss=lm")
    alone, memory = series.own(record).gate_alone, series.own(record).log_norms["c"]
    assert alone[17] == pytest.approx(memory[17])
    assert memory[18] == alone[18] == -np.inf
    text = curve.paint(record, Cursor(t=9), 78, 22, INK).text()
    assert re.search(rf"f alone +{re.escape(short(float(alone[8]), 8).strip())} ", text)


def test_an_axis_of_less_than_two_decades_has_numbers_between():
    assert [words for _, words in ticks(-1.6, -0.9, 4)] == ["5e−2", "1e−1"]
    assert [words for _, words in ticks(-0.2, 0.4, 4)] == ["1", "2"]
    assert [words for _, words in ticks(-4, 0, 9)] == ["1e−4", "1e−3", "1e−2", "1e−1", "1"]


def test_where_a_window_of_truncation_ends_no_arrow_crosses():
    record = study("gradients:cell=gru,text=hello%20you,hidden=3,loss=mean,bidirectional=yes,truncate=4")
    for direction, t in (("forward", 1), ("backward", 9)):
        lines = walk.paint(record, Cursor(direction=direction, t=t), 78, 6, INK).text().splitlines()
        chain = lines[0 if direction == "forward" else 2]
        links = re.findall("[◀▶━┄]+", chain)
        between = [link for link in links if len(link) == 2]
        assert [place for place, link in enumerate(between) if link == "┄┄"] == [0, 4]
    reading = walk.paint(record, Cursor(t=9, walk="forward"), 78, 6, INK).text()
    assert "┄" not in reading


def test_a_gate_that_keeps_next_to_nothing_is_not_said_to_halve_every_0_0_steps():
    faint, shut = (study(FOX + more) for more in (",init=forget-bias%3D-50", ",set=f%3D0"))
    assert "(the gate alone: every 0.01)" in highway.sentences(faint)[0]
    assert "(the gate alone: leaves nothing)" in highway.sentences(shut)[0]
    assert re.search("f alone +0 +leaves nothing", curve.paint(shut, Cursor(t=1), 78, 22, INK).text())


def test_a_gate_alone_is_not_drawn_as_0_where_what_it_would_keep_is_too_small_for_a_float64():
    record = study("gradients:cell=lstm,length=800,hidden=2,init=forget-bias%3D30")
    text = curve.paint(record, Cursor(t=1), 118, 22, INK).text()
    assert "alone" not in text + highway.sentences(record)[0]
    assert re.search(r"lstm c +\de−\d{3} +\w", text)


def test_a_norm_with_a_long_exponent_keeps_its_distance_to_what_follows():
    assert [short(ln, 8) for ln in (-490.3, -35281.0)] == ["1e−213", "e−15323"]


@pytest.mark.parametrize(
    ("limit", "words"), [("9", "No number is beyond ±9: it stays"), ("0.1", "Cut at ±0.1, it turns")]
)
def test_clipping_by_value_speaks_of_numbers_not_of_length(limit, words):
    text = clipping.paint(study(FOX + f",clip=value:{limit}"), Cursor(), 42, 14, INK).text()
    assert words in text
    assert "short enough" not in text
    assert ("°." in text) == (limit == "0.1")


@pytest.mark.parametrize("angle", [3.0, 45.0, 60.0])
def test_the_picture_of_clipping_by_value_has_the_angle_that_is_told_and_names_both_arrows(angle):
    record = study(FOX + ",clip=value:0.1")
    turned = replace(record.gradients, clipped=replace(record.gradients.clipped, angle=angle))
    lines = clipping.paint(replace(record, gradients=turned), Cursor(), 60, 14, INK).text().splitlines()[-4:]
    assert "before" in lines[-1]
    assert any(f"after, {angle:.0f}°" in line for line in lines)
    inked = [(x, 2 * y) for y, line in enumerate(lines) for x, sign in enumerate(line[:9]) if sign not in " \u2800"]
    if angle > 30:
        x, y = min(inked, key=lambda spot: (spot[1], -spot[0]))
        assert np.degrees(np.arctan2(6 - y, x - 1)) == pytest.approx(angle, abs=10)


def test_a_cell_with_a_gate_is_recommended_only_where_the_gradient_lasts_longer_in_one():
    plain, wide = (
        highway.sentences(study(FOX.replace("lstm", "rnn") + f",init={init}"))
        for init in ("torch", "spectral-radius%3D1.3")
    )
    assert plain[0].endswith("No gate keeps it: press c for a cell that has one.")
    assert wide[0].endswith("No gate keeps it.")


def test_a_product_of_steps_that_let_nothing_through_is_0_and_no_overflow():
    dead = FOX.replace("lstm", "rnn-relu").replace("hidden=8", "hidden=1") + ",init=zeros"
    text = spectra.paint(spectrum(dead), study(dead), Cursor(t=3), 78, 16, INK).text()
    assert "the product is 0, its bound 0" in text
    assert "0 everywhere" in text
    assert "no finite number" not in text


@pytest.mark.parametrize("height", [9, 16])
def test_the_names_beside_singular_values_stand_in_their_order_where_the_values_are_one(height):
    one = FOX.replace("hidden=8", "hidden=1").replace("lstm", "rnn")
    lines = spectra.paint(spectrum(one), study(one), Cursor(t=3), 78, height, INK).text().splitlines()
    places = [next(y for y, line in enumerate(lines) if name in line) for name in ("largest", "median", "smallest")]
    assert places == sorted(set(places))


@pytest.mark.parametrize("text", ["the%20quick%20brown", "the%20quick%20brown%20fox%20jumps%20over%20the%20lazy%20dog"])
def test_beside_tokens_that_leave_little_room_the_walk_still_says_which_layer(text):
    record = study(f"gradients:cell=gru,text={text},hidden=3,layers=2")
    for layer in (0, 1):
        for t in (1, 9, 15):
            assert re.search(rf" layer {layer}\b", walk.paint(record, Cursor(layer=layer, t=t), 78, 5, INK).text())


@pytest.mark.parametrize(("direction", "t", "after"), [("forward", 5, "₆"), ("backward", 1, "₀")])
def test_nothing_comes_to_the_last_step_read_through_a_step_that_is_not_there(direction, t, after):
    record = study("gradients:cell=lstm,text=hello,hidden=3,bidirectional=yes")
    text = ways.paint(record, Cursor(direction=direction, t=t), 59, 14, INK).text()
    assert after not in text
    assert "the loss" in text
    assert "via h" in text


def test_in_ascii_the_gradients_have_no_sign_that_is_a_question_mark():
    record = study("gradients:cell=gru,text=hello,hidden=3,layers=2,bidirectional=yes,loss=mean,clip=value:0.01")
    for cursor in (Cursor(t=3), Cursor(t=6), Cursor(t=0)):
        for painter in PAINTERS:
            assert "?" not in to_ascii(painter.paint(record, cursor, 118, 20, INK).text()), painter
    assert "?" not in to_ascii(spectra.paint(spectrum(FOX), study(FOX), Cursor(t=3), 78, 16, INK).text())


def test_the_heading_of_a_small_plot_leaves_out_a_range_that_it_would_cut():
    found = replace(spectrum(FOX), distances=spectrum(FOX).distances * 199)
    headings = [spectra.paint(found, study(FOX), Cursor(t=3), width, 16, INK).text() for width in (76, 90)]
    assert [("by distance 199…3,781" in text, "by distance\n" in text) for text in headings] == [
        (False, True),
        (True, False),
    ]
