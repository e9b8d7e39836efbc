"""Only the cells that differ are sent: how many bytes, and which."""

import random

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from rnntui.ui import frame, ink, memory
from tests.ui.emulated import FAMILY, STYLES, Heat, Recorder, play, settle

pytestmark = pytest.mark.usefixtures("true_colours")


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
