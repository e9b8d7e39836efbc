"""A pane that keeps its lines must look as if Textual had drawn every one of them anew."""

import random

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from rnntui.paint.painting import Painting
from rnntui.ui import ink
from rnntui.ui.filters import Ascii, Printable
from rnntui.ui.panes.painted import Painted

STYLES = [Style(), Style(bold=True), Style.parse("red on #102030"), Style(color="bright_blue", dim=True)]
TEXTS = ["+3", " ", "漢字", "σ(0.3) = 0.57", "─" * 7, "e\u0301", "🙂", "a rather long piece of text "]


class Kept(Painted, can_focus=True):
    picture = Painting([])

    def __init__(self):
        super().__init__("kept")

    def painting(self):
        return self.picture


class Anew(Widget, can_focus=True):
    """What Textual alone makes of the same painting."""

    picture = Painting([])

    def render_line(self, y):
        lines, style, width = self.picture.lines, self.rich_style, self.content_size.width
        return Strip(lines[y] if y < len(lines) else []).apply_style(style).adjust_cell_length(width, style)


class Both(App[None]):
    CSS = """
    #kept, #anew { width: 40; height: 9; border: round $border; padding: 0 1; background: $panel; }
    #kept:focus, #anew:focus { border: round $accent; border-title-color: $accent; }
    .bare { border: none !important; padding: 0 !important; }
    .small { width: 17 !important; height: 5 !important; }
    """
    AUTO_FOCUS = None
    own = (Printable(),)

    def get_line_filters(self):
        return [*super().get_line_filters(), *self.own]

    def compose(self):
        yield Kept()
        yield Anew(id="anew")

    @property
    def pair(self):
        return self.query_one(Kept), self.query_one(Anew)


def cells(widget, crop=None):
    lines = widget.render_lines(crop or widget.region.size.region)
    return [ink.cells(line, ColorSystem.TRUECOLOR) for line in lines]


def picture(chance):
    lines = [
        [Segment(chance.choice(TEXTS), chance.choice(STYLES)) for _ in range(3)] for _ in range(chance.randrange(9))
    ]
    return Painting(lines)


async def change(app, pilot, chance):
    """One change of any kind, made to both."""
    kept, anew = app.pair
    choice = chance.randrange(8)
    if choice < 3:
        lines = picture(chance).lines
        keep = kept.picture.lines if choice else []
        kept.picture = anew.picture = Painting(
            [old if chance.random() < 0.7 else new for old, new in zip(keep, lines, strict=False)] or lines
        )
        kept.repaint()
        anew.refresh()
    elif choice == 3:
        words = chance.choice(["h · unit 2: −0.31", "c", "", "a title that is far too long for any border", "漢字"])
        kept.set_title(words)
        anew.border_title = Content(words)
    elif choice == 4:
        focused = []
        for one in app.pair:
            one.focus()
            await pilot.pause()
            focused.append(cells(one))
        assert focused[0] == focused[1]
        app.set_focus(None)
    elif choice == 5:
        app.theme = chance.choice(["nord", "textual-light", "textual-dark"])
    elif choice == 6:
        app.own = chance.choice([(Printable(),), (Printable(), Ascii())])
        app.refresh_css()
    else:
        name = chance.choice(["bare", "small"])
        for one in app.pair:
            one.toggle_class(name)
    await pilot.pause()


@pytest.mark.slow
async def test_a_pane_looks_as_textual_would_draw_it_whatever_changes():
    chance = random.Random(1)
    app = Both()
    async with app.run_test(size=(60, 30)) as pilot:
        for step in range(120):
            await change(app, pilot, chance)
            kept, anew = app.pair
            assert cells(kept) == cells(anew), step
            part = Region(chance.randrange(5), chance.randrange(3), 9, 2)
            assert cells(kept, part) == cells(anew, part), step


async def test_a_line_that_did_not_change_is_the_same_strip_as_before():
    app = Both()
    async with app.run_test(size=(60, 30)) as pilot:
        kept, _ = app.pair
        kept.picture = Painting([[Segment("one")], [Segment("two")]])
        kept.repaint()
        kept.set_title("first")
        await pilot.pause()
        region = kept.region.size.region
        before = kept.render_lines(region)
        kept.picture = Painting([[Segment("one")], [Segment("three")]])
        changed = kept.canvas.paint(kept.picture, kept.content_size)
        assert changed == [Region(0, 1, kept.content_size.width, 1)]
        kept.set_title("second")
        after = kept.render_lines(region)
        assert [y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old is not new] == [0, 2]


async def test_in_ascii_another_title_is_ascii_too():
    app = Both()
    async with app.run_test(size=(60, 30)) as pilot:
        app.own = (Printable(), Ascii())
        app.refresh_css()
        kept, anew = app.pair
        for words in ("Why", "i₁₀[0]", "h · unit 2", "c · 漢字"):
            kept.set_title(words)
            anew.border_title = Content(words)
            await pilot.pause()
            assert cells(kept) == cells(anew)
            assert all(strip.text.isascii() for strip in kept.render_lines(kept.region.size.region))
