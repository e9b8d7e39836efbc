"""The painters of gradients: what they write are the record's numbers, and they fit where they are put."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rnntui import lab
from rnntui.paint import clipping, curve, gradient_sheet, legend, shares, spectra, walk
from rnntui.paint.magnitude import said
from rnntui.scene import Cursor, parse
from tests.paint.flows import CELLS, FOX, INK, PAINTERS, SCENES, cursors, spectrum, study


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


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_that_others_are_without_the_file_and_what_is_set_by_hand_fits_in_eighty_columns(cell, tmp_path):
    scene = parse(f"gradients:cell={cell},text=hello,hidden=3")
    lab.save_weights(scene, tmp_path / "w.safetensors")
    scene = replace(scene, weights=str(tmp_path / "w.safetensors"), set="h@3=1")
    text = legend.paint(lab.study(scene, CELLS), Cursor(t=1), 76, 16, INK).text()
    others = ", ".join(one for one in CELLS if one != cell)
    assert f"{others}: drawn by the seed alone" in text
    assert "…" not in text
