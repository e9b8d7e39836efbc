import math
from itertools import islice

import pytest

from rnntui.tasks import brackets


def text(lines, seed=0):
    return "".join(islice(brackets.lines(seed), lines))


def test_every_line_closes_what_it_opened_and_the_same_seed_gives_the_same_lines():
    assert text(300) == text(300)
    assert text(300) != text(300, seed=1)
    left = text(300)
    while left != (shorter := left.replace("()", "").replace("[]", "").replace("{}", "")):
        left = shorter
    assert left == "\n" * 300


@pytest.mark.parametrize("opened", ["", "(", "([{", "(" * brackets.DEEPEST])
def test_chances_sum_up_to_one_and_only_the_innermost_may_close(opened):
    known = brackets.chances(opened)
    assert math.isclose(sum(known.values()), 1)
    assert set(known) - set(brackets.PAIRS) == {brackets.PAIRS[opened[-1]] if opened else "\n"}
    assert ("(" in known) == (len(opened) < brackets.DEEPEST)


def test_the_oracle_needs_as_many_bits_as_the_generator_has_entropy():
    long = text(3000)
    assert brackets.bits(long[: len(long) // 2]) == pytest.approx(brackets.bits(long), abs=0.03)
    assert brackets.bits("\n") == 2
    assert brackets.bits("()\n") == pytest.approx((2 + 1 + 2) / 3)


@pytest.mark.parametrize("wrong", [")", "(]", "(\n", "x", "(" * (brackets.DEEPEST + 1)])
def test_a_text_that_breaks_a_rule_is_impossible(wrong):
    assert brackets.bits(wrong) == math.inf
