"""The pictures of the Train screen: pure functions of what is known of a training."""

import math
from dataclasses import replace

import numpy as np
import pytest

from rnntui.paint import bits, chances, neuron, reading, training, updates, writing
from rnntui.paint.cells import width as columns_of
from rnntui.paint.palette import palette
from rnntui.scene import Cursor
from rnntui.training import shelf
from rnntui.training.neurons import Marking
from rnntui.training.progress import Look, Progress
from rnntui.training.spec import preset
from tests.training import snapshots
from tests.training.snapshots import snapshot

HERE = Cursor(t=5, unit=2)
PAINTERS = {
    "bits": bits.paint,
    "norm": updates.norm,
    "ratio": updates.ratio,
    "writing": writing.paint,
    "chances": chances.paint,
    "sentence": reading.sentence,
    "heat": reading.heat,
    "gates": reading.gates,
    "neuron": neuron.paint,
    "words": training.paint_sentence,
    "time": training.paint_time,
}


@pytest.fixture
def progress():
    found = Progress()
    for step, loss in ((0, 6.0), (10, 5.0), (20, 3.0)):
        ratios = {"embedding": 0.01, "layer 0": step * 1e-4, "read-out": 1e-3} if step else {}
        found = found.shown(snapshot(step, loss, run="run", update_ratios=ratios), paused=False)
    return found


@pytest.mark.parametrize("colours", ["truecolor", "none"])
@pytest.mark.parametrize("name", PAINTERS)
def test_every_picture_stays_within_its_columns_and_lines(progress, name, colours):
    states = {"idle": Progress(), "training": progress, "again": progress.beginning()}
    states["neurons"] = replace(progress, neurons=snapshots.neurons(text="Say 'hi'\n\tand go [on]. " * 9))
    states["wild"] = progress
    for step, value in enumerate((0.0, math.inf, 1e308, 5e-324, math.nan), start=21):
        wild = snapshot(step, gradient_norm=value, update_ratios={"layer 0": value})
        states["wild"] = states["wild"].shown(wild, paused=False)
    states["past"] = replace(progress, past=Look(16, snapshots.sample(), snapshots.reading(16)))
    for state, one in states.items():
        for width, height in ((1, 1), (7, 3), (30, 8), (60, 16), (200, 40)):
            drawn = PAINTERS[name](one, one.clamp(HERE), width, height, palette("dark", colours))
            assert len(drawn.lines) <= height, (state, width, height)
            assert all(columns_of(line) <= width for line in drawn.text().split("\n")), (state, width, height)


def painted(name, progress, width=60, height=16, cursor=HERE):
    return PAINTERS[name](progress, progress.clamp(cursor), width, height, palette("dark")).text()


def test_before_the_first_training_it_says_which_key_starts_what():
    said = painted("writing", Progress(), width=200)
    assert "Press Space to train a tiny lstm (256 units) on Python's own docstrings for 60 s." in said
    assert writing.title(Progress(), HERE) == "It will write here"
    file = Progress(spec=replace(preset(300), file="a\x1bb.txt"), seconds=300)
    assert "a␛b.txt for 5 minutes" in painted("writing", file, width=200)


def test_the_curve_says_where_every_line_stands_and_keeps_earlier_runs(progress):
    drawn = painted("bits", progress)
    assert "▲ validation 3.00" in drawn
    assert "best n-gram 2.50" in drawn
    both = progress.beginning().shown(snapshot(0, 6.0), paused=True).shown(snapshot(10, 4.0), paused=False)
    drawn = painted("bits", both)
    assert "▲ validation 4.00" in drawn
    assert "● before: lstm 6 3.00" in drawn


def test_the_norm_of_the_gradient_is_drawn_in_decades_with_the_limit_that_it_is_clipped_to(progress):
    for step, size in ((30, 0.01), (40, 100.0)):
        progress = progress.shown(snapshot(step, gradient_norm=size), paused=False)
    drawn = painted("norm", progress).split("\n")
    assert {"100", "10", "1", "0.1", "0.01"} <= {line.partition("┤")[0].strip() for line in drawn if "┤" in line}
    assert any("╌╌╌╌" in line for line in drawn)
    assert "▲ norm 100   ╌ clip 1.0" in drawn[-1]
    assert updates.norm_title(progress, HERE) == "Gradient norm, log scale · 75 % clipped"
    few = replace(progress, curve=replace(progress.curve, norms=np.array([2.0, *[0.5] * 999]), clips=np.ones(1000)))
    assert updates.norm_title(few, HERE) == "Gradient norm, log scale · under 1 % clipped"
    free = progress.shown(snapshot(50, knobs=replace(progress.snapshot.knobs, clip=0)), paused=False)
    assert "clip none" in painted("norm", free)


def test_a_run_that_stands_still_shows_the_norm_that_was_measured_last(progress):
    stands = progress.shown(snapshot(50, gradient_norm=math.nan), paused=True)
    assert "▲ norm 1.5   ╌ clip 1.0" in painted("norm", stands)
    assert updates.norm_title(stands, HERE) == updates.norm_title(progress, HERE)
    nothing = progress.beginning().shown(snapshot(30, gradient_norm=math.nan), paused=True)
    assert "How long the gradient is at each update" in painted("norm", nothing)


def test_every_layers_ratio_has_a_mark_of_its_own_and_stands_in_the_legend(progress):
    drawn = painted("ratio", progress)
    assert "▲ embedding 0.010   ● layer 0 0.0020   ◇ read-out 0.0010" in drawn
    assert "╌ rule of thumb 0.0010" in drawn
    assert "● layer 0 0.0020" in painted("ratio", progress.shown(snapshot(30), paused=False))
    past = replace(progress, past=Look(10, snapshots.sample(), snapshots.reading(10)))
    assert "● layer 0 0.0010" in painted("ratio", past)


def test_what_it_writes_keeps_its_lines_and_says_how_much_of_it_is_new(progress):
    drawn = painted("writing", progress).split("\n")
    assert drawn[:2] == ["This is a text", "it wrote"]
    assert drawn[-1] == "new: 83 %   seen in training: 17 %"
    knobs = replace(progress.snapshot.knobs, top_k=3)
    primed = replace(progress.snapshot, sample=snapshots.sample(prime="def"), knobs=knobs)
    assert writing.title(progress.shown(primed, False), HERE) == "It writes (temperature 0.8, top-k 3) after “def”"


def test_what_it_writes_is_broken_between_words_and_nothing_of_it_is_lost(progress):
    text = "    a sample that is longer than its pane, with averyveryverylongword and 你好\n" * 2
    written = replace(progress.snapshot, sample=snapshots.sample(text=text))
    lines = painted("writing", progress.shown(written, False), width=20, height=40).split("\n")
    assert lines[:3] == ["    a sample that is", "longer than its", "pane, with"]
    assert "averyveryverylongwor" in lines
    assert "".join("".join(lines[:-1]).split()) == "".join(text.split())


def test_the_bars_are_the_models_chances_and_mark_what_comes(progress):
    found, cursor = progress.reading, Cursor(t=1)
    lines = painted("chances", progress, height=30, cursor=cursor).split("\n")
    best = found.characters[int(found.chances[0].argmax())]
    assert lines[0].lstrip(" ▸").startswith({"\n": "␊", " ": "␣"}.get(best, best))
    assert lines[0].endswith(f"{found.chances[0].max():.2f}")
    (marked,) = [line for line in lines if line.startswith("▸")]
    chance = found.chances[0, found.characters.index("a")]
    assert marked.startswith("▸a")
    assert marked.endswith(f"{chance:.2f}")
    assert chances.title(progress, Cursor(t=4)) == "Next character after “Say␣”"


def test_a_chance_that_rounds_to_nothing_is_not_said_to_be_none(progress):
    found = replace(progress.reading, characters="abc", chances=np.tile([0.991, 0.006, 0.003], (9, 1)))
    one = replace(progress, snapshot=replace(progress.snapshot, reading=found))
    lines = painted("chances", one, cursor=Cursor(t=1)).split("\n")
    assert [line[-5:] for line in lines] == [" 0.99", " 0.01", " <.01"]


def test_state_and_gates_are_those_of_the_reading(progress):
    values = progress.reading.layers[0]
    assert f"unit 2: {values['h'][4, 2]:+.2f}".replace("-", "−") in painted("sentence", progress)
    assert "unit 2" in reading.heat_title(progress, HERE)
    header, *rows = painted("gates", progress).split("\n")
    assert header.split() == list(snapshots.SYMBOLS)
    assert rows[2].startswith("▸")
    assert rows[2].split()[2:] == [
        f"{values[symbol][4, 2]:+.2f}".replace("0.", ".").replace("-", "−") for symbol in values
    ]
    assert reading.gates_title(progress, HERE) == 'Gates at “"” · t = 5'


def test_the_sentence_says_the_numbers_and_what_they_mean(progress):
    said = "as if among 8.0 characters; 0.50 bits worse than counting 3-grams."
    assert training.sentence(progress) == f"At step 20 it guessed {said}"
    assert training.sentence(replace(progress, state="paused")) == f"It guesses {said}"
    later = progress.shown(snapshot(1900, val_step=1800), False)
    assert training.sentence(later).startswith("At step 1,800 it guessed as if among 64.0 characters; 3.50 bits worse")
    assert training.sentence(later, 78) == "At step 1,800 it was 3.50 bits worse than counting 3-grams."
    assert training.sentence(progress.shown(snapshot(30, 2.503), False)).endswith("; as good as counting 3-grams.")
    assert "better than counting" in training.sentence(progress.shown(snapshot(30, 2.0), False))
    broken = progress.ended("broken")
    assert training.sentence(broken) == "The training broke off at step 20; Space goes on from what was kept."
    exploded = progress.shown(snapshot(16, stopped="It exploded.", stopped_at=22), False)
    assert training.sentence(exploded).startswith("The training exploded at step 22: n lowers the learning rate")
    assert painted("writing", exploded).startswith("It exploded.\nThis is a text")


def test_every_sentence_has_a_shorter_form_for_a_narrow_screen(progress):
    kept = shelf.Kept(
        "/somewhere/stdlib-docs-gru-reset-before-12", 12_345, replace(progress.spec, steps=123_456), taken=False
    )
    offered = replace(progress, offered=kept, state="stopped", snapshot=None)
    past = replace(progress, past=Look(12_345, progress.sample, progress.reading))
    begun = replace(
        progress, snapshot=None, state="idle", seconds=300, spec=replace(progress.spec, cell="gru-reset-before")
    )
    far = progress.shown(snapshot(30, 18.0), False)
    exploded = progress.shown(snapshot(12_344, stopped="It exploded.", stopped_at=12_345, kept=(12_344,)), False)
    hopeless = progress.shown(snapshot(0, stopped="It cannot begin."), False)
    final = {"final_loss": 18.0 * math.log(2), "final_baselines": {3: 2.75}}
    done = progress.shown(snapshot(200, 2.0, **final), False)
    elsewhere = replace(offered, offered=replace(kept, taken=True))
    unkept = done.ended("broken")
    begins = replace(begun, state="starting")
    assert training.sentence(begins) == "It begins: gru-reset-before with 6 units for 5 minutes."
    for one in (
        offered,
        elsewhere,
        past,
        begun,
        begins,
        far,
        exploded,
        hopeless,
        done,
        unkept,
        progress.ended("broken"),
    ):
        for width in (78, 38):
            assert columns_of(training.sentence(one, width)) <= width
    assert training.sentence(done).startswith("On all text held out, it guesses as if among 262144.0 characters; 15.25")
    assert training.sentence(unkept, 78) == "The model of step 200 could not be kept; Space begins anew."
    assert training.sentence(done, 78) == "On all text held out: 15.25 bits worse than 3-grams."
    assert (
        training.sentence(offered, 78) == "Left at step 12,345 of 123,456: Space goes on, r anew, Escape puts it aside."
    )


def test_the_numbers_of_a_training_are_on_one_line(progress):
    said = painted("time", progress, width=200)
    for words in ("training", "step 20 of 200", "2 s", "18 s left", "12.3 k chars/s", "gradient norm 1.5", "clipped"):
        assert words in said
    assert "clipped to 1" in said
    assert "lr 0.01" in said


def test_the_text_is_coloured_by_one_unit_and_the_closest_units_are_ranked(progress):
    found = replace(progress, neurons=snapshots.neurons(20))
    assert neuron.title(found, Cursor(unit=4)) == "Unit 4 · inside quotes r = −1.00"
    drawn = painted("neuron", found, width=120, cursor=Cursor(unit=4)).split("\n")
    assert drawn[0] == snapshots.TEXT
    assert drawn[-1].startswith("at step 20: inside quotes 4 (−1.00) · ")
    assert "f reads a text" in painted("neuron", progress, width=120)


def test_of_a_property_that_is_nowhere_in_the_text_it_is_said_so_and_no_unit_named(progress):
    found = replace(progress, neurons=snapshots.neurons(20, text="aab 1"))
    assert neuron.title(found, Cursor(unit=4)) == "Unit 4 · inside quotes is nowhere in this text"
    *_, chosen, best = painted("neuron", found, width=120).split("\n")
    assert chosen == "inside quotes is nowhere in this text; f goes to another property"
    assert {name for name in found.neurons.features if name in best} == {"line position", "digit", "vowel"}
    nothing = painted("neuron", replace(progress, neurons=snapshots.neurons(20, text="b")))
    assert nothing.endswith("at step 20: no property that a unit could follow")


def test_where_a_text_is_marked_can_be_seen_without_colours_and_the_lines_follow_the_hand(progress):
    found = snapshots.neurons(20, text="".join(f"line {number}\n" for number in range(30)))
    marking = Marking((range(2, 6),), at=6, start=4, active=True)
    drawn = {}
    for at in (6, 203):
        one = replace(progress, neurons=found.marked(replace(marking, at=at)))
        drawn[at] = neuron.paint(one, HERE, 30, 8, palette("dark", "none"))
        assert "m ends the stretch" in drawn[at].text()
    lit = [(len(one.text), one.style.underline, one.style.reverse) for one in drawn[6].lines[0] if one.style]
    assert sum(length for length, underline, _ in lit if underline) == 4
    assert sum(length for length, _, reverse in lit if reverse) == 1
    assert drawn[6].text().split("\n")[0][-1] != drawn[203].text().split("\n")[0][-1]


@pytest.mark.parametrize("width", [1, 2, 7, 30])
def test_every_character_of_a_text_lies_on_one_line_and_the_hand_goes_up_and_down_in_its_column(width):
    text = "Say 'hi'\n\n\tand go [on]. 你好\n" * 3
    lines = neuron.laid_out(text, width)
    assert [place for line in lines for place in line] == list(range(len(text)))
    assert all(
        columns_of(text[line.start : line.stop].replace("\n", "").replace("\t", "  ")) <= max(width, 2)
        for line in lines
    )
    assert neuron.beside(lines, len(text) - 1, 1) == len(text) - 1
    at = neuron.beside(lines, 1, 1)
    assert at in lines[next(place for place, line in enumerate(lines) if 1 in line) + 1]
    assert neuron.beside(lines, at, -99) in lines[0]


def test_the_state_of_ones_own_cell_goes_by_its_name_and_gates_that_do_not_fit_are_marked(progress):
    found = progress.reading
    layers = tuple(
        {"m": layer["h"], **{f"g{n}": layer["i"] for n in range(12)}, "n": layer["c"]} for layer in found.layers
    )
    mine = replace(progress.snapshot, reading=replace(found, layers=layers, state="m"))
    one = progress.shown(mine, False)
    assert "Hidden state m · unit 2" in reading.heat_title(one, HERE)
    assert painted("heat", one) == painted("heat", progress)
    header, *_ = painted("gates", one).split("\n")
    assert header.split() == ["m", *(f"g{n}" for n in range(len(header.split()) - 2)), "…"]
    assert 4 < len(header.split()) < 14
