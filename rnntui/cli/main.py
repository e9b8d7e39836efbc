"""The way in: runs the command line and turns whatever goes wrong into one sentence and an exit code.

0 done, 1 a fault (ours, the disk's), 2 something that was asked for cannot be done, 130 Ctrl-C. click is imported
inside, so that even a Ctrl-C during start-up leaves no traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

INTERRUPTED = 130


def main() -> None:
    """Run `rnntui` with the arguments of this process, and leave."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run `rnntui` with these arguments; the answer is the exit code."""
    try:
        _open_missing_streams()
        from rnntui.cli.commands import cli

        try:
            code = cli.main(list(arguments), prog_name="rnntui", standalone_mode=False)
            sys.stdout.flush()
        except SystemExit as leave:
            code = leave.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return 1
    except Exception as error:  # noqa: BLE001 - the one place where everything ends
        return _explain(error)
    return code if isinstance(code, int) else 0


def _open_missing_streams() -> None:
    """Give a process that was started with a closed standard stream an empty one; in order, so that the fd fits."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open while we are


def _explain(error: Exception) -> int:
    import click

    from rnntui.cli.say import say
    from rnntui.errors import BadInput
    from rnntui.files import reason

    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort):
        return INTERRUPTED
    if isinstance(error, BadInput):
        say(str(error))
        return 2
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return 2
    if isinstance(error, click.ClickException):
        say(_usage(error))
        return 2
    if os.environ.get("RNNTUI_DEBUG") == "1":
        raise error
    if isinstance(error, MemoryError):
        say("There is not enough memory for this; read a shorter text or use fewer units.")
    elif isinstance(error, OSError):
        say(f"{reason(error)}.")
    else:
        say(f"{type(error).__name__}: {error}. This is a fault of rnntui; {_log(error)}")
    _forget_stdout()
    return 1


def _usage(error: object) -> str:
    """Click's complaint as one sentence, with the nearest option that exists and where to look."""
    import click

    assert isinstance(error, click.ClickException)
    sentence = " ".join(error.format_message().split())
    elsewhere = _commands_with(error.option_name) if isinstance(error, click.NoSuchOption) else ""
    if elsewhere:
        sentence = f"No such option here: {elsewhere}"
    if sentence[-1:] not in ".?!":
        sentence += "."
    context: click.Context | None = getattr(error, "ctx", None)
    reads = context is not None and any(isinstance(one, click.Argument) for one in context.command.params)
    if isinstance(error, click.NoSuchOption) and reads and not error.possibilities and not elsewhere:
        sentence += " A text that begins with a dash comes after --."
    return f"{sentence} See '{context.command_path if context else 'rnntui'} --help'."


def _commands_with(option: str) -> str:
    """Which commands have an option: --loss is an option of 'rnntui grad'; empty where none has."""
    from rnntui.cli.commands import cli

    found = [f"'rnntui {name}'" for name, one in cli.commands.items() if any(option in p.opts for p in one.params)]
    return f"{option} is an option of {' and '.join(filter(None, (', '.join(found[:-1]), found[-1])))}" if found else ""


def _log(error: Exception) -> str:
    import traceback

    from rnntui.home import find, open_log

    log = open_log()
    if log is None:
        return "set RNNTUI_DEBUG=1 to see where it came from."
    with log:
        log.write("".join(traceback.format_exception(error)).encode("utf-8", "replace"))
    return f"where it came from is in {find().log_file}."


def _forget_stdout() -> None:
    """Let nothing more be written to a pipe that nobody reads, also not when Python flushes at the end."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
