"""The app as a pilot drives it: computing inline, keeping nothing."""

from contextlib import asynccontextmanager

import pytest
from textual.strip import Strip

from rnntui.engine.worker import InlineEngine
from rnntui.scene import parse
from rnntui.ui.app import RnntuiApp


@pytest.fixture
def open_app():
    @asynccontextmanager
    async def opened(line="explore:cell=lstm,text=hello,hidden=3", size=(120, 36), engine=None, **options):
        app = RnntuiApp(engine or InlineEngine(), parse(line) if line else None, colours="truecolor", **options)
        async with app.run_test(size=size) as pilot:
            await app.idle()
            await pilot.pause()
            yield app, pilot

    return opened


@pytest.fixture
def press():
    async def pressed(app, pilot, *keys):
        await pilot.press(*keys)
        await app.idle()
        await pilot.pause()

    return pressed


@pytest.fixture
def true_colours(monkeypatch):
    """A terminal of all colours, whatever the tests run in."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def render_style(cls, style, text, color_system, stock=Strip.render_style):
        style._ansi = None  # Textual's styles are shared, and remember the colours of an earlier test's terminal
        return stock(style, text, color_system)

    monkeypatch.setattr(Strip, "render_style", classmethod(render_style))
    Strip.blank.cache_clear()
