"""See inside recurrent neural networks, in the terminal.

One truth: a cell is a small torch function whose assignments are its equations. `core.equations` reads that function's
source; what runs, what is shown, what is explained and what the tests assert are the same text.

    lessons/*.md ─► course ─┐
                            ▼
     key ─► screen ─► Scene ─► engine.ask ─► lab ─► core                     (torch, in a child process)
      ▲                  │
      │                  ▼  Trace: frozen, numpy arrays, no torch
    messages ◄── panes ◄── paint(trace, cursor)                              (Textual)

Rooms, each with what it may import (checked by the contracts in pyproject.toml and by tests/test_architecture.py):

    scene       Scene and Cursor, to and from one line of text               standard library
    files home  files written whole; the settings of last time; looks: names  standard library, platformdirs, filelock
    core        what is true: cells, equations, unrolling, initialisation,   torch; but trace, expression, evaluate,
                provenance, records                                          parts, worked, provenance, store: numpy
    lab         the one door to what computes: trace, parameters             core
    engine      where it runs: client (no torch) and worker (the lab);       standard library
                questions are asked, generators are streamed
    course      lessons: the first minute
    paint       how it looks: pure functions from a trace and a cursor       rich, scene, core's records
    ui          where it is seen: app, screens, panes                        Textual, paint, course, engine.client
    cli         the command line: hands one side to the other

Decisions that differ from the first design, and why:

- Provenance is read on the seen side: the trace carries the weights, so the numbers under the cursor follow the key
  without a round trip, and stay when the worker has died. It is numpy only.
- The engine has a fork server of its own: Python's runs `__main__` again in every child, outlives a killed client with
  a busy child, and cannot be started inside a running app.
- A stream (training) has a process of its own that ends with it, so nothing of one run is left for the next; while
  nobody asks, the worker that stands by imports what the next one would wait for.
- The app starts the engine once its first frame is out: beside torch's import that frame would take 1.6 times as long.
- `core.loops` writes the paper's GRU a second time, as a fast loop for long texts that torch has no module for; it is
  held to the cell's own equations by tests.
- Every frame is compared with what the terminal shows (`ui.frame`), so panes may repaint themselves whole and still
  only changed cells travel. It is the one file that touches Textual's private parts.
- `t` in a scene and a cursor is the t of the equations: the backward lane starts at T + 1 and counts down.
"""

__version__ = "0.1.0"
