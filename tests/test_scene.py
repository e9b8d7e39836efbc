import re
from dataclasses import fields, replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnntui.errors import BadInput
from rnntui.names import cell_names, nearest
from rnntui.scene import ACTIVITIES, DTYPES, INPUTS, LARGEST, TOKENS, WALKS, Cursor, Scene, parse

ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
OWN_CELLS = st.builds("{}.py{}".format, ANY_TEXT.filter(bool), st.sampled_from(("", ":f", ":größe_2")))
HASH = st.text("0123456789abcdef", max_size=64)


@st.composite
def scenes(draw):
    hidden, layers = draw(st.integers(1, LARGEST["hidden"])), draw(st.integers(1, LARGEST["layers"]))
    tokens = draw(st.sampled_from(TOKENS))
    both = draw(st.booleans())
    file = draw(st.one_of(st.just(""), ANY_TEXT))
    inputs = draw(st.sampled_from(("onehot", "a b:c.npy") if tokens == "number" else (*INPUTS, "a b:c.npy")))
    embedding = draw(ANY_TEXT) if inputs == "onehot" and tokens != "number" else ""
    weights = draw(ANY_TEXT)
    truncate = draw(st.integers(0, LARGEST["length"]))
    return Scene(
        activity=draw(st.sampled_from(ACTIVITIES)),
        length=draw(st.integers(0, LARGEST["length"])),
        loss=draw(st.from_regex(r"last|mean|lm|token:[1-9][0-9]{0,8}", fullmatch=True)),
        truncate=truncate,
        every=draw(st.integers(0, LARGEST["length"])) if truncate else 0,
        clip=draw(st.sampled_from(("", "1", "0.25", "value:.5"))),
        walk=draw(st.sampled_from(WALKS)),
        cell=draw(st.one_of(st.sampled_from(cell_names()), OWN_CELLS)),
        cell_sha256=draw(HASH),
        text="" if file else draw(ANY_TEXT),
        file=file,
        sha256=draw(HASH),
        tokens=tokens,
        inputs=inputs,
        hidden=hidden,
        layers=layers,
        bidirectional=both,
        seed=draw(st.integers(0, LARGEST["seed"])),
        init=draw(ANY_TEXT),
        dtype=draw(st.sampled_from(DTYPES)),
        weights=weights,
        weights_sha256=draw(HASH),
        embedding=embedding,
        embedding_sha256=draw(HASH),
        vocab=draw(ANY_TEXT.filter(bool)) if embedding else "",
        vocab_sha256=draw(HASH),
        inputs_sha256=draw(HASH),
        readout=draw(ANY_TEXT) if weights else "",
        layer=draw(st.integers(0, layers - 1)),
        direction=draw(st.sampled_from(("forward", "backward") if both else ("forward",))),
        t=draw(st.integers(0, 10**9)),
        symbol=draw(ANY_TEXT),
        unit=draw(st.integers(0, hidden - 1)),
        partial=draw(st.booleans()),
    )


@given(scenes())
def test_any_scene_comes_back_from_its_line(scene):
    assert parse(str(scene)) == scene


@given(scenes())
def test_a_line_is_one_line_of_safe_characters(scene):
    assert re.fullmatch(r"[A-Za-z0-9._=@:/,%-]+", str(scene))


@given(scenes())
def test_the_line_is_canonical(scene):
    assert str(parse(str(scene))) == str(scene)


def test_the_usual_line_is_short_and_readable():
    assert str(Scene(text="hello", t=3)) == "explore:cell=lstm,text=hello,hidden=8,seed=0,t=3"
    assert parse("explore:cell=lstm,text=hello,hidden=8,seed=0,t=3") == Scene(text="hello", t=3)


def test_all_but_a_few_characters_are_percent_encoded():
    free = "ABCXYZabcxyz0123456789._-=@:/"
    assert f"text={free}," in str(Scene(text=free))
    for character in "".join(map(chr, range(128))) + "é🇩\u2028":
        if character not in free and not (character.isascii() and character.isalnum()):
            line = str(Scene(text=character))
            (written,) = re.findall(r"text=([^,]*),", line)
            assert re.fullmatch(r"(%[0-9A-F]{2})+", written)
            assert unquote(written) == character


def test_a_plus_is_a_plus():
    assert parse("explore:text=1+1").text == "1+1"
    assert "text=1%2B1" in str(Scene(text="1+1"))


def test_small_hexadecimal_digits_are_read_too():
    assert parse("explore:text=%c3%A9").text == "é"


def test_spaces_around_a_pasted_line_do_not_matter():
    assert parse("  explore:text=a\n") == Scene(text="a")


def test_an_empty_line_of_keys_is_the_default_scene():
    assert parse("explore:") == Scene()


def test_a_text_is_left_out_where_a_file_is_read():
    assert str(Scene(file="/a b")) == "explore:cell=lstm,file=/a%20b,hidden=8,seed=0,t=0"


def test_every_field_but_the_activity_has_a_key():
    for field in fields(Scene):
        if field.name != "activity":
            with pytest.raises(BadInput, match=f"'{field.name.replace('_', '-')}' has no value"):
                parse(f"explore:{field.name.replace('_', '-')}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hello", "this one has no colon"),
        ("", "this one has no colon"),
        ("explor:text=a", "Unknown activity 'explor': did you mean 'explore'?"),
        ("explore:txt=a", "Unknown key 'txt' in the scene line: did you mean 'text'?"),
        ("explore:activity=explore", "Unknown key 'activity'"),
        ("explore:weights_sha256=a", "Unknown key 'weights_sha256' in the scene line: did you mean 'weights-sha256'?"),
        ("explore:text=a,text=b", "says 'text' twice"),
        ("explore:text=a,file=b", "either text= or file="),
        ("explore:text=%", "a % that two hexadecimal digits do not follow"),
        ("explore:text=%4", "a % that two hexadecimal digits do not follow"),
        ("explore:text=%zz", "a % that two hexadecimal digits do not follow"),
        ("explore:text=%ff", "no UTF-8"),
        ("explore:text=%ED%A0%80", "no UTF-8"),
        ("explore:cell=lsmt", "Unknown cell 'lsmt': did you mean 'lstm'?"),
        ("explore:tokens=words", "Unknown tokens 'words': did you mean 'word'?"),
        ("explore:inputs=one", "Unknown inputs 'one'"),
        ("explore:dtype=float16", "Unknown dtype 'float16'"),
        ("explore:bidirectional=true", "Unknown bidirectional 'true'"),
        ("explore:hidden=8.0", "hidden='8.0' is not a whole number"),
        ("explore:hidden=-1", "is not a whole number"),
        ("explore:hidden=٣", "is not a whole number"),
        ("explore:hidden=", "is not a whole number"),
        ("explore:hidden=0", "hidden = 0 is outside 1…1024"),
        ("explore:hidden=1025", "hidden = 1025 is outside 1…1024"),
        ("explore:layers=17", "layers = 17 is outside 1…16"),
        ("explore:seed=9223372036854775808", "outside 0…9223372036854775807"),
        ("explore:seed=" + "9" * 5000, "is not a whole number"),
        ("explore:" + "k" * 5000 + "=1", "Unknown key 'kkk"),
        ("explore:cell=%1b[0m%0a", r"Unknown cell '\x1b[0m\n'"),
        ("explore:layer=1", "layer = 1 is outside 0…0"),
        ("explore:unit=8", "unit = 8 is outside 0…7"),
        ("explore:direction=backward", "needs bidirectional=yes"),
        ("explore:direction=left,bidirectional=yes", "Unknown direction 'left'"),
        ("explore:tokens=number,inputs=random", "does not fit tokens=number"),
        ("gradients:loss=first", "Unknown loss 'first'; choose last, mean, lm or token:T"),
        ("gradients:loss=token:0", "Unknown loss 'token:0'"),
        ("gradients:clip=0", "The clip '0' is no limit above 0"),
        ("gradients:clip=value:", "The clip 'value:' is no limit above 0"),
        ("gradients:clip=1e5", "The clip '1e5' is no limit above 0"),
        ("gradients:length=10000000", "length = 10000000 is outside 0…100000"),
        ("gradients:every=2", "give truncate= too"),
        ("gradients:walk=up", "Unknown walk 'up'"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_in_one_sentence(line, said):
    with pytest.raises(BadInput) as caught:
        parse(line)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@given(ANY_TEXT)
def test_no_line_at_all_is_more_than_refused(line):
    for text in (line, f"explore:{line}", f"explore:text={line}"):
        try:
            parse(text)
        except BadInput:
            continue


def test_a_lone_surrogate_is_refused():
    with pytest.raises(BadInput, match="The text holds a lone surrogate"):
        Scene(text="\ud800")
    for field in ("file", "weights"):
        with pytest.raises(BadInput, match=f"The name of the {field} is not UTF-8.*; rename the file"):
            Scene(**{field: "caf\udce9.txt"})


def test_the_cursor_of_a_scene_and_a_scene_at_a_cursor():
    scene = Scene(text="hello", layers=2, bidirectional=True)
    cursor = Cursor(1, "backward", 4, "f", 7, True)
    assert scene.at(cursor).cursor == cursor
    assert replace(scene.at(cursor), **vars(Cursor())) == scene


def test_the_nearest_known_word_is_named_first_and_all_of_them_after():
    assert nearest("grru", ("gru", "lstm")) == "did you mean 'gru'? Known: gru, lstm"
    assert nearest("zzz", ("gru", "lstm")) == "Known: gru, lstm"
