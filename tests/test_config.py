from pathlib import Path

import pytest

from rnntui.config import KEYS, TEMPLATE, Config, load
from rnntui.errors import BadInput
from rnntui.scene import Scene


@pytest.fixture
def written(tmp_path):
    def write(text):
        file = tmp_path / "config.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


NOWHERE = Path("/nonexistent/config.toml")


def test_nobody_needs_a_configuration():
    assert load(None, NOWHERE, {}) == (Config(file=str(NOWHERE)), ())


def test_the_template_says_nothing_and_without_its_marks_it_says_every_key(written):
    assert load(written(TEMPLATE), NOWHERE, {})[0].theme is None
    spoken = "\n".join(line.removeprefix("# ") for line in TEMPLATE.splitlines()[3:])
    found, notices = load(written(spoken), NOWHERE, {})
    assert (found.theme, found.colours, notices) == ("dark", "truecolor", ())
    assert found.scene == Scene(cell="gru", text="hello")
    assert found.keys["explore.step"] == "right,l"
    assert all(key in spoken for key in KEYS)


def test_the_environment_wins_over_the_file(written):
    file = written('theme = "light"\nscene = "explore:text=a"\n[keys]\n"app.quit" = "f10"\n')
    environ = {"RNNTUI_THEME": "contrast", "RNNTUI_SCENE": "explore:text=b", "RNNTUI_COLOURS": "16"}
    found, _ = load(file, NOWHERE, environ)
    assert (found.theme, found.colours, found.scene) == ("contrast", "16", Scene(text="b"))
    assert found.keys == {"app.quit": "f10"}
    assert load(None, NOWHERE, {"RNNTUI_CONFIG": str(file)})[0].theme == "light"


BAD = [
    ("theme = ", "is no TOML"),
    (b"\xff\xfe", "is no TOML"),
    ('them = "dark"', "unknown key 'them': did you mean 'theme'?"),
    ('theme = "drak"', "theme = 'drak': did you mean 'dark'?"),
    ("theme = 3", "theme = 3: Known: dark, light, contrast"),
    ("theme = []", "theme = []: Known: dark"),
    ('colours = "many"', "colours = 'many'"),
    ("scene = 1", "scene is a line in quotes"),
    ('scene = "explore:txt=a"', "Unknown key 'txt'"),
    ("keys = 1", "keys is a table"),
    ('[keys]\n"app.quit" = 1', "app.quit needs a key in quotes"),
    ('[keys]\n"app.quit" = "q,"', "app.quit needs a key in quotes"),
    ("[" * 2000, "is no TOML"),
    ("a = 1\n" * 200_000, "larger than 1 MiB"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_a_file_that_was_named_is_refused_in_one_sentence(written, text, said):
    with pytest.raises(BadInput) as caught:
        load(written(text), NOWHERE, {})
    assert said in str(caught.value)
    assert "config.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("text", "said"), BAD)
def test_the_usual_file_is_left_aside_and_that_is_said(written, text, said):
    found, (notice,) = load(None, written(text), {})
    assert found == Config()
    assert said in notice


def test_a_named_file_has_to_be_there():
    with pytest.raises(BadInput, match="There is no configuration /nonexistent/config"):
        load(NOWHERE, Path("/other"), {})


def test_a_wrong_word_in_the_environment_names_its_variable():
    with pytest.raises(BadInput, match="RNNTUI_THEME: theme = 'dusk'"):
        load(None, NOWHERE, {"RNNTUI_THEME": "dusk"})
