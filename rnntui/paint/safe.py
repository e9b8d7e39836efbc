"""Text from outside, made paintable: nothing it holds can move the terminal's cursor, set its clipboard or hide.

Only for display; the data keeps its characters. Most text is plain, and then nothing more is loaded than this file.
"""

from __future__ import annotations

import re
from typing import Final

_PLAIN: Final = re.compile(r"[\x20-\x7e\xa1-\xac\xae-\xff]*")


def safe_text(text: str, limit: int | None = None) -> str:
    """The text as one line that can be painted: control characters as pictures (␛ ␊ ␀), hidden ones made visible.

    Those that words are written with by name (‹ZWNJ› ‹ZWJ›), any other as �.
    `limit` is the largest number of characters (grapheme clusters) kept; what is cut is marked with `…`.
    """
    if _PLAIN.fullmatch(text) and (limit is None or len(text) <= limit):
        return text
    from rnntui.paint.clusters import clusters, safe_cluster

    if limit is not None and len(text) > limit:
        kept = clusters(text[: 32 * (limit + 1)])
        if len(kept) > limit:
            text = "".join(kept[: max(0, limit - 1)]) + "…" * min(limit, 1)
    return "".join(safe_cluster(cluster) for cluster in clusters(text))
