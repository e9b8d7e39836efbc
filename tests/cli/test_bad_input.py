import pytest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["step"], "--file"),
        (["step", ""], "empty"),
        (["explore", ""], "terminal"),
        (["step", "a", "--file", "b"], "keep one"),
        (["step", "a", "b"], "b"),
        (["step", "a", "--hiden", "3"], "--hidden"),
        (["step", "a", "--bidirectonal"], "--bidirectional"),
        (["step", "-1,0", "--tokens", "number"], "comes after --"),
        (["step", "a", "--hidden", "0"], "1…1024"),
        (["step", "a", "--hidden", "1025"], "1…1024"),
        (["step", "a", "--hidden", "many"], "many"),
        (["step", "a", "--hidden", "9" * 5000], "--hidden"),
        (["step", "a", "--layers", "0"], "layers"),
        (["step", "a", "--seed", "-1"], "seed"),
        (["step", "a", "--seed", str(2**63)], "seed"),
        (["step", "a", "--cell", "lstn"], "'lstm'"),
        (["step", "a", "--tokens", "chars"], "'char'"),
        (["step", "a", "--inputs", "onehots"], "'onehot'"),
        (["step", "a", "--dtype", "float46"], "'float64'"),
        (["step", "a", "--format", "jsn"], "'json'"),
        (["step", "a", "--init", "orthogonl"], "orthogonal"),
        (["step", "a", "--init", "forget-bias=much"], "forget-bias"),
        (["step", "a", "--cell", "rnn", "--init", "forget-bias=1"], "forget-bias"),
        (["step", "a,b", "--tokens", "number"], "number"),
        (["step", "1", "--tokens", "number", "--inputs", "random"], "onehot"),
        (["step", "--scene", "explore:text=a,hiden=3"], "hiden"),
        (["step", "--scene", "dance:text=a"], "dance"),
        (["step", "--scene", "hello"], "colon"),
        (["step", "--scene", "explore:cell=gru"], "text"),
        (["step", "a", "--at", "2"], "0…1"),
        (["step", "a", "--at", "-1"], "0…1"),
        (["step", "a", "--bidirectional", "--why", "reverse.f[0]", "--at", "0"], "1…2"),
        (["step", "a", "--why", "f"], "SYMBOL[UNIT]"),
        (["step", "a", "--why", "q[0]"], "'q'"),
        (["step", "a", "--why", "f[8]"], "f[7]"),
        (["step", "a", "--why", "f[0]", "--at", "0"], "t = 0"),
        (["step", "a", "--why", "f[0]", "--format", "csv"], "--why"),
        (["step", "a", "-o", "."], "directory"),
        (["step", "a", "-o", ""], "-o names no file"),
        (["step", "a", "--weights", ""], "--weights names no file"),
        (["step", "a", "--load-weights", ""], "--load-weights names no file"),
        (["step", "--file", ""], "--file names no file"),
        (["step", "a", "--weights", "x", "-o", "./x"], "same file"),
        (["step", "a", "--ascii", "--format", "csv"], "--ascii"),
        (["step", "a", "--cell", "LSTM"], "did you mean 'lstm'"),
        (["step", "a", "--format", "JSON"], "did you mean 'json'"),
        (["completion", "BASH"], "did you mean 'bash'"),
        (["STEP", "a"], "did you mean 'step'"),
        (["step", "--scene", "explore:text=\udcff"], "UTF-8"),
        (["snap", "explore:text=\udcff", "-o", "a.svg"], "UTF-8"),
        (["snap", "explore:text=a", "-o", ""], "-o names no file"),
        (["step", "a", "-o", "missing/out.txt"], "missing"),
        (["step", "a", "--weights", "missing/out.safetensors"], "missing"),
        (["step", "a", "--load-weights", "missing.safetensors"], "missing.safetensors"),
        (["stp", "a"], "'step'"),
        (["hello"], "rnntui explore TEXT"),
        (["--hepl"], "--help"),
        (["snap"], "SCENE"),
        (["snap", "explore:text=a"], "-o"),
        (["snap", "explore:text=a", "-o", "a.png"], "svg"),
        (["snap", "explore:text=a", "-o", "missing/a.svg"], "missing"),
        (["snap", "explore:text=a", "-o", "a.svg", "--size", "big"], "120x36"),
        (["snap", "explore:text=a", "-o", "a.svg", "--size", "9999x10"], "400x200"),
        (["snap", "explore:text=a", "-o", "a.svg", "--theme", "drak"], "'dark'"),
        (["snap", "explore:text=a", "-o", "a.svg", "--keys", "right rigth"], "'right'"),
        (["snap", "explore:text=a,cell=lstn", "-o", "a.svg"], "'lstm'"),
        (["snap", "explore:file=/missing", "-o", "a.svg"], "missing"),
        (["completion"], "SHELL"),
        (["completion", "tcsh"], "fish"),
        (["paths", "--format", "yaml"], "json"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_refused_in_one_sentence_that_says_what_would_do(
    refused, arguments, said, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    assert said in refused(*arguments)


def test_a_file_that_cannot_be_read_is_refused_and_named(refused, tmp_path):
    binary, empty, folder = tmp_path / "binary", tmp_path / "empty", tmp_path / "folder"
    binary.write_bytes(b"abc\0def")
    empty.write_bytes(b"")
    folder.mkdir()
    for file, why in ((binary, "binary (byte 4"), (empty, "empty"), (folder, "directory"), (tmp_path / "missing", "")):
        sentence = refused("step", "--file", file)
        assert file.name in sentence
        assert why in sentence


def test_standard_input_that_is_binary_or_empty_is_refused(refused):
    assert "NUL" in refused("step", "-", stdin=b"a\0b")
    assert "empty" in refused("step", "-", stdin=b"")


def test_standard_input_is_read_as_it_is(rnntui):
    import json

    done = rnntui("step", "-", "--format", "json", stdin="hé\n".encode())
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["tokens"] == ["h", "é", "\n"]


def test_a_byte_order_mark_at_the_start_of_standard_input_is_no_character(rnntui, refused):
    import json

    done = rnntui("step", "-", "--format", "json", stdin="\ufeffa\ufeff".encode())
    assert (done.code, done.err) == (0, "")
    assert "".join(json.loads(done.out)["tokens"]) == "a\ufeff"
    assert "empty" in refused("step", "-", stdin="\ufeff".encode())


def test_json_that_would_fill_the_disk_is_refused_before_anything_is_written(refused, monkeypatch, tmp_path):
    from rnntui.cli import export

    monkeypatch.setattr(export, "MOST", 11)
    out, weights = tmp_path / "out.json", tmp_path / "weights"
    sentence = refused("step", "abca", "--format", "json", "-o", out, "--weights", weights)
    assert "12 input numbers (4 steps x 3" in sentence
    for way in ("csv", "npz", "--inputs random"):
        assert way in sentence
    assert not list(tmp_path.glob("[ow]*"))


def test_json_just_small_enough_is_written(rnntui, monkeypatch):
    from rnntui.cli import export

    assert export.MOST == 2**26
    monkeypatch.setattr(export, "MOST", 12)
    assert rnntui("step", "abca", "--format", "json").code == 0


def test_invalid_utf8_is_shown_as_replacement_characters_and_said(rnntui, tmp_path):
    import json

    file = tmp_path / "latin"
    file.write_bytes(b"caf\xe9!")
    for arguments, stdin in ((["--file", file], b""), (["-"], b"caf\xe9!"), (["caf\udce9!"], b"")):
        done = rnntui("step", *arguments, "--format", "json", stdin=stdin)
        assert done.code == 0
        assert json.loads(done.out)["tokens"] == ["c", "a", "f", "\ufffd", "!"]
        assert "UTF-8" in done.err
        assert done.err.count("\n") == 1


@pytest.mark.slow
def test_an_argument_that_is_no_utf8_is_read_by_the_real_process(process):
    done = process("step", b"caf\xe9", "--format", "json", PYTHONUTF8="1")
    assert done.returncode == 0
    assert b'"\\ufffd"' in done.stdout
    assert b"UTF-8" in done.stderr


@pytest.mark.parametrize("way", ["file", "stdin"])
def test_a_long_text_is_cut_at_a_mebibyte_and_that_is_said(rnntui, tmp_path, way):
    import io

    import numpy as np

    file = tmp_path / "long.txt"
    file.write_text("word " * 400_000, encoding="utf-8")
    more = ["--file", str(file)] if way == "file" else ["-"]
    stdin = file.read_bytes() if way == "stdin" else b""
    done = rnntui("step", *more, "--tokens", "word", "--hidden", "1", "--cell", "rnn", "--format", "npz", stdin=stdin)
    assert done.code == 0
    with np.load(io.BytesIO(done.out)) as found:
        assert len(found["input_ids"]) == 100_000
    assert "1 MiB" in done.err
    assert "100,000" in done.err


def test_a_cut_never_goes_through_a_character(rnntui):
    from rnntui.cli.incoming import LARGEST_TEXT, _whole_characters

    for text in ("a€", "é", "🙂", "abc"):
        raw = text.encode()
        for length in range(1, len(raw) + 1):
            whole = _whole_characters(raw[:length])
            assert whole.decode("utf-8") == text[: len(whole.decode("utf-8"))]
            assert len(raw[:length]) - len(whole) < 4
    assert LARGEST_TEXT == 1 << 20


def test_a_sentence_cannot_move_the_terminal(refused):
    assert "\x1b" not in refused("step", "a", "--cell", "\x1b]52;c;aGk=\x07")
    assert "\x1b" not in refused("step", "a", "--\x1b[31m")
    assert "\x1b" not in refused("step", "--file", "/\x1b[2J")


def test_one_of_something_is_said_in_the_singular(refused, rnntui, tmp_path):
    vectors = tmp_path / "v.csv"
    vectors.write_text("1,2\n3\n", encoding="utf-8")
    assert "Line 2 of" in (said := refused("step", "--inputs", str(vectors)))
    assert "has 1 number and the first 2;" in said
    vectors.write_text("1,2\n", encoding="utf-8")
    assert "has 1 row and the text 2 tokens;" in refused("step", "ab", "--inputs", str(vectors))
    weights = tmp_path / "w.safetensors"
    assert rnntui("step", "a", "--weights", str(weights)).code == 0
    said = refused("step", "ab", "--load-weights", str(weights))
    assert "reads vectors of 1 number, and the text has 2 different tokens: give --vocab FILE with 1 token," in said
    said = refused("step", "a", "--length", "100000", "--hidden", "1024", "--cell", "rnn")
    assert "(100,000 steps x 1,024 units x 1 symbol x 1 pass)" in said


def test_an_option_of_another_command_is_told_from_a_text_that_begins_with_a_dash(refused):
    said = "No such option here: --config is an option of 'rnntui explore'. See 'rnntui snap --help'."
    assert refused("snap", "explore:text=hi", "--config", "x", "-o", "a.txt").strip() == said
    said = "--versus is an option of 'rnntui explore' and 'rnntui step'. See 'rnntui grad --help'."
    assert refused("grad", "hi", "--versus", "gru").strip().endswith(said)
    assert "A text that begins with a dash comes after --." in refused("step", "-x")
    assert "dash" not in refused("paths", "--nope")
    assert "Did you mean one of" in refused("step", "--hiden", "3", "hi")
