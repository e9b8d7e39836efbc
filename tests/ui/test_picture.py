"""Pictures look the same in every renderer and fetch nothing."""

import re

from rnntui.ui.picture import portable

RUN = '<text class="r1" x="{x}" y="20" textLength="{length}" clip-path="url(#a)">{text}</text>'


def test_a_run_starts_at_its_first_visible_character():
    svg = RUN.format(x=12.2, length=61, text="&#160;&#160;a&#160;b")
    assert portable(svg) == RUN.format(x="36.6", length="36.6", text="a&#160;b")


def test_an_entity_is_one_column():
    svg = RUN.format(x=0, length=48.8, text="&#160;&lt;&amp;x")
    assert portable(svg) == RUN.format(x="12.2", length="36.6", text="&lt;&amp;x")


def test_blanks_alone_are_left_out_and_other_runs_left_alone():
    assert portable(RUN.format(x=0, length=24.4, text="&#160;&#160;")) == ""
    assert portable(RUN.format(x=0, length=24.4, text="ab")) == RUN.format(x=0, length=24.4, text="ab")


async def test_a_screenshot_names_no_address(open_app):
    async with open_app() as (app, _):
        svg = app.export_screenshot()
    assert not re.search(r'url\("?http', svg)
    assert 'src: local("FiraCode-Regular");' in svg
