"""The way of the gradient along the tokens: what arrives at a step, what is local, what is passed on."""

from dataclasses import replace

import numpy as np
import pytest

from rnntui.paint import walk
from rnntui.paint.magnitude import said, signed
from rnntui.paint.passing import ln_norm, stop
from rnntui.scene import Cursor
from tests.paint.flows import FOX, INK, SCENES, cursors, study


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


def test_no_arrow_comes_from_the_loss_to_tokens_after_the_one_that_it_is_of():
    line = "gradients:cell=lstm,text=hello%20yo,hidden=3,loss=token:3"
    chain = walk.paint(study(line), Cursor(t=0), 90, 5, INK).text().splitlines()[0]
    assert chain.strip() == "○◀━━●◀━●◀━◆┄┄·┄┄·┄┄·┄┄·┄┄·┄┄loss"
    both = walk.paint(study(line + ",bidirectional=yes"), Cursor(t=0), 90, 6, INK).text().splitlines()
    assert both[2].strip() == "← loss·┄┄·┄┄◆━▶●━▶●━▶●━▶●━▶●━▶○"
    read = walk.paint(study(line), Cursor(t=8, walk="forward"), 90, 5, INK).text().splitlines()[0]
    assert "┄" not in read
