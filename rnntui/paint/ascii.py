"""Any line in plain ASCII, column for column, for terminals and files that cannot show more; layouts hold."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

import regex
from rich.cells import cell_len

_PAIRS: Final = (
    ("━═╸╺▬", "====="),
    ("─╌┄┈╴╶", "------"),
    ("┃│║╵╷▐▌▍▎▏▕", "|||||||||||"),
    ("┆┊╎╏", "::::"),
    ("┏┓┗┛┣┫┳┻╋╂┿╭╮╰╯┌┐└┘├┤┬┴┼╠╣╦╩╬╔╗╚╝", "+++++++++++++++++++++++++++++++++"),
    ("╱╲", "/\\"),
    ("●◉○◦", "oooo"),
    ("·•∙⋅", "...."),
    ("◆■▪█▉▊▋", "#######"),
    ("◇□▫▓▒░", "<##%:."),
    ("▁▂▃▄▅▆▇▀▔", '__..-=+"-'),
    ("▸▶►▹→⇒↦▷", ">>>>>>>>"),
    ("◂◀◄◃←⇐◁", "<<<<<<<"),
    ("▲△↑", "^^^"),
    ("▼▽↓", "vvv"),
    ("⇄↔", "=="),
    ("␣␉␊␍␤␛␀␡", "_$$$$%0?"),
    ("−–—‐‑‒₋⁻", "--------"),
    ("×⊙∗⊗∘", "x*xxo"),
    ("÷∕", "//"),
    ("σςΣτπΠαβγδεθλμρφωΔ∇∂∑", "ssStpPabgdehlmrfwDVdS"),
    ("₊⁺", "++"),
    ("₀₁₂₃₄₅₆₇₈₉", "0123456789"),
    ("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"),
    ("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "aehijklmnoprstuvx"),
    ("…∞√≈≠≤≥‖∈∅ᵀ", "~8V~!<>|e0T"),
    ("‘’‚‹›", "'',<>"),
    ("“”„″«»", '""""<>'),
    ("′±°", "'~o"),
    ("✓✔✗✘⏎⌫↵", "vvxx><>"),
    ("\u00a0◌", " o"),
)


def _braille() -> dict[int, str]:
    """Patterns of dots by the rows that they are in: high, in the middle, low, or in more than one of these."""
    high, middle, low = 0x09, 0x36, 0xC0
    looks: dict[tuple[int, ...], str] = {
        (0, 0, 0): " ", (1, 0, 0): "'", (0, 1, 0): "-", (0, 0, 1): "_", (1, 1, 0): "`", (0, 1, 1): ",",
    }  # fmt: skip
    rows = {dots: tuple(int(bool(dots & part)) for part in (high, middle, low)) for dots in range(256)}
    return {0x2800 + dots: looks.get(found, ":") for dots, found in rows.items()}


_TABLE: Final = (
    {ord(character): instead for many, few in _PAIRS for character, instead in zip(many, few, strict=True)}
    | {ord("🔎"): "> "}
    | _braille()
)


def to_ascii(text: str) -> str:
    """The text with every character that is not ASCII replaced by one that is, or by `?`, in as many columns."""
    if text.isascii():
        return text
    return "".join(_cluster(cluster) for cluster in regex.findall(r"\X", text.translate(_TABLE)))


@lru_cache(maxsize=4096)
def _cluster(cluster: str) -> str:
    if cluster.isascii():
        return cluster
    plain = unicodedata.normalize("NFKD", cluster).encode("ascii", "ignore").decode()
    columns = cell_len(cluster)
    return plain if len(plain) == columns and plain.isprintable() else "?" * columns
