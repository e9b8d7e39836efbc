"""The walk back in a real terminal: every cell, in both directions, and what is kept for next time."""

import json

import pytest

from rnntui.names import cell_names

LINE = "gradients:cell={cell},text=abc,hidden=3,bidirectional=yes,loss=mean"


@pytest.mark.slow
@pytest.mark.parametrize("cells", [cell_names()], ids=["all"])
def test_cells_are_walked_back_in_both_directions_and_the_place_is_kept(start, home, cells):
    terminal = start("explore", "--scene", LINE.format(cell="lstm"))
    terminal.wait_for("at the loss")
    for cell in cells:
        terminal.send("o")
        terminal.wait_for("Open a scene")
        terminal.send(*LINE.format(cell=cell), "enter")
        terminal.wait_for(f"{cell} · 3 units")
        for keys, ts in ((("end",), (3, 2, 1)), (("]", "end"), (1, 2, 3))):
            terminal.send(*keys)
            terminal.wait_for("at the loss")
            for t in ts:
                terminal.send("left")
                terminal.wait_for(f"walking back: t = {t} of 3")
            terminal.send("left")
            terminal.wait_for("arrived at t = ")
        terminal.send("right")
        terminal.wait_for("walking back: t = 3 of 3")
    terminal.send("w")
    terminal.wait_for("forward: 0 of 3 read")
    terminal.send("space")
    terminal.wait_for("arrived at t = 4")
    terminal.send("1")
    terminal.wait_for("Hidden state")
    terminal.send("2", "f")
    terminal.wait_for("forget-bias")
    terminal.send("q")
    assert terminal.exit_code() == 0
    kept = json.loads((home / "state" / "state.json").read_text())["scene"]
    assert kept.startswith(f"gradients:cell={cells[-1]},")
    assert "direction=backward" in kept
    again = start("explore")
    again.wait_for("arrived at t = 4")
    again.send("q")
    assert again.exit_code() == 0
