"""An app that is painted into an emulated terminal, and all that can happen to its screen."""

import random
from collections.abc import Awaitable, Callable

import pyte
import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.containers import Horizontal
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Button, Static

from rnntui.ui import frame
from tests.terminal import emulator

ROWS, COLUMNS = 32, 48
STYLES = [Style.parse(f"on #{level * 8:02x}40{255 - level * 8:02x}") for level in range(32)]
FAMILY = "👩\u200d👩\u200d👧"
WORDS = ["漢字", "plain", "한글", "e\u0301te\u0301", "🙂", "σ(Wx)", "─┼─", " ", "ﬁ", "x\u0304"]


class Recorder(HeadlessDriver):
    """A driver of a terminal that is emulated."""

    is_headless = False
    can_suspend = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sent = ""
        self.terminal = emulator.Screen(*self._size)
        self.stream = pyte.Stream(self.terminal)

    def write(self, data):
        self.sent += data
        self.stream.feed(data)

    def scribble(self):
        self.stream.feed("\x1b[7m\x1b[2;2H" + "scribble " * 8 + "\x1b[5;1H" + "漢" * 20)


class Inline(Recorder):
    is_inline = True


class Heat(Widget):
    """A map whose cells are two columns of background."""

    def __init__(self, seed=0):
        super().__init__()
        self.random = random.Random(seed)
        self.levels = [[self.random.randrange(32) for _ in range(COLUMNS)] for _ in range(ROWS)]

    def render_line(self, y):
        style = self.rich_style
        return Strip([Segment("  ", style + STYLES[level]) for level in self.levels[y]] if y < ROWS else [])

    def change_column(self, column):
        for row in self.levels:
            row[column] = (row[column] + 1 + self.random.randrange(31)) % 32
        self.refresh(Region(column * 2, 0, 2, ROWS))

    def change_some(self, share):
        for _ in range(round(share * ROWS * COLUMNS)):
            y, x = self.random.randrange(ROWS), self.random.randrange(COLUMNS)
            self.levels[y][x] = self.random.randrange(32)
        self.refresh()


class Question(ModalScreen[None]):
    CSS = "Question { align: center middle; } Question Static { width: 23; height: 4; background: darkgreen; }"

    def compose(self):
        yield Static("漢字 are you sure 漢字?\n[link='https://a.test/']a link[/]")


class Cover(Screen[None]):
    def compose(self):
        yield Button("another screen")


def subject(base):
    class Subject(base):
        CSS = """
        Screen { layers: below above; }
        Heat { width: 70; height: 14; }
        .text { width: 1fr; height: 4; }
        #float { layer: above; width: 9; height: 3; background: #202060 60%; border: round red; }
        """

        def compose(self):
            with Horizontal(id="row"):
                yield Heat()
                yield Static("漢字かな " * 40, id="side")
            yield Static(
                "[b]bold[/] [i]italic[/] [reverse]reverse[/] [u on red]under[/] 漢字", classes="text", id="one"
            )
            yield Static("[link='https://a.test/']link[/] [s]struck[/] [dim]dim[/]", classes="text", id="two")
            yield Static("漂う float", id="float")

    return Subject


def waits(app):
    """Whether something is still to be laid out or painted."""
    return bool(app._batch_count or app._resize_timer or app._resize_event) or any(
        screen._layout_required
        or screen._scroll_required
        or (screen._repaint_required and screen is app.screen)  # a screen behind a modal always says so
        or screen._dirty_widgets
        or screen._compositor._dirty_regions
        for screen in [app.screen, *app._background_screens]
    )


async def settle(app):
    """Have everything painted that was asked for, now and not at the next tick of Textual's clock."""
    quiet = 0
    for _ in range(1000):
        for screen in app.screen_stack:
            screen._on_timer_update()
        await Pilot(app)._wait_for_screen()
        quiet = 0 if waits(app) else quiet + 1
        if quiet == 3:
            return
    pytest.fail("Textual never stops painting")


Step = Callable[[App, Recorder], Awaitable[None] | None]


async def play(base, *steps, size=(100, 30), driver=Recorder):
    """What the terminal shows after each step and, by stock Textual, a full repaint; and all that was sent."""
    app = subject(base)(driver_class=driver)
    app.animation_level = "none"
    screens = []
    async with app.run_test(headless=False, size=size) as pilot:
        for step in (lambda *_: None, *steps):
            if (waiting := step(app, pilot)) is not None:
                await waiting
            await settle(app)
            if base is App:  # stock Textual splits wide characters at the right end of a dirty span
                app.screen.refresh()
                await settle(app)
            screens.append(app._driver.terminal.cells())
    return screens, app._driver.sent


async def plays_alike(*steps):
    expected, _ = await play(App, *steps)
    shown, _ = await play(frame.DiffApp, *steps)
    for number, (want, got) in enumerate(zip(expected, shown, strict=True)):
        wrong = [
            (y, x, want[y][x], got[y][x]) for y, row in enumerate(want) for x, c in enumerate(row) if c != got[y][x]
        ]
        assert not wrong, f"after step {number}: {wrong[:5]}"


def change_column(app, _):
    app.query_one(Heat).change_column(11)


def restyle(app, _):
    app.query_one("#one", Static).update("[b]bald[/] [i red]italic[/] reverse [u on blue]ünder[/] 漢 字")


def widen(app, _):
    app.query_one("#one", Static).update("a漢字 " * 9)


def narrow(app, _):
    app.query_one("#one", Static).update("漢字 a" * 9)


def toggle(app, _):
    app.query_one("#side").display ^= True


def batch(app, _):
    with app.batch_update():
        change_column(app, _)
        restyle(app, _)
        toggle(app, _)


async def resize(app, pilot, size=(61, 22)):
    driver = app._driver
    driver.terminal.resize(size[1], size[0])
    driver.scribble()
    await pilot.resize_terminal(*size)


async def palette(app, pilot):
    app.action_command_palette()
    await pilot.pause()
    await settle(app)
    await pilot.press("escape")


def move(x, y):
    def step(app, _):
        app.query_one("#float").styles.offset = (x, y)

    return step


def push(screen):
    return lambda app, _: app.push_screen(screen())


def pop(app, _):
    app.pop_screen()


def wander(seed):
    """A random change, the same for every app."""

    def step(app, pilot):
        chance = random.Random(seed)
        choice = chance.randrange(6)
        if choice == 0:
            app.query_one(Heat).change_some(chance.random() / 4)
        elif choice == 1:
            app.query_one(Heat).change_column(chance.randrange(COLUMNS))
        elif choice == 2:
            text = "".join(chance.choice(WORDS) for _ in range(30))
            app.query_one(chance.choice(["#one", "#two", "#side"]), Static).update(text)
        elif choice == 3:
            return move(chance.randrange(80), chance.randrange(20))(app, pilot)
        elif choice == 4:
            toggle(app, pilot)
        else:
            app.query_one("#one").styles.background = chance.choice(["red", "green", "#123456"])
        return None

    return step
