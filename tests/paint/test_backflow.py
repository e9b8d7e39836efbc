"""The paths through a cell, drawn and as a list."""

import re
from dataclasses import replace

import pytest

from rnntui.names import cell_names
from rnntui.paint import backflow, ways
from rnntui.paint.magnitude import brief, said, signed
from rnntui.paint.passing import ln_norm, stop
from rnntui.scene import Cursor
from tests.core.own.files import MGU
from tests.paint.flows import FOX, INK, study


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
    record = study(f"gradients:cell={MGU}:mgu,text=hello,hidden=3,bidirectional=yes,loss=mean")
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
