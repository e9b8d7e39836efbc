import csv
import io
import json
import re
import sys

import numpy as np
import pytest
from rich.cells import cell_len

from rnntui import lab
from rnntui.core.store import from_npz
from rnntui.scene import Scene


def test_csv_is_one_line_a_value_and_reads_back_exactly(rnntui):
    done = rnntui("step", 'a,"\n', "--bidirectional", "--layers", "2", "--hidden", "2", "--format", "csv")
    assert (done.code, done.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.text, newline="")))
    trace = lab.trace(Scene(text='a,"\n', bidirectional=True, layers=2, hidden=2))
    assert len(rows) == 4 * 4 * 6 * 2
    assert list(rows[0]) == ["t", "token", "layer", "direction", "symbol", "unit", "value"]
    for row in rows:
        one = trace.of(int(row["layer"]), row["direction"])
        assert row["token"] == trace.tokens[int(row["t"]) - 1]
        assert np.float32(row["value"]) == one.values[row["symbol"]][int(row["t"]) - 1][int(row["unit"])]


def test_csv_is_utf8(rnntui):
    assert "漢" in rnntui("step", "漢", "--format", "csv").text


@pytest.mark.parametrize("inputs", ["onehot", "random"])
def test_npz_reads_back_without_pickles(rnntui, tmp_path, inputs):
    file = tmp_path / "a.npz"
    done = rnntui("step", "hello", "--bidirectional", "--inputs", inputs, "--format", "npz", "-o", file)
    assert (done.code, done.out, done.err) == (0, b"", "")
    trace = lab.trace(Scene(text="hello", bidirectional=True, inputs=inputs))
    with np.load(file, allow_pickle=False) as found:
        assert np.array_equal(found["output"], trace.output)
        assert np.array_equal(found["l0.backward.values.f"], trace.of(0, "backward").values["f"])
        if inputs == "random":
            assert np.array_equal(found["inputs"], np.stack(list(trace.inputs.rows())).astype(np.float32))
        else:
            assert found["input_ids"].tolist() == [0, 1, 2, 2, 3]
    again = from_npz(file)
    assert again.tokens == tuple("hello")
    assert again.inputs.size == trace.inputs.size
    first = file.read_bytes()
    rnntui("step", "hello", "--bidirectional", "--inputs", inputs, "--format", "npz", "-o", file)
    assert file.read_bytes() == first


def test_npz_goes_to_a_pipe_too(rnntui):
    done = rnntui("step", "hello", "--format", "npz")
    with np.load(io.BytesIO(done.out), allow_pickle=False) as found:
        assert found["output"].shape == (5, 8)


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_file_gets_what_standard_output_would_have_got(rnntui, tmp_path, form):
    there = rnntui("step", "hello", "--format", form)
    here = rnntui("step", "hello", "--format", form, "--out", tmp_path / "out")
    assert here.out == b""
    assert (tmp_path / "out").read_bytes() == there.out


def test_text_shows_the_tokens_the_symbols_and_the_numbers(rnntui):
    done = rnntui("step", "hello", "--at", "2")
    assert (done.code, done.err) == (0, "")
    for expected in ("f₂ = σ(", "input gate", "Cell state c", "Hidden state h", "σ("):
        assert expected in done.text
    assert done.text == rnntui("step", "hello", "--at", "2").text
    assert done.text != rnntui("step", "hello", "--at", "3").text


def test_text_shows_the_last_step_unless_told_otherwise(rnntui):
    assert rnntui("step", "hello").text == rnntui("step", "hello", "--at", "5").text
    assert rnntui("step", "--scene", "explore:text=hello,t=2").text == rnntui("step", "hello", "--at", "2").text


@pytest.mark.parametrize("columns", ["40", "80", "120", "200"])
@pytest.mark.parametrize("more", [(), ("--cell", "gru", "--bidirectional", "--layers", "2", "--hidden", "40")])
def test_text_is_never_wider_than_the_terminal(rnntui, monkeypatch, columns, more):
    monkeypatch.setenv("COLUMNS", columns)
    text = rnntui("step", "the quick 漢字 fox " * 10, *more).text
    assert max(map(cell_len, text.splitlines())) <= int(columns)


def test_text_has_no_codes_in_a_pipe(rnntui):
    assert b"\x1b" not in rnntui("step", "hello").out


def test_text_has_colours_on_a_terminal_unless_no_color_says_so(rnntui, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert b"\x1b[" in rnntui("step", "hello").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert b"\x1b[" not in rnntui("step", "hello").out


def test_the_configuration_says_the_colours_of_what_is_printed_too(rnntui, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    dark = rnntui("step", "hello").out
    monkeypatch.setenv("RNNTUI_THEME", "light")
    assert rnntui("step", "hello").out != dark
    monkeypatch.setenv("RNNTUI_COLOURS", "none")
    assert b"\x1b[" not in rnntui("step", "hello").out


def test_why_follows_the_panes_with_its_parts_largest_first(rnntui):
    text = rnntui("step", "hello", "--at", "3", "--why", "f[2]").text
    panes, _, why = text.partition("Why f₃[2]")
    assert panes.startswith(rnntui("step", "--scene", "explore:text=hello,t=3,symbol=f,unit=2").text[:200])
    assert "fₜ = σ(W_if xₜ + b_if + W_hf hₜ₋₁ + b_hf)" in why
    assert "W_hf[2," in why
    sizes = [abs(float(number.replace("−", "-"))) for number in re.findall(r"│[█▌ ]* ([+−]\d+\.\d+)", why)]
    assert len(sizes) == 11
    assert sizes == sorted(sizes, reverse=True)


def test_why_of_the_backward_lane_counts_from_the_other_end(rnntui):
    more = ("--bidirectional", "--why", "reverse.c[0]")
    assert "Why c₆[0] is 0\n" in rnntui("step", "hello", "--at", "6", *more).text
    assert "Why c₁[0]" in rnntui("step", "hello", *more).text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x1b[31mb", "␛"), ("a\nb", "␊"), ("[/red][b]", "[/red][b]"), ("a\x9b31mb", "\ufffd"), ("%s{x}", "%s{x}")],
)
def test_hostile_text_is_drawn_safely(rnntui, monkeypatch, text, shown):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for form in ("text", "csv"):
        done = rnntui("step", text, "--format", form)
        assert done.code == 0
        assert not {chr(code) for code in (*range(10), *range(11, 32), *range(127, 160))} & set(done.text)
    squeezed = rnntui("step", text).text.replace(" ", "")
    assert shown[0] in squeezed


def test_an_ascii_terminal_gets_ascii(rnntui):
    sys.stdout.reconfigure(encoding="ascii")
    done = rnntui("step", "hé")
    assert done.code == 0
    assert done.out.isascii()
    assert b"+-" in done.out


def test_the_output_is_written_whole_or_not_at_all(rnntui, tmp_path, monkeypatch):
    from rnntui import files

    file = tmp_path / "a.json"
    file.write_text("old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    done = rnntui("step", "hello", "--format", "json", "-o", file)
    assert done.code == 1
    assert "No space left" in done.err
    assert file.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]


def test_torch_computes_in_one_thread(rnntui):
    import torch

    torch.set_num_threads(2)
    rnntui("step", "a")
    assert torch.get_num_threads() == 1


def test_where_the_encoding_cannot_carry_it_the_text_is_drawn_in_ascii(process, rnntui, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    without = process("step", "hello", "--why", "f[0]", **plain)
    assert (without.returncode, without.stderr) == (0, b"")
    assert without.stdout.isascii()
    assert b"+-" in without.stdout
    assert b"?" not in without.stdout
    assert without.stdout == rnntui("step", "hello", "--why", "f[0]", "--ascii").out


def test_ascii_reaches_a_file_too(rnntui, tmp_path):
    for name, more in (("a", []), ("b", ["--ascii"])):
        assert rnntui("step", "hello", "-o", tmp_path / name, *more).code == 0
    assert not (tmp_path / "a").read_text(encoding="utf-8").isascii()
    assert (tmp_path / "b").read_text(encoding="utf-8").isascii()


@pytest.mark.parametrize(("command", "said"), [("step", "(i, f, g, o, c, h); i is lit"), ("grad", "; i is lit")])
def test_a_symbol_of_the_scene_that_the_cell_does_not_have_is_said(rnntui, command, said):
    done = rnntui(command, "--scene", "explore:text=hello,symbol=q,t=3", "--format", "json")
    assert done.code == 0
    assert "The scene's symbol 'q' is none of lstm's " in done.err
    assert said in done.err
    assert "symbol" not in json.loads(done.out)["scene"]
    assert rnntui(command, "--scene", "explore:text=hello,symbol=f,t=3", "--cell", "gru").err == ""
