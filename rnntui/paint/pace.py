"""How fast a gradient shrinks or grows on its way back, in words: halves every 1.2 steps, grows 2 % a step."""

from __future__ import annotations

from math import exp, inf, isnan, log
from typing import Final

from rnntui.core.flow import Curve

STILL: Final = 5e-5
"""A change of ln‖gradient‖ with each step below which it neither shrinks nor grows."""
DOUBLES: Final = log(2)


def steps(count: float) -> str:
    """A number of steps: 0.01, 1.2, 14, 1,300."""
    if count < 0.095:
        return f"{count:.1g}"
    return f"{count:.1f}" if count < 9.95 else f"{count:,.0f}" if count < 1e6 else f"{count:.0e}".replace("e+0", "e")


def like(rate: float | None, other: float | None) -> str:
    """The same in fewer words where another rate has been told with them: every 1.2."""
    words = every(rate)
    both = words.startswith("halves") and every(other).startswith("halves")
    return words.removeprefix("halves ").removesuffix(" steps") if both else words


def beyond(curve: Curve) -> str:
    """That a gradient is no finite number, and from which step on; empty where it is one."""
    if curve.lost is not None:
        return f"forward pass overflows at t = {curve.lost}"
    return "" if curve.overflow is None else f"overflows at t = {curve.overflow}"


def every(rate: float | None) -> str:
    """What happens with each step back: halves every 1.2 steps, grows 2 % a step; empty where it is unknown.

    A gate that is 0 leaves nothing at once, and no half of it to be waited for.
    """
    if rate is None or isnan(rate):
        return ""
    if rate == -inf:
        return "leaves nothing"
    if abs(rate) < STILL:
        return "stays as large"
    if rate < 0:
        return f"halves every {steps(log(2) / -rate)} steps"
    if rate < DOUBLES:
        percent = 100 * (exp(rate) - 1)
        return f"grows {percent:.{0 if percent >= 0.95 else 1 if percent >= 0.095 else 2}f} % a step"
    return f"grows {exp(min(rate, 700.0)):.3g} times a step"
