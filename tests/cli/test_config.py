from rnntui.cli.config import configuration
from rnntui.config import TEMPLATE
from rnntui.home import find


def test_the_commented_configuration_is_printed_and_written_once(rnntui, refused):
    assert rnntui("config").text == TEMPLATE
    file = find().config_file
    assert rnntui("config", "--write").text == f"{file}\n"
    assert file.read_text(encoding="utf-8") == TEMPLATE
    assert "exists already" in refused("config", "--write")
    assert f"config file\t{file}\n" in rnntui("paths").text


def test_keys_are_checked_when_a_file_is_named_and_left_aside_with_a_notice_when_it_is_the_usual_one(
    rnntui, tmp_path, refused, monkeypatch
):
    monkeypatch.setattr("rnntui.cli.terminal.require_terminal", lambda: None)
    file = tmp_path / "mine.toml"
    file.write_text('[keys]\n"explore.stepp" = "f2"\n', encoding="utf-8")
    assert "unknown binding 'explore.stepp': did you mean 'explore.step'?" in refused("--config", file)
    file.write_text('[keys]\n"explore.step" = "rihgt"\n', encoding="utf-8")
    assert "explore.step: Unknown key 'rihgt': did you mean 'right'?" in refused("explore", "hi", "--config", file)
    assert "There is no configuration" in refused("explore", "--config", tmp_path / "none.toml")
    assert "--config names no file" in refused("explore", "--config", "")
    assert "--config goes after the command" in refused("--config", file, "step", "hi")
    usual = find().config_file
    usual.parent.mkdir(parents=True)
    usual.write_text('theme = "light"\n[keys]\n"explore.step" = "nokey"\n', encoding="utf-8")
    found, notices = configuration(None, find())
    assert (found.theme, found.keys) == (None, {})
    assert "Unknown key 'nokey'" in notices[0]
    usual.write_text('theme = "light"\n[keys]\n"explore.step" = "f2,comma,ctrl+e"\n', encoding="utf-8")
    assert configuration(None, find())[0].keys == {"explore.step": "f2,comma,ctrl+e"}
    usual.write_text('[keys]\n"explore.step" = "left"\n', encoding="utf-8")
    assert configuration(None, find())[1] == (
        "The configuration gives a key to another action that was for: Go back one token.",
    )
