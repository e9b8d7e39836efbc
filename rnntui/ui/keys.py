"""Every key of the app, with a stable id by which it can be remapped."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from rnntui.ui.activities import ACTIVITIES


def carrying(activity: str, line: str = "Copy the scene line") -> list[BindingType]:
    """The keys that carry something out of the app, or into it; `line` is what is copied."""
    return [
        Binding("y", "change('copy')", "copy", tooltip=line, id=f"{activity}.copy"),
        Binding("o", "change('open')", "open", tooltip="Open a pasted scene line", id=f"{activity}.open"),
        Binding("x", "change('export')", "export", tooltip="Write the focused pane to a file", id=f"{activity}.export"),
    ]


def read(activity: str) -> list[BindingType]:
    """The keys by which the cell and the text are chosen, each with an id of that activity's own."""
    return [
        Binding("c", "change('cell')", "cell", tooltip="Choose the cell", id=f"{activity}.cell"),
        Binding("t", "change('text')", "text", tooltip="Edit the text in place", id=f"{activity}.text"),
    ]  # fmt: skip


def common(activity: str) -> list[BindingType]:
    """The other keys that mean the same in every activity, each with an id of that activity's own."""
    return [
        Binding("b", "change('both_ways')", "both ways", tooltip="Read in one direction or both", id=f"{activity}.both-ways"),
        Binding("left_square_bracket", "move('lane', -1)", "lane", key_display="[ ]", tooltip="The layer or direction before", id=f"{activity}.lane-back"),
        Binding("right_square_bracket", "move('lane', 1)", "lane on", show=False, tooltip="The next layer or direction", id=f"{activity}.lane"),
        Binding("s", "change('seed')", "seed", tooltip="Other weights from another seed", id=f"{activity}.seed"),
        Binding("i", "change('init')", "init", tooltip="Initialise the weights in another way", id=f"{activity}.init"),
        Binding("H", "change('hidden')", "units", tooltip="Set the number of hidden units", id=f"{activity}.hidden"),
        Binding("u", "undo", "undo", tooltip="Take the last change back", id=f"{activity}.undo"),
        Binding("ctrl+r", "redo", "redo", show=False, tooltip="Take the undo back", id=f"{activity}.redo"),
        Binding("g", "change('go')", "go to", show=False, tooltip="Go to a step by its number", id=f"{activity}.go"),
        Binding("tab", "pane(1)", "pane", show=False, tooltip="The next pane", id=f"{activity}.pane", priority=True),
        Binding("shift+tab", "pane(-1)", "pane back", show=False, tooltip="The pane before", id=f"{activity}.pane-back", priority=True),
        Binding("plus", "speed(1)", "faster", show=False, tooltip="Play faster", id=f"{activity}.faster"),
        Binding("minus", "speed(-1)", "slower", show=False, tooltip="Play slower", id=f"{activity}.slower"),
        *carrying(activity),
        Binding("question_mark", "help", "help", key_display="?", tooltip="What the focused pane shows and which keys work", id=f"{activity}.help"),
    ]  # fmt: skip


EXPLORE: list[BindingType] = [
    Binding("right,l", "move('step', 1)", "step", key_display="←→", tooltip="Read the next token", id="explore.step"),
    Binding("left,h", "move('step', -1)", "back", show=False, tooltip="Go back one token", id="explore.back"),
    Binding("n", "move('sub_step', 1)", "sub-step", tooltip="Compute the next symbol of this step", id="explore.sub-step"),
    Binding("N", "move('sub_step', -1)", "sub-step back", show=False, tooltip="Go back one symbol", id="explore.sub-step-back"),
    Binding("down,j", "move('unit', 1)", "unit", key_display="↑↓", tooltip="The next unit", id="explore.unit-down"),
    Binding("up,k", "move('unit', -1)", "unit up", show=False, tooltip="The unit above", id="explore.unit-up"),
    Binding("enter", "why", "why", key_display="⏎", tooltip="Where the value under the cursor came from", id="explore.why"),
    Binding("space", "play", "play", key_display="space", tooltip="Step by itself, or stop", id="explore.play"),
    Binding("e", "equations", "equations", tooltip="Symbols, numbers put in, the torch line", id="explore.equations"),
    *read("explore"),
    Binding("p", "predict", "predict", tooltip="Say what comes next before it is shown", id="explore.predict"),
    Binding("equals_sign", "change('by_hand')", "clamp", key_display="=", tooltip="Set a value, a state or a weight by hand", id="explore.by-hand"),
    Binding("v", "change('versus')", "versus", tooltip="Step another network beside this one", id="explore.versus"),
    Binding("d", "difference", "difference", tooltip="Show differences to the other, or to the untouched network", id="explore.difference"),
    *common("explore"),
    Binding("home", "move('end', -1)", "first", show=False, tooltip="Before the first token", id="explore.first"),
    Binding("end", "move('end', 1)", "last", show=False, tooltip="After the last token", id="explore.last"),
    Binding("escape", "close", "close", show=False, tooltip="Close the explanation, stop playing", id="explore.close"),
]  # fmt: skip

GRADIENTS: list[BindingType] = [
    Binding("left,h", "move('step', -1)", "walk back", key_display="←→", tooltip="Let the gradient walk back one step", id="gradients.back"),
    Binding("right,l", "move('step', 1)", "return", show=False, tooltip="Return one step towards the loss", id="gradients.return"),
    Binding("f", "forget_bias(1)", "forget bias", key_display="f F", tooltip="Raise the bias of the gate that keeps", id="gradients.raise"),
    Binding("F", "forget_bias(-1)", "forget bias down", show=False, tooltip="Lower the bias of the gate that keeps", id="gradients.lower"),
    Binding("down,j", "move('unit', 1)", "unit", key_display="↑↓", tooltip="The next unit", id="gradients.unit-down"),
    Binding("up,k", "move('unit', -1)", "unit up", show=False, tooltip="The unit above", id="gradients.unit-up"),
    Binding("space", "play", "play", key_display="space", tooltip="Walk by itself, or stop", id="gradients.play"),
    Binding("w", "move('turn', 1)", "forward pass", tooltip="Step the forward pass first, or go to the loss", id="gradients.turn"),
    *read("gradients"),
    Binding("equals_sign", "change('by_hand')", "clamp", show=False, tooltip="Set a value, a state or a weight by hand", id="gradients.by-hand"),
    *common("gradients"),
    Binding("home", "move('end', -1)", "first", show=False, tooltip="To the initial state, where the walk back ends", id="gradients.first"),
    Binding("end", "move('end', 1)", "loss", show=False, tooltip="To the loss, where the walk back begins", id="gradients.loss"),
    Binding("escape", "close", "close", show=False, tooltip="Stop playing", id="gradients.close"),
]  # fmt: skip

TRAIN: list[BindingType] = [
    Binding("space", "go", "train", key_display="space", tooltip="Start, pause or go on, also with an unfinished run", id="train.go"),
    Binding("full_stop", "one_step", "one step", key_display=".", tooltip="Make one update, then wait", id="train.one-step"),
    Binding("escape", "stop", "stop", key_display="esc", tooltip="Forget the marks, leave the past, stop and keep a checkpoint, or put an offered run aside", id="train.stop"),
    Binding("r", "rewind", "rewind", tooltip="Back to the same initial weights, and train again", id="train.rewind"),
    Binding("right,l", "move('t', 1)", "character", key_display="←→", tooltip="The next character of the sentence", id="train.character"),
    Binding("left,h", "move('t', -1)", "character back", show=False, tooltip="The character before", id="train.character-back"),
    Binding("down,j", "move('unit', 1)", "unit", key_display="↑↓", tooltip="The next unit", id="train.unit-down"),
    Binding("up,k", "move('unit', -1)", "unit up", show=False, tooltip="The unit above", id="train.unit-up"),
    Binding("right_square_bracket", "move('layer', 1)", "layer", show=False, tooltip="The next layer", id="train.layer"),
    Binding("left_square_bracket", "move('layer', -1)", "layer back", show=False, tooltip="The layer before", id="train.layer-back"),
    Binding("c", "change('cell')", "cell", tooltip="Choose the cell", id="train.cell"),
    Binding("d", "change('seconds')", "how long", tooltip="Choose how long to train", id="train.seconds"),
    Binding("less_than_sign", "time(-1)", "time", key_display="< >", tooltip="Back in time, to the checkpoint before", id="train.time-back"),
    Binding("greater_than_sign", "time(1)", "time on", show=False, tooltip="On in time, to the next checkpoint or to now", id="train.time"),
    Binding("plus", "temperature(0.1)", "temperature", key_display="+ −", tooltip="Write more boldly", id="train.hotter"),
    Binding("minus", "temperature(-0.1)", "colder", show=False, tooltip="Write more timidly", id="train.colder"),
    Binding("n", "change('knob')", "knobs", tooltip="Turn the learning rate, the clip, the truncation or how it samples", id="train.knob"),
    Binding("t", "change('prime')", "prime", tooltip="Choose the text that it goes on from", id="train.prime"),
    Binding("p", "plot", "plot", tooltip="Bits per character, the gradient's norm, the size of the updates, by turns", id="train.plot"),
    Binding("f", "feature", "feature", tooltip="To the unit that follows the next property of a text most closely", id="train.feature"),
    Binding("s", "symbol", "gate", tooltip="Colour that text by the next gate or state of a unit", id="train.symbol"),
    Binding("m", "mark", "mark", tooltip="Mark stretches of the text in the pane of one unit, to find the unit that follows them", id="train.mark"),
    Binding("enter", "marked", "marked", show=False, tooltip="Marking is done; the arrows choose characters and units again", id="train.marked"),
    Binding("e", "open('explore')", "explore", tooltip="Step this sentence through the trained weights", id="train.explore"),
    Binding("g", "open('gradients')", "gradients", tooltip="See gradients flow back through the trained weights", id="train.gradients"),
    *carrying("train", "Copy the scene line that opens the trained weights"),
    Binding("tab", "pane(1)", "pane", show=False, tooltip="The next pane", id="train.pane", priority=True),
    Binding("shift+tab", "pane(-1)", "pane back", show=False, tooltip="The pane before", id="train.pane-back", priority=True),
    Binding("question_mark", "help", "help", key_display="?", tooltip="What the focused pane shows and which keys work", id="train.help"),
]  # fmt: skip

APP: list[BindingType] = [
    Binding("q", "quit", "quit", tooltip="Leave rnntui; the scene is kept", id="app.quit"),
    Binding("ctrl+c", "quit", "quit", show=False, tooltip="Leave rnntui", id="app.interrupt", priority=True),
    Binding("colon,ctrl+p", "command_palette", "palette", key_display=":", tooltip="Every action by its name", id="app.palette"),
    *(Binding(one.key, f"activity('{one.name}')", one.title, show=False, tooltip=one.tooltip, id=f"app.{one.name}") for one in ACTIVITIES),
    Binding("ctrl+z", "suspend_process", "suspend", show=False, tooltip="Back to the shell; fg returns", id="app.suspend"),
]  # fmt: skip
