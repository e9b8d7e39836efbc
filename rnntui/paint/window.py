"""Which part of a long row or column is drawn: windows turn half a page at a time and never scroll by one."""

from __future__ import annotations


def window(position: int, size: int, total: int) -> range:
    """The indices (from 0) that `size` places show of `total` items when `position` must be among them.

    Pages overlap by half, so that what was just read stays in sight; the answer depends on nothing but the arguments.
    """
    if total <= size:
        return range(total)
    if size < 2:
        return range(position, position + max(0, size))
    half = size // 2
    start = max(0, position // half - 1) * half
    start = min(start, total - size)
    return range(start, start + size)
