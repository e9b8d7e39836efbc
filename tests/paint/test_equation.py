"""The equation pane: what is lit and its numbers are always there, in any size, and nothing leaves its bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from rnntui.core.lockstep import difference
from rnntui.core.worked import figure, numbers
from rnntui.paint import equation
from rnntui.paint.palette import palette
from rnntui.scene import Cursor
from tests.core.records import CELLS, record

PALETTE = palette()
SIZES = [(38, 4), (38, 9), (50, 6), (64, 8), (64, 14), (100, 12), (160, 20)]


@pytest.fixture(scope="module", params=CELLS)
def trace(request):
    return record(request.param, bidirectional=True)[0]


def drawn(trace, cursor, size=(100, 14), mode="numbers"):
    return equation.paint(trace, cursor, *size, PALETTE, mode=mode).text()


def styled(painting, style):
    return " ".join(s.text for line in painting.lines for s in line if s.style == style)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", equation.MODES)
def test_nothing_is_wider_or_higher_than_asked(trace, size, mode):
    for t in (0, 1, 7):
        for symbol in trace.symbols:
            painting = equation.paint(trace, Cursor(t=t, symbol=symbol, unit=1), *size, PALETTE, mode=mode)
            assert len(painting.lines) <= size[1]
            assert all(sum(cell_len(s.text) for s in line) <= size[0] for line in painting.lines)


@pytest.mark.parametrize("size", SIZES)
def test_the_lit_equation_its_first_numbers_and_its_value_are_there_in_every_size(trace, size):
    for symbol in trace.symbols:
        cursor = Cursor(t=3, symbol=symbol, unit=2)
        painting = equation.paint(trace, cursor, *size, PALETTE)
        chain = numbers(trace, 0, "forward", 3, 2)[symbol].chain
        joined = " ".join(painting.text().split())
        assert f"▸ {symbol}₃ =" in joined
        assert f"= {chain[0]}" in joined
        assert f"= {chain[-1]}" in joined


@pytest.mark.parametrize("size", [(38, 4), (64, 14), (120, 14)])
def test_the_convention_of_a_cell_is_always_visible(trace, size):
    said = {
        "gru": "reset after the product, z = 1 keeps",
        "gru-reset-before": "reset before the product, z = 1 keeps",
        "lstm": "torch's gate order: i, f, g, o",
        "rnn": "two biases",
        "rnn-relu": "two biases",
    }[trace.cell]
    for t in (0, 3):
        for symbol in trace.symbols:
            assert said in " ".join(drawn(trace, Cursor(t=t, symbol=symbol), size).split())


def test_real_steps_stand_in_the_index_and_time_runs_backwards_in_the_backward_lane():
    trace, _ = record("lstm", bidirectional=True)
    assert "W_hf h₂" in drawn(trace, Cursor(t=3))
    assert "W_hf h₄" in drawn(trace, Cursor(direction="backward", t=3))
    assert "hₜ₊₁" in drawn(trace, Cursor(direction="backward", t=3), mode="symbols")


def test_what_is_not_yet_computed_is_dim_and_has_no_value():
    trace, _ = record("lstm")
    values = {symbol: figure(float(trace.passes[0].values[symbol][2, 1])) for symbol in trace.symbols}
    lines = drawn(trace, Cursor(t=3, symbol="f", unit=1, partial=True)).splitlines()
    assert lines[0].endswith("input gate")
    assert lines[1].endswith(f" = {values['i']}")
    assert lines[6].split("  ")[1] == "o₃ = σ(W_io x₃ + b_io + W_ho h₂ + b_ho)"
    assert lines[7] == ""
    low = drawn(trace, Cursor(t=3, symbol="f", unit=1, partial=True), (100, 9)).splitlines()
    assert f"{values['i']}  input gate" in low[0]
    assert low[4].split("  ")[1] == "o₃ = σ(W_io x₃ + b_io + W_ho h₂ + b_ho)"
    assert values["o"] not in low[4]
    painting = equation.paint(trace, Cursor(t=3, symbol="f", unit=1, partial=True), 100, 14, PALETTE)
    assert "o₃ =" in styled(painting, PALETTE.dim)
    assert "i₃ =" not in styled(painting, PALETTE.dim)
    assert "f₃ =" in styled(painting, PALETTE.lit)


def test_at_the_start_there_are_only_symbols_and_the_key_that_reads_on():
    trace, _ = record("lstm", bidirectional=True)
    painting = equation.paint(trace, Cursor(t=0), 100, 14, PALETTE)
    assert '→ reads the first token, "h"' in painting.text()
    assert "fₜ = σ(W_if xₜ" in styled(painting, PALETTE.dim)
    assert styled(painting, PALETTE.lit) == ""
    assert '→ reads the last token first, "d"' in drawn(trace, Cursor(direction="backward", t=12))


def test_the_source_mode_shows_the_line_of_the_file_that_runs(trace):
    text = drawn(trace, Cursor(t=3), mode="source")
    source = Path(trace.file).read_text().splitlines()
    for one in trace.equations:
        assert f"{Path(trace.file).name}:{one.line}  {one.symbol} = {one.source}" in text
        assert source[one.line - 1].strip().startswith(f"{one.symbol} = {one.source}")


def test_a_click_on_an_equation_lights_it():
    trace, _ = record("lstm")
    painting = equation.paint(trace, Cursor(t=3, symbol="i"), 100, 14, PALETTE)
    lines = painting.text().splitlines()
    y = next(y for y, line in enumerate(lines) if line.startswith("  g₃"))
    assert painting.hit(4, y) == {"symbol": "g"}
    assert painting.hit(4, 1) == {"symbol": "i"}


def test_a_wide_pane_shows_meanings_and_a_narrow_one_keeps_the_values():
    trace, _ = record("lstm")
    value = figure(float(trace.passes[0].values["o"][2, 0]))
    wide = next(line for line in drawn(trace, Cursor(t=3), (100, 9)).splitlines() if "o₃ =" in line)
    narrow = next(line for line in drawn(trace, Cursor(t=3), (44, 9)).splitlines() if "o₃ =" in line)
    assert wide.endswith(f"{value}  output gate")
    assert narrow.endswith(f" {value}")


def test_where_there_is_room_every_equation_is_followed_by_its_own_numbers(trace):
    room = 3 * len(trace.equations) + 3
    for t in (1, 5):
        worked = numbers(trace, 0, "forward", t, 2)
        for symbol in trace.symbols:
            lines = drawn(trace, Cursor(t=t, symbol=symbol, unit=2), (120, room)).splitlines()
            for one in trace.symbols:
                y = next(y for y, line in enumerate(lines) if line[2:].startswith(f"{one}{'₁' if t == 1 else '₅'} ="))
                below = lines[y + 1] if one != symbol else " ".join(lines[y + 1 : y + 4])
                assert below.strip().startswith("= ")
                assert f"= {worked[one].chain[-1]}" in below


def test_equations_stand_still_from_step_to_step_and_from_the_start(trace):
    room = 3 * len(trace.equations) + 3
    for symbol in trace.symbols:
        tops = set()
        for t in (0, 1, 5):
            lines = drawn(trace, Cursor(t=t, symbol=symbol, unit=2), (140, room)).splitlines()
            tops.add(tuple(y for y, line in enumerate(lines) if line[3:6] in {"ₜ =", "₁ =", "₅ ="}))
        assert len(tops) == 1


def test_the_columns_stand_still_when_the_step_gets_another_digit():
    trace, _ = record("lstm", text="hello world")
    for columns in range(40, 80):
        nine, ten = (drawn(trace, Cursor(t=t), (columns, 9)).splitlines()[2] for t in (9, 10))
        assert nine.endswith("forget gate") == ten.endswith("forget gate")


def test_the_foot_gives_way_before_an_equation_does():
    trace, _ = record("lstm")
    shown = drawn(trace, Cursor(t=3), (70, 7))
    assert all(f"{symbol}₃ =" in shown for symbol in trace.symbols)
    assert "gate order" in drawn(trace, Cursor(t=3), (70, 8))


def test_the_title_says_the_mode_and_the_unit():
    trace, _ = record("lstm")
    assert equation.title(trace, Cursor(t=3, unit=2)) == "Equations · with numbers · unit 2"
    assert equation.title(trace, Cursor(t=3), "source").endswith("lstm.py")


def test_one_equation_alone_leaves_room_for_the_whole_sentence_of_its_cell():
    trace, _ = record("rnn")
    assert "One vanilla RNN step (Elman 1990)" in drawn(trace, Cursor(t=3), (70, 8))


def test_a_difference_is_not_said_to_be_what_the_equation_gives():
    (trace, _), (other, _) = record("rnn"), record("rnn", seed=1)
    apart, cursor = difference(trace, other), Cursor(t=3, unit=1)
    assert equation.title(apart, cursor) == "Δ Equations · with numbers · unit 1"
    value = figure(numbers(apart, 0, "forward", 3, 1)["h"].value)
    chains = [line for line in drawn(apart, cursor).splitlines() if line.startswith("   Δ = ")]
    assert [line.rstrip().endswith(f" = {value}") for line in chains] == [True]
