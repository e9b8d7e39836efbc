"""A training in a real terminal: lost in the middle, it is told of at the next start, and one key goes on with it."""

import signal

import psutil

from rnntui.training.folder import steps
from rnntui.training.loop import train
from rnntui.training.spec import CharModelSpec


def test_a_training_whose_terminal_is_lost_is_kept_and_offered_at_the_next_start(start, home, tmp_path):
    text = tmp_path / "sheep.txt"
    text.write_text("".join(f"{number} sheep went over the bridge;\n" for number in range(120)), encoding="utf-8")
    spec = CharModelSpec(file=str(text), hidden=8, embedding=4, batch=4, sequence=8, steps=10**6)
    run = home / "state" / "runs" / "file-lstm-1"
    training = train(spec, run)
    next(training)
    training.close()
    reached = 0
    for _ in range(2):
        terminal = start("explore", "hello")
        terminal.wait_for("file-lstm-1 was left at")
        terminal.send("3")
        terminal.wait_for(f"file-lstm-1 was left at step {reached:,} of 1,000,000: Space goes on with it")
        second = start("explore", "hello") if reached else None
        terminal.send(" ")
        terminal.wait_for("training · step")
        terminal.wait_for(lambda before=reached: steps(run / "checkpoints")[-1] > before)
        if second is not None:
            second.wait_for("Another rnntui is open")
            second.send("3")
            second.wait_for("Another rnntui trains file-lstm-1, so here it can only be looked at")
            second.send(" ")
            second.wait_for("stop it there first")
            second.wait_for("trained elsewhere · step")
            second.send("<")
            second.wait_for("This is the model as it was after")
            second.send("q")
            assert second.exit_code() == 0
        family = terminal.children()
        terminal.hang_up()
        assert terminal.exit_code() == 128 + signal.SIGHUP
        _, alive = psutil.wait_procs(family, 5)
        assert not alive
        assert steps(run / "checkpoints")[-1] > reached
        reached = steps(run / "checkpoints")[-1]
