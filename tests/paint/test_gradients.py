"""The painters of gradients: what they write are the record's numbers, and they fit where they are put."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnntui import lab
from rnntui.paint import backflow, clipping, curve, gradient_sheet, highway, legend, series, shares, spectra, walk, ways
from rnntui.paint.magnitude import brief, said, signed
from rnntui.paint.palette import palette
from rnntui.paint.passing import ln_norm, stop
from rnntui.scene import Cursor, cell_names, parse
from tests.paint.flows import CELLS, FOX, spectrum, study

INK = palette()
OWN = Path(__file__).parents[2] / "lessons/cells/mgu.py:mgu"
SCENES = [
    FOX,
    FOX + ",init=forget-bias%3D3,clip=1",
    "gradients:cell=gru,text=hello,hidden=3,layers=2,bidirectional=yes,loss=mean,clip=value:0.01",
    "gradients:cell=rnn,text=a,hidden=1",
    "gradients:cell=rnn-relu,text=abcab,length=60,hidden=4,init=spectral-radius%3D3,truncate=20",
    "gradients:cell=gru-reset-before,text=the%20river%20bank,tokens=word,hidden=2,loss=token:2",
    "gradients:cell=lstm,text=%5B/x%5D%1B%5D52%3Bc%07%20%E6%BC%A2,hidden=2,loss=lm",
]
PAINTERS = [walk, curve, backflow, ways, clipping, shares, highway]


def cursors(record):
    lanes = [(one.layer, one.direction) for one in record.gradients.passes]
    for layer, direction in lanes:
        for t in sorted({0, 1, record.trace.steps, record.trace.steps + 1}):
            yield record.clamp(Cursor(layer=layer, direction=direction, t=t))
        yield record.clamp(Cursor(layer=layer, direction=direction, t=1, walk="forward"))


@pytest.mark.parametrize("line", SCENES)
def test_every_painter_fits_at_every_size_and_place(line):
    record = study(line)
    sizes = [(1, 1), (20, 4), (38, 9), (78, 16), (118, 5)]
    for cursor in cursors(record):
        for width, height in sizes:
            for painter in PAINTERS:
                painting = painter.paint(record, cursor, width, height, INK)
                lines = painting.lines
                assert len(lines) <= height or painter is curve, (painter, width, height)
                assert all(sum(one.cell_length for one in line) <= width for line in lines), (painter, width, height)
                assert "\x1b" not in painting.text()
                assert all(hit.right <= width for hit in painting.hits)


@pytest.mark.parametrize("line", SCENES)
def test_a_click_on_any_spot_gives_a_cursor_that_stands_in_the_record(line):
    record = study(line)
    for cursor in cursors(record):
        for painter in (walk, curve, shares):
            for hit in painter.paint(record, cursor, 78, 16, INK).hits:
                assert record.clamp(replace(cursor, **hit.move)).t == hit.move["t"] or cursor.walk == "forward"


def test_the_walk_tells_what_arrives_what_is_local_and_what_is_passed_on():
    record = study(FOX)
    one, text = record.gradients.top, walk.paint(record, Cursor(t=17, unit=2), 160, 5, INK).text()
    arrives = one.paths[next(path for path in one.paths if path.state == "c" and path.carried)]
    assert f"∂L/∂c₁₇ {said(float(one.log_norms['c'][16]))}" in text
    assert f"arrives from t = 18: {said(ln_norm(arrives[16]))}" in text
    assert f"passes on to t = 16: {said(ln_norm(arrives[15]))}" in text
    assert f"= {signed(float(one.total['c'][16, 2]))}" in text


@pytest.mark.parametrize("line", SCENES)
def test_what_arrives_and_what_is_local_sum_to_the_gradient_and_are_what_was_passed_on(line):
    record = study(line)
    for cursor in cursors(record):
        here = stop(record, cursor)
        if here is None:
            continue
        for state in record.trace.states:
            within = here.within(state)
            parts = here.arrives(state) + here.local(state) + (0 if within is None else within)
            np.testing.assert_allclose(parts, here.total(state), rtol=1e-9, atol=1e-12)
            ahead = stop(record, replace(cursor, t=cursor.t + (1 if cursor.direction == "forward" else -1)))
            if ahead is not None:
                np.testing.assert_array_equal(here.arrives(state), ahead.passes_on(state))


def test_arrows_stand_where_the_walk_has_been_and_beyond_truncation_are_dots():
    record = study(FOX + ",truncate=5")
    at = {t: walk.paint(record, record.clamp(Cursor(t=t)), 118, 5, INK).text().splitlines()[0] for t in (20, 17, 3)}
    assert at[20].count("◀") == 0
    assert at[17].count("◀") == 3
    assert at[17].count("·") == at[3].count("·") == 14
    assert at[3].count("◀") == 5
    assert "beyond the truncation" in walk.paint(record, Cursor(t=3), 118, 5, INK).text()
    reading = walk.paint(record, Cursor(t=3, walk="forward"), 118, 5, INK).text()
    assert reading.splitlines()[0].count("▶") == 3
    assert "3 of 19 read" in reading


def test_in_both_directions_the_gradient_flows_against_the_reading():
    record = study("gradients:cell=rnn,text=hello,hidden=2,bidirectional=yes")
    for direction, t in (("forward", 4), ("backward", 2)):
        lines = walk.paint(record, record.clamp(Cursor(direction=direction, t=t)), 78, 5, INK).text().splitlines()
        assert lines[0].count("◀") == 2
        assert lines[2].count("▶") == 2
        assert lines[2].lstrip(" ←").startswith("loss")


@pytest.mark.parametrize("cell", cell_names())
def test_the_paths_of_every_cell_are_named_and_the_strongest_is_marked_and_lit(cell):
    record = study(FOX.replace("lstm", cell))
    cursor = Cursor(t=9, unit=2)
    here = stop(record, cursor)
    text = ways.paint(record, cursor, 60, 14, INK).text()
    for state in record.trace.states:
        for path, part in here.paths(state):
            shown = next(line for line in text.splitlines() if re.search(f"via {path.via}[₁₀₉]+", line))
            assert said(ln_norm(part)) in shown or signed(float(part[2])) in text
    assert text.count("▸") == 1
    drawing = backflow.paint(record, cursor, 70, 14, INK)
    strongest = max(here.exits(), key=lambda one: ln_norm(one[1]))[0]
    for symbol in record.trace.symbols:
        assert brief(ln_norm(here.one.total[symbol][8])).strip() in drawing.text()
    assert f"back to {strongest.state}₈ through {strongest.via}₉, " in drawing.text()
    lit = [one for line in drawing.lines for one in line if one.style in (INK.lit, INK.cursor)]
    assert lit


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_cell_without_a_drawing_has_boxes_that_say_what_goes_back_through_each(direction):
    record = study(f"gradients:cell={OWN},text=hello,hidden=3,bidirectional=yes,loss=mean")
    index, cursor = ("ₜ₋₁" if direction == "forward" else "ₜ₊₁"), Cursor(t=3, direction=direction)
    here = stop(record, cursor)
    columns, lines = backflow.wanted(record.trace)
    assert len(here.exits()) == 3
    for height in (lines, 5):  # boxes, and a line a symbol where there is no room for them
        text = backflow.paint(record, cursor, columns, height, INK).text()
        assert ("╭ n ─" in text) == (height == lines)
        for path, part in here.exits():
            assert f"{path.state}{index} {brief(ln_norm(part)).strip()}" in text
        for symbol in record.trace.symbols:
            assert brief(ln_norm(here.one.total[symbol][2])).strip() in text
    before = "₂" if direction == "forward" else "₄"
    assert f"Strongest: back to h{before} through h₃, " in backflow.paint(record, cursor, columns, lines, INK).text()


@pytest.mark.parametrize(("direction", "t", "first"), [("forward", 0, "₁"), ("backward", 6, "₅")])
def test_the_paths_to_the_initial_state_are_told_apart(direction, t, first):
    record = study("gradients:cell=lstm,text=hello,hidden=3,bidirectional=yes,loss=mean")
    cursor = record.clamp(Cursor(t=t, direction=direction))
    one = record.gradients.of(0, direction)
    assert {(path.state, path.via) for path in one.start} == {("c", "c"), *(("h", gate) for gate in "ifgo")}
    text = ways.paint(record, cursor, 70, 14, INK).text()
    for path, part in one.start.items():
        shown = next(line for line in text.splitlines() if f"via {path.via}{first}" in line)
        assert said(ln_norm(part)) in shown
        assert signed(float(part[0])) in shown
    assert said(ln_norm(one.initial("h"))) in text
    near = replace(cursor, t=1 if direction == "forward" else 5)
    assert "Strongest: back to " in backflow.paint(record, near, 70, 14, INK).text()


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


def test_clipping_shows_before_and_after_and_turns_only_by_value():
    off, norm, value = (study(FOX + more) for more in ("", ",clip=1", ",clip=value:0.1"))
    assert "off" in clipping.title(off, Cursor())
    clipped = norm.gradients.clipped
    text = clipping.paint(norm, Cursor(), 60, 12, INK).text()
    assert re.search(f"before ━+▶ {said(np.log(clipped.before))}", text)
    assert re.search(f"after  ━+▶ {said(np.log(clipped.after))}", text)
    assert "direction is the same" in text
    assert f"turns by {value.gradients.clipped.angle:.0f}°" in clipping.paint(value, Cursor(), 60, 14, INK).text()


def test_the_spectrum_tells_radius_singular_values_and_the_bound():
    found, record = spectrum(FOX), study(FOX)
    text = spectra.paint(found, record, Cursor(t=9), 78, 16, INK).text()
    for gate, values in found.recurrent.items():
        assert f"W_h{gate}" in text
        assert f"σ {values[0]:.2f}…{values[-1]:.2f}  ρ {found.radius[gate]:.2f}" in text
    assert f"the product is {said(float(found.product[-1]))}, its bound {said(float(found.bound[-1]))}" in text
    assert "computing" in spectra.paint(None, record, Cursor(), 40, 8, INK).text()
    for width, height in [(1, 1), (20, 3), (38, 9), (60, 14), (120, 30)]:
        painting = spectra.paint(found, record, Cursor(t=9), width, height, INK)
        assert len(painting.lines) <= height
        assert all(sum(one.cell_length for one in line) <= width for line in painting.lines)


@pytest.mark.parametrize("width", [40, 80, 100, 120, 200])
@pytest.mark.parametrize("line", SCENES)
def test_the_sheet_is_as_wide_as_asked_for(line, width):
    record = study(line)
    sheet = gradient_sheet.screen(record, record.clamp(Cursor(t=2)), width, INK)
    assert all(sum(one.cell_length for one in text) <= width for text in sheet.lines)
    assert "∂L/∂" in sheet.text()


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


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_that_others_are_without_the_file_and_what_is_set_by_hand_fits_in_eighty_columns(cell, tmp_path):
    scene = parse(f"gradients:cell={cell},text=hello,hidden=3")
    lab.save_weights(scene, tmp_path / "w.safetensors")
    scene = replace(scene, weights=str(tmp_path / "w.safetensors"), set="h@3=1")
    text = legend.paint(lab.study(scene, CELLS), Cursor(t=1), 76, 16, INK).text()
    others = ", ".join(one for one in CELLS if one != cell)
    assert f"{others}: drawn by the seed alone" in text
    assert "…" not in text


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


def test_no_arrow_comes_from_the_loss_to_tokens_after_the_one_that_it_is_of():
    line = "gradients:cell=lstm,text=hello%20yo,hidden=3,loss=token:3"
    chain = walk.paint(study(line), Cursor(t=0), 90, 5, INK).text().splitlines()[0]
    assert chain.strip() == "○◀━━●◀━●◀━◆┄┄·┄┄·┄┄·┄┄·┄┄·┄┄loss"
    both = walk.paint(study(line + ",bidirectional=yes"), Cursor(t=0), 90, 6, INK).text().splitlines()
    assert both[2].strip() == "← loss·┄┄·┄┄◆━▶●━▶●━▶●━▶●━▶●━▶○"
    read = walk.paint(study(line), Cursor(t=8, walk="forward"), 90, 5, INK).text().splitlines()[0]
    assert "┄" not in read
