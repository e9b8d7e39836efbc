"""The app as a pilot drives it: computing inline, keeping nothing."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from textual.strip import Strip

from rnntui.engine.worker import InlineEngine
from rnntui.home import Home, Settings
from rnntui.scene import parse
from rnntui.ui.app import RnntuiApp
from tests.training.snapshots import SPEC
from tests.ui.stage import OPENINGS, Stage


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


@pytest.fixture
def play(open_app, press):
    """Opens the Train screen; the answer is the app, the stage, and what presses keys and waits for snapshots."""

    def opened(size=(120, 36), enter="3", **options):
        stage = Stage()
        options.setdefault("home", Home(Settings(welcomed=True), (), None, None, openings=OPENINGS))
        context = open_app(size=size, engine=stage, **options)

        class Play:
            async def __aenter__(self):
                self.app, self.pilot = await context.__aenter__()
                self.stage = stage
                await self.press(*enter)
                return self

            async def __aexit__(self, *failure):
                await context.__aexit__(*failure)

            async def press(self, *keys):
                await press(self.app, self.pilot, *keys)

            async def show(self, **fields):
                stage.show(**fields)
                await self.settle()

            async def settle(self):
                for _ in range(5):
                    await asyncio.sleep(0)
                await self.press()

            @property
            def record(self):
                return self.app.activity.record

        return Play()

    return opened


@pytest.fixture
def left(tmp_path):
    """A home with a run that was left at step 24 of 200."""
    folder = tmp_path / "gru-7"
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "spec.json").write_text(SPEC.to_json())
    (folder / "checkpoints" / "step-000000024.json").write_text("{}")
    lines = ['{"step": 0, "val_bpc": 6}', '{"step": 25, "train_bpc": 5, "val_bpc": 4}', '{"step": 99, "val_bpc": 1}']
    (folder / "metrics.jsonl").write_text("\n".join(lines))
    return Home(Settings(welcomed=True), (), None, None, tmp_path)
