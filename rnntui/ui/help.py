"""What the help screen says: a few lines for each pane, then every key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.binding import Binding, BindingType
from textual.content import Content

KEY_COLUMNS = 14
"""In which the keys stand, to the left of what they do."""
APART = 2
"""Columns between a key and what it does."""
HELP = {
    "explore": "A text is read by a recurrent cell, one token a step; every pane shows the same place of it.",
    "gradients": "A gradient flows back from the loss to the first token; every pane shows the same place of it.",
    "train": "A small network learns to guess the next character of a text; every pane shows the same model of it.",
    "bits": (
        "How many bits a character costs: how well the next one is guessed, lower is better. Of the text that is\n"
        "learned from, of text that is never learned from (validation), and what counting n-grams reaches on the very\n"
        "same stretch of that. At the end the sentence below is about all of it, for both."
    ),
    "norm": (
        "How long the gradient of all parameters is at every update that was seen, on a logarithmic scale. The dashed\n"
        "line is the clip: a longer gradient is shortened to it, its direction stays. n turns it."
    ),
    "ratio": (
        "How far an update moves the weights of a layer: ‖Δw‖ / ‖w‖, on a logarithmic scale. About 0.001 is a rule of\n"
        "thumb; with much less a layer hardly learns, with much more it learns fast or not at all."
    ),
    "writing": (
        "What the model writes by itself, a character at a time, each drawn from what it expects. A low temperature\n"
        "makes it timid, a high one wild. Stretches that stand in the training text are dim."
    ),
    "chances": (
        "Which character the model expects after the one under the cursor, the most probable first. The one that\n"
        "comes in the text is marked."
    ),
    "neuron": (
        "A text that was never learned from, coloured by what one unit does at every character: orange above zero,\n"
        "blue below. f goes to the unit that follows a property of the text most closely (Pearson's r over this\n"
        "text), f again to the next property; ↑↓ go through the units in that order, s through their gates and\n"
        "states. m marks: then arrows move, m begins and ends a stretch, as many as you like, and Enter is\n"
        "done. What is marked is a property like the others. Escape forgets the marks."
    ),
    "reading": (
        "One fixed sentence, read by the model as it is now; ▲ stands under the current character. Colour is what\n"
        "the current unit does there: orange above zero, blue below. ↑↓ choose the unit."
    ),
    "units": (
        "The hidden state while the model reads the sentence: a row a unit, a column a character. Colour and sign are\n"
        "the value, orange above zero, blue below; a dot is near zero. ↑↓ choose the unit, ←→ the character."
    ),
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
    "backflow": (
        "The cell as a diagram, with the norms of the gradients in it: what has come to this step at the right,\n"
        "what it does to the gates, what goes to the step before at the left. The strongest path is lit."
    ),
    "walk": (
        "The sequence as the gradient walks it. ← lets it walk back from the loss, a token at a time; → returns.\n"
        "◆ marks where the loss, or the layer above, adds to it; what truncation keeps away is dotted. Below:\n"
        "what arrives from the step after, what is local, what is passed on. Norms do not add up; the numbers of\n"
        "one unit do."
    ),
    "curve": (
        "The norm of the loss's gradient by every state, on a logarithmic scale, for several cells. A straight\n"
        "line that falls to the left vanishes exponentially. The dashed line is what the gate alone would leave: the\n"
        "last gradient, multiplied unit by unit with the gate's values. A click goes to that step."
    ),
    "spectrum": (
        "How much one step stretches a change of the state. Above: the singular values of each gate's block of\n"
        "the recurrent weights, and ρ, its spectral radius. Below: those of the step Jacobians at every t, and\n"
        "the norm of their product over a distance, with the bound that the largest ones give."
    ),
    "clipping": (
        "The gradient of all parameters as one vector, before and after clipping. By norm it keeps its direction;\n"
        "by value every number is cut for itself, so it turns."
    ),
    "weights": (
        "Every parameter's gradient is a sum over the steps, as the weights are shared: the heights are what each\n"
        "step adds to it. The last line is the saliency: how much one output depends on every token."
    ),
    "paths": (
        "The ways on which the gradient comes to a state at this step: from the loss, and through each equation\n"
        "that reads the state. Bars are norms; the current unit's numbers add up. ▸ is the strongest way."
    ),
    "state": (
        "A state over time: a row a unit, a column a step. Colour is the value, orange above zero, blue below;\n"
        "the sign is written too. Enter explains the value under the cursor."
    ),
}


def page(about: str, bindings: Iterable[BindingType], remapped: Mapping[str, str]) -> Content:
    """The text of the help screen: what the focused pane shows, then the keys, `remapped` by the bindings' ids.

    A key that another action has been given is not told where it was.
    """
    pieces: list[str | tuple[str, str]] = [" ".join(about.split()), "\n\n"]
    seen: set[str] = set()
    given = {(_place(name), key) for name, keys in remapped.items() for key in keys.split(",")}
    for binding in bindings:
        if not isinstance(binding, Binding):
            continue
        words = binding.tooltip or binding.description
        name = binding.id or binding.action
        if not words or name in seen:
            continue
        seen.add(name)
        own = ",".join(key for key in binding.key.split(",") if (_place(name), key) not in given)
        keys = f"{spoken(remapped.get(name, own)):>{KEY_COLUMNS}}"
        pieces += [(keys, "bold $accent"), f"{' ' * APART}{words}\n"]
    return Content.assemble(*pieces)


def laid_out(text: Content, columns: int) -> Content:
    """A help text in lines of so many columns: what a key does stays beside it, however many lines that takes."""
    beside = KEY_COLUMNS + APART
    about, *keys = text.split("\n", allow_blank=True)
    lines = about.wrap(columns)
    for line in keys:
        first, *more = line[beside:].wrap(max(1, columns - beside)) if line else [line]
        lines += [line[:beside] + first, *(Content(" " * beside) + rest for rest in more)]
    return Content("\n").join(lines)


def _place(name: str) -> str:
    """Where a binding is bound: explore of explore.step."""
    return name.partition(".")[0]


NAMES = {
    "right": "→", "left": "←", "up": "↑", "down": "↓", "enter": "Enter", "space": "Space", "escape": "Escape",
    "left_square_bracket": "[", "right_square_bracket": "]", "plus": "+", "equals_sign": "=", "minus": "−",
    "question_mark": "?", "colon": ":", "home": "Home", "end": "End", "tab": "Tab", "backspace": "Backspace",
    "pageup": "PgUp", "pagedown": "PgDn", "shift+tab": "Shift+Tab", "ctrl+r": "Ctrl+R", "ctrl+p": "Ctrl+P",
    "ctrl+z": "Ctrl+Z", "ctrl+c": "Ctrl+C", "full_stop": ".", "less_than_sign": "<", "greater_than_sign": ">",
}  # fmt: skip


def spoken(keys: str) -> str:
    """Keys as they stand on the keyboard: → l."""
    return " ".join(NAMES.get(key.strip(), key.strip()) for key in keys.split(","))
