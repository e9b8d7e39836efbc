"""See inside recurrent neural networks, in the terminal.

One truth: a cell is a small torch function whose assignments are its equations. `core.equations` reads that function's
source; what runs, what is shown, what is explained and what the tests assert are the same text.

    lessons/*.md ─► course ─┐
                            ▼
     key ─► screen ─► Scene ─► engine.ask ─► lab ─► core                     (torch, in a child process)
      ▲                  │
      │                  ▼  Trace: frozen, numpy arrays, no torch
    messages ◄── panes ◄── paint(trace, cursor)                              (Textual)

Rooms, each with what it may import. The contracts in pyproject.toml and tests/test_architecture.py check that imports
run downwards, and that what is seen never reaches torch, nor what computes the screen:

    scene       Scene and Cursor, to and from one line of text; pairs: how   standard library
                such a line is written
    cellname    a learner's own cell by name: FILE.py:FUNCTION; versus:      standard library
                what stands beside a scene; names; checked; inits; config
    files home  files written whole; the settings of last time; looks: names  standard library, platformdirs, filelock
    core        what is true: cells, equations, unrolling, initialisation,   torch; but what records and explains:
                provenance, records; in core.gradients their derivatives     trace, flow, provenance, …: numpy
    lessons     where the lessons lie                                        standard library
    tasks       what to learn from: corpora, generators with an oracle       standard library
    models      what learns: the character model, its way back, n-grams      torch, core
    training    how it learns: sessions, checkpoints                         models, tasks, core; but its records (spec,
                                                                             record, progress, curve, shelf, …): numpy
    lab         the one door to what computes: trace, study, training, …     core, training
    engine      where it runs: client (no torch) and worker (the lab);       standard library
                questions are asked, generators are streamed
    course      lessons: the first minute
    paint       how it looks: pure functions from a record and a cursor      rich, scene, records of core and training
    ui          where it is seen: app, screens, panes                        Textual, paint, course, engine.client,
                                                                             records of core and training
    cli         the command line: hands one side to the other

Decisions that differ from the first design, and why:

- Provenance is read on the seen side: the trace carries the weights, so the numbers under the cursor follow the key
  without a round trip, and stay when the worker has died. It is numpy only.
- The engine has a fork server of its own: Python's runs `__main__` again in every child, outlives a killed client with
  a busy child, and cannot be started inside a running app.
- A stream (training) has a process of its own that ends with it, so nothing of one run is left for the next; once the
  Train screen was shown, the worker that stands by reads and counts beforehand what the next one would wait for.
- The app starts the engine once its first frame is out: beside torch's import that frame would take 1.6 times as long.
- A learner's own cell is read once (`core.cellfile`), run within limits (`core.fence`) and tried for one step
  (`core.trial`); its weights are parameters by their own names (`core.ownweights`). The command line asks an engine's
  child for it, as the app always does. A run keeps such a cell as equations and nothing else (`core.plaincell`), which
  are read without being run: so resuming, sampling and opening a run is as safe as reading its numbers.
- Gradients are not autograd's: `core.gradients` differentiates the cell's expression trees, all steps at once, and
  walks back with one matrix product a step. So every path has its own numbers, it is faster, and a gradient may vanish
  to 1e-3000 and still be drawn. Tests hold it to autograd and to finite differences.
- `core.loops` writes the paper's GRU a second time, as a fast loop for long texts that torch has no module for; it is
  held to the cell's own equations by tests.
- Training has its own Adam, on all parameters as one vector: `torch.optim` brings torch's compiler along, 1.6 s and 800
  modules. It has its own way back through vanilla nets and GRUs, which torch does not fuse on a CPU.
- A run is a function of its spec and the log of turned knobs: how often one looks, stops or is killed changes no bit.
  What is seen reads which runs there are and who trains in them (`training.folder`, `training.shelf`) without torch.
- Every frame is compared with what the terminal shows (`ui.frame`, `ui.memory`), so panes may repaint themselves whole
  and still only changed cells travel. `ui.frame` is the one file that touches Textual's private parts.
- Panes keep each line that a step leaves as it is, and the frame that Textual drew around it (`ui.panes.canvas`), and
  Python looks for garbage seldom (`ui.garbage`): a step is a third of the work it was, and never waits for a clean-up.
- `t` in a scene and a cursor is the t of the equations: the backward lane starts at T + 1 and counts down.
"""

__version__ = "0.1.0"
