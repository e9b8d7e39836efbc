"""Sending only what changed must leave the same screen as sending everything."""

import random
import runpy
from collections.abc import Awaitable, Callable

import pyte
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual import _compositor, events
from textual.app import App
from textual.containers import Horizontal
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Button, Static

from rnntui.ui import frame, ink, memory

ROWS, COLUMNS = 32, 48
STYLES = [Style.parse(f"on #{level * 8:02x}40{255 - level * 8:02x}") for level in range(32)]
FAMILY = "👩\u200d👩\u200d👧"
WORDS = ["漢字", "plain", "한글", "e\u0301te\u0301", "🙂", "σ(Wx)", "─┼─", " ", "ﬁ", "x\u0304"]


class Terminal(pyte.Screen):
    """An emulator without line wrap, as Textual's driver asks for, that takes each code point for itself."""

    def __init__(self, columns, lines):
        super().__init__(columns, lines)
        self.reset_mode(pyte.modes.DECAWM >> 5, private=True)

    def draw(self, data):
        for char in data:
            super().draw(char)

    def cells(self):
        return [[tuple(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]


class Recorder(HeadlessDriver):
    """A driver of a terminal that is emulated."""

    is_headless = False
    can_suspend = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sent = ""
        self.terminal = Terminal(*self._size)
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


@pytest.fixture(autouse=True)
def _colours(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def render_style(cls, style, text, color_system, stock=Strip.render_style):
        style._ansi = None  # Textual's styles are shared, and remember the colours of an earlier test's terminal
        return stock(style, text, color_system)

    monkeypatch.setattr(Strip, "render_style", classmethod(render_style))
    Strip.blank.cache_clear()


async def test_the_screen_is_the_one_that_textual_shows():
    await plays_alike(change_column, restyle, widen, narrow, toggle, toggle, batch, resize, restyle)


async def test_modals_and_other_screens_share_one_terminal():
    await plays_alike(push(Question), pop, push(Cover), push(Question), resize, pop, pop, palette, change_column)


async def test_what_floats_over_wide_characters_does_not_split_them():
    await plays_alike(widen, *(move(x, y) for x in range(68, 80) for y in (3, 14)))


@pytest.mark.parametrize("seed", [0, *(pytest.param(rest, marks=pytest.mark.slow) for rest in (1, 2, 3))])
async def test_the_screen_is_the_same_after_any_changes(seed):
    await plays_alike(*(wander(seed * 100 + i) for i in range(20)))


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"COLORTERM": "", "TERM": "xterm"}, id="16 colours"),
        pytest.param({"NO_COLOR": "1"}, id="NO_COLOR"),
        pytest.param({"COLORTERM": ""}, id="256 colours", marks=pytest.mark.slow),
        pytest.param({"TERM": "dumb"}, id="no colour known", marks=pytest.mark.slow),
    ],
)
async def test_terminals_with_fewer_colours_get_theirs(environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    await plays_alike(change_column, restyle, push(Question), pop)


class Map(frame.DiffApp[None]):
    CSS = "Heat { width: 100%; height: 100%; }"

    def compose(self):
        yield Heat()


async def bytes_of(step, app_class=Map):
    app = app_class(driver_class=Recorder)
    async with app.run_test(headless=False, size=(120, 36)):
        await settle(app)
        driver = app._driver
        driver.sent = ""
        step(app)
        await settle(app)
        return len(driver.sent.encode()), driver.sent


async def test_one_column_of_a_heat_map_costs_under_1500_bytes():
    size, sent = await bytes_of(lambda app: app.query_one(Heat).change_column(20))
    assert 32 * 2 < size < 1500
    assert sent.endswith("\x1b[0m\x1b[1;1H")


async def test_fifteen_percent_of_a_heat_map_cost_under_12000_bytes():
    size, _ = await bytes_of(lambda app: app.query_one(Heat).change_some(0.15))
    assert size < 12_000


async def test_painting_the_same_again_sends_no_cell():
    _, sent = await bytes_of(lambda app: app.refresh(layout=True))
    assert not sent.replace("\x1b[1;1H", "")


async def test_meta_is_not_visible_and_sends_nothing():
    class Clickable(Widget):
        clicks = 0

        def render_line(self, y):
            return Strip([Segment("click", Style(bold=True, meta={"clicks": self.clicks}))])

    class Clicks(frame.DiffApp[None]):
        def compose(self):
            yield Clickable()

    def click(app):
        app.query_one(Clickable).clicks += 1
        app.query_one(Clickable).refresh()

    _, sent = await bytes_of(click, Clicks)
    assert not sent.replace("\x1b[1;1H", "")


async def test_what_follows_an_emoji_of_several_code_points_is_placed_anew():
    shown, sent = await play(
        frame.DiffApp,
        lambda app, _: app.query_one("#one", Static).update("ab| one"),
        lambda app, _: app.query_one("#one", Static).update(f"{FAMILY}| one"),
        lambda app, _: app.query_one("#one", Static).update(f"{FAMILY}| two"),
        lambda app, _: app.query_one("#one", Static).update("❤\ufe0f| three"),
    )
    rows = ["".join(cell[0] for cell in screen[22][2:]).strip() for screen in shown[1:]]
    assert rows == ["| one", "| one", "| two", "| three"]
    assert f"{FAMILY}\x1b[23;3H" in sent


def draw(shown, *segments, size=(12, 1)):
    strip = Strip(segments)
    return shown.draw([(y, 0, strip.cell_length, strip) for y in range(2)], ColorSystem.TRUECOLOR, Size(*size))


def test_passing_over_what_is_the_same_sends_the_cells_that_differ():
    chance = random.Random(0)
    pieces = [Segment(text, style) for text in ("a", "bc", "\u0301", "\u0301d", "漢", " ", "é") for style in STYLES[:2]]
    passing = memory.Memory()
    for _ in range(3000):
        segments = [chance.choice(pieces) for _ in range(chance.randrange(1, 7))]
        draw(passing, *segments)
        whole = memory.Memory()
        draw(whole, Segment("x" * 12), *segments)
        draw(whole, *[Segment(piece.text, piece.style) for piece in segments])
        width = sum(ink.columns(segment.text) for segment in segments)
        assert passing.texts[0][:width] == whole.texts[0][:width]
        assert passing.inks[0][:width] == whole.inks[0][:width]


def test_a_link_is_sent_again_when_it_leads_elsewhere():
    shown = memory.Memory()
    draw(shown, Segment("see "), Segment("there", Style(link="https://a.test/")))
    sent = draw(shown, Segment("see "), Segment("there", Style(link="https://b.test/")))
    assert ";https://b.test/\x1b\\\x1b[0mthere\x1b]8;;\x1b\\" in sent
    assert "see" not in sent


def test_what_was_laid_out_for_a_larger_terminal_is_clipped():
    assert draw(memory.Memory(), Segment("漢字abcdef"), size=(3, 1)) == "\x1b[1;1H\x1b[0m漢 "


def test_a_wide_character_is_one_piece_and_so_is_what_is_joined_to_it():
    strip = Strip([Segment(f"a漢{FAMILY}🇩🇪"), Segment("\u0301b\x1b\t")])
    texts, inks = ink.cells(strip, ColorSystem.TRUECOLOR)
    assert texts == ["a", "漢", "", FAMILY, "", "🇩🇪\u0301", "", "b"]
    assert len(inks) == len(texts)


@pytest.mark.parametrize(
    "notice",
    [
        lambda app: app.invalidate(),
        lambda app: app.post_message(Driver.SignalResume()),
        lambda app: app.post_message(events.Resize(app.size, app.size)),
    ],
    ids=["invalidate()", "Ctrl+Z", "a resize that came back"],
)
async def test_what_was_scribbled_on_is_repainted_after(notice):
    def scribble(app, _):
        app._driver.scribble()
        notice(app)

    (before, after), _ = await play(frame.DiffApp, scribble)
    assert after == before


async def test_a_program_that_borrowed_the_terminal_leaves_no_trace():
    def borrow(app, _):
        with app.suspend():
            app._driver.scribble()

    (before, after), _ = await play(frame.DiffApp, borrow)
    assert after == before


WHAT_TEXTUAL_SHOWS = {}


async def shows_what_textual_shows(app_class, driver=Recorder):
    steps = change_column, restyle, push(Question)
    if driver not in WHAT_TEXTUAL_SHOWS:
        WHAT_TEXTUAL_SHOWS[driver] = (await play(App, *steps, driver=driver))[0][-1]
    (*_, shown), _ = await play(app_class, *steps, driver=driver)
    return shown == WHAT_TEXTUAL_SHOWS[driver]


@pytest.fixture
def _comparing_fails(monkeypatch):
    def fail(*_):
        raise AttributeError("chops")

    monkeypatch.setattr(memory.Memory, "draw", fail)


@pytest.mark.usefixtures("_comparing_fails")
async def test_inline_apps_are_left_to_textual(caplog):
    assert await shows_what_textual_shows(frame.DiffApp, Inline)
    assert not caplog.records


@pytest.mark.usefixtures("_comparing_fails")
async def test_when_comparing_fails_textual_goes_on_alone(caplog):
    assert await shows_what_textual_shows(frame.DiffApp)
    assert [record.message for record in caplog.records] == ["frames are sent as Textual makes them from now on"]


@pytest.mark.usefixtures("_comparing_fails")
async def test_another_textual_is_noticed_and_left_alone(monkeypatch, caplog):
    class AnotherUpdate(_compositor.ChopsUpdate):
        def __init__(self, fragments):
            """Not the arguments we know."""

    assert frame.supported()
    frame.supported.cache_clear()
    monkeypatch.setattr(frame, "ChopsUpdate", AnotherUpdate)
    try:
        assert await shows_what_textual_shows(frame.DiffApp)
        assert not frame.supported()
    finally:
        frame.supported.cache_clear()
    assert [record.message.split(":")[0] for record in caplog.records] == ["frames are sent as Textual makes them"]


async def test_without_the_private_names_the_module_still_works(monkeypatch):
    with monkeypatch.context() as other:
        other.delattr(_compositor, "ChopsUpdate")
        names = runpy.run_path(frame.__file__)
    assert not names["supported"]()
    assert await shows_what_textual_shows(names["DiffApp"])
