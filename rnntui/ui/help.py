"""What the help screen says: a few lines for each pane, then every key."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingType
from textual.content import Content

HELP = {
    "explore": "A text is read by a recurrent cell, one token a step; every pane shows the same place of it.",
    "gradients": "A gradient flows back from the loss to the first token; every pane shows the same place of it.",
    "sequence": (
        "The text, one token after the other. ▲ stands under the token that was read last; what has not been\n"
        "read is dim. "
        "With both directions two lanes show how far each has come; where both have been, their states are joined."
    ),
    "cell": (
        "The cell as a diagram, with the numbers of the current unit in it. The sub-step that is computed now is lit;\n"
        "what comes after it is dim. n goes to the next sub-step, N back."
    ),
    "equations": (
        "The cell's equations, read from the code that runs. e shows symbols, numbers put in, or the torch line.\n"
        "σ is the logistic function, ⊙ multiplies element by element."
    ),
    "gates": (
        "What every gate does at this step, a row a unit. A gate lies between 0 (closed) and 1 (open);\n"
        "a candidate lies between −1 and +1."
    ),
    "walk": (
        "The sequence as the gradient walks it. ← lets it walk back from the loss, a token at a time; → returns. ◆ marks\n"
        "where the loss, or the layer above, adds to it; what truncation keeps away is dotted. Below: what arrives from\n"
        "the step after, what is local, what is passed on. Norms do not add up; the numbers of one unit do."
    ),
    "curve": (
        "The norm of the loss's gradient by every state, on a logarithmic scale, for several cells. A straight line that\n"
        "falls to the left vanishes exponentially. The dashed line is what the gate alone would do: the product of its\n"
        "values. A click goes to that step."
    ),
    "paths": (
        "The ways on which the gradient comes to a state at this step: from the loss, and through each equation that\n"
        "reads the state. Bars are norms; the current unit's numbers add up. ▸ is the strongest way."
    ),
    "state": (
        "A state over time: a row a unit, a column a step. Colour is the value, orange above zero, blue below;\n"
        "the sign is written too. Enter explains the value under the cursor."
    ),
}


def page(about: str, bindings: Iterable[BindingType]) -> Content:
    """The text of the help screen: what the focused pane shows, then the keys."""
    pieces: list[str | tuple[str, str]] = [about, "\n\n"]
    seen: set[str] = set()
    for binding in bindings:
        if not isinstance(binding, Binding):
            continue
        words = binding.tooltip or binding.description
        name = binding.id or binding.action
        if not words or name in seen:
            continue
        seen.add(name)
        pieces += [(f"{spoken(binding.key):>14}", "bold $accent"), f"  {words}\n"]
    return Content.assemble(*pieces)


NAMES = {
    "right": "→", "left": "←", "up": "↑", "down": "↓", "enter": "Enter", "space": "Space", "escape": "Escape",
    "left_square_bracket": "[", "right_square_bracket": "]", "plus": "+", "equals_sign": "=", "minus": "−",
    "question_mark": "?", "colon": ":", "home": "Home", "end": "End", "tab": "Tab", "backspace": "Backspace",
    "pageup": "PgUp", "pagedown": "PgDn", "shift+tab": "Shift+Tab", "ctrl+r": "Ctrl+R", "ctrl+p": "Ctrl+P",
    "ctrl+z": "Ctrl+Z", "ctrl+c": "Ctrl+C",
}  # fmt: skip


def spoken(keys: str) -> str:
    """Keys as they stand on the keyboard: → l."""
    return " ".join(NAMES.get(key.strip(), key.strip()) for key in keys.split(","))
