"""`rnntui explore`: the app."""

from __future__ import annotations

import math
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from rnntui.cli.options import VERSUS, OneOf, scene_options
from rnntui.looks import COLOURS, THEMES

if TYPE_CHECKING:
    from rnntui.engine.client import Engine
    from rnntui.looks import Colours, Theme
    from rnntui.scene import Scene


@click.command(short_help="Step a text through a cell, on the screen.")
@scene_options
@VERSUS
@click.option("--theme", type=OneOf("theme", *THEMES), help="Colours; kept for next time.")
@click.option("--colours", type=OneOf("colours", *COLOURS), help="Depth of colour.  [what the terminal says]")
@click.option("--config", "config_file", metavar="FILE", help="The configuration.  [as `rnntui paths` says]")
@click.option("--ascii", "ascii_", is_flag=True, help="Draw with ASCII only (by itself where the locale is not UTF-8).")
def explore(
    *, theme: Theme | None, colours: Colours | None, config_file: str | None, ascii_: bool, **given: Any
) -> None:
    """Step TEXT through a recurrent cell, on the screen.

    A TEXT of - is read from standard input. Without any text: a guided first minute, later the scene of last time.
    """
    from rnntui.cli import terminal
    from rnntui.cli.config import configuration
    from rnntui.cli.given import FILES, NAMED, chosen, scene_from
    from rnntui.home import Home, find

    piped = given["text"] == "-"
    if not piped:
        terminal.require_terminal()
    paths = find()
    config, about_config = configuration(config_file, paths)
    home = Home.open(paths)
    try:
        changed = any(given[name] is not None for name in (*NAMED, *FILES, "versus")) or bool(given["touches"])
        usual = config.scene or (_usual(home.settings.scene) if changed else None)
        scene, notices = scene_from(given, usual)
        if scene is not None:
            _check_text(scene)
        if piped:
            terminal.take_keys_from_terminal()
            terminal.require_terminal()

        from rnntui.engine.client import Engine

        with closing(Engine(log=paths.log_file)) as engine:  # started by the app, once its first frame is out
            if scene is not None and (scene.reads_file or any(given[name] is not None for name in FILES)):
                scene, left_open = _adopted(engine, scene, chosen(given) if given["load_weights"] is not None else None)
                notices += left_open
            from rnntui.ui.app import RnntuiApp

            with terminal.stderr_in_log():
                app = RnntuiApp(
                    engine,
                    scene,
                    home,
                    theme=theme or config.theme,
                    ascii=ascii_ or not terminal.is_utf8(),
                    colours=colours or config.colours or terminal.colours(),
                    keys=config.keys,
                    notices=(*about_config, *notices),
                )
                app.run()
    finally:
        home.close()
    if app.return_code == 1:
        from rnntui.cli.say import say

        say(f"The app broke off. This is a fault of rnntui; where it came from is in {paths.log_file}.")
    from rnntui.cli.signals import SIGNALLED

    if app.return_code is not None and app.return_code > SIGNALLED:
        terminal.write_no_more()
    sys.exit(app.return_code)


def _adopted(engine: Engine, scene: Scene, given: tuple[str, ...] | None) -> tuple[Scene, tuple[str, ...]]:
    """The scene with what its weights say, whose files are checked before the app opens for it; the engine has torch.

    `given` are the fields that no weights may gainsay, or None where no weights are to be asked.
    """
    from rnntui.cli.asking import answer
    from rnntui.scene import Scene

    notices: tuple[str, ...] = ()
    if given is not None:
        found = answer(engine, scene, "adopt", scene, given)
        assert isinstance(found, tuple)
        scene, notices = found
        assert isinstance(scene, Scene)
    answer(engine, scene, "check", scene)
    return scene, notices


def _check_text(scene: Scene) -> None:
    """Refuse a text that cannot be read before the app opens for it."""
    if not (scene.text or scene.file):
        return
    from rnntui.core.text import text_of
    from rnntui.core.tokens import numbers, tokens

    found, _ = tokens(text_of(scene), scene.tokens)
    if scene.tokens == "number":
        for _ in numbers(found, math.inf):
            pass


def _usual(line: str) -> Scene:
    """The scene that options change when they name no text: the one of last time, or the first minute's."""
    from rnntui.course.welcome import welcome
    from rnntui.scene import parse

    return parse(line) if line else welcome().scene
