"""What the terminal can do, and keeping it clean while the app has it."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rnntui.errors import BadInput

if TYPE_CHECKING:
    from rnntui.paint.palette import Colours

HEADLESS = "Without one: rnntui step TEXT."


def require_terminal() -> None:
    """Refuse to open the app where it could be neither seen nor left.

    Raises BadInput that names the headless command.
    """
    for name, number in (("input", 0), ("output", 1)):
        if not _is_terminal(number):
            raise BadInput(f"The app needs a terminal, but standard {name} is none. {HEADLESS}")
    if os.environ.get("TERM", "") in {"", "dumb", "unknown"}:
        raise BadInput(
            f"The app needs a terminal that can draw, but TERM is '{os.environ.get('TERM', '')}'. {HEADLESS}"
        )


def take_keys_from_terminal() -> None:
    """After standard input was read as a text: let the keys come from the terminal itself.

    Raises BadInput when there is none.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise BadInput(f"The app needs a terminal for its keys, and there is none. {HEADLESS}") from None
    os.dup2(terminal, 0)
    os.close(terminal)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="replace", closefd=False)  # type: ignore[misc]  # noqa: SIM115


def colours(environ: Mapping[str, str] | None = None) -> Colours:
    """How many colours the terminal says it has; none where NO_COLOR is set."""
    environ = os.environ if environ is None else environ
    term = environ.get("TERM", "").lower()
    if environ.get("NO_COLOR") or term in {"", "dumb", "unknown"}:
        return "none"
    if environ.get("COLORTERM", "").lower() in {"truecolor", "24bit"} or term.endswith("-direct"):
        return "truecolor"
    return "256" if "256" in term or "kitty" in term else "16"


def is_utf8() -> bool:
    """True when the terminal's encoding can show every character."""
    try:
        return codecs.lookup(getattr(sys.stdout, "encoding", None) or "ascii").name == "utf-8"
    except LookupError:
        return False


class Screen(io.TextIOWrapper):
    """A terminal that may be lost: what is written to it then goes nowhere.

    Textual writes in a thread, which an error would end; then the app would wait for ever for room in its queue, and
    never hear that it is to end.
    """

    def write(self, text: str) -> int:
        """Write, if there is still somebody to see it."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Send what is buffered, if there is still somebody to see it."""
        with suppress(OSError):
            super().flush()


@contextmanager
def stderr_in_log() -> Iterator[None]:
    """While this lasts, records and whatever is written to fd 2 go to the log, and the app draws on fd 1's terminal.

    Textual draws on `sys.__stderr__`; C code and libraries write to fd 2. Here the two part ways.
    """
    from rnntui.home import open_log

    log = open_log()
    target = log.fileno() if log is not None else os.open(os.devnull, os.O_WRONLY)
    sys.stderr.flush()
    before, saved = (sys.stderr, sys.__stderr__), os.dup(2)
    screen = Screen(os.fdopen(os.dup(1), "wb"), encoding="utf-8", errors="replace")
    os.dup2(target, 2)
    sys.__stderr__ = screen  # type: ignore[misc]
    try:
        with _records_in(target):
            yield
    finally:
        sys.stderr.flush()
        os.dup2(saved, 2)
        os.close(saved)
        sys.stderr, sys.__stderr__ = before  # type: ignore[misc]
        with suppress(OSError):  # the terminal may be gone: a dropped connection ends the app too
            screen.close()
        if log is not None:
            log.close()
        else:
            os.close(target)


def write_no_more() -> None:
    """Let what is still buffered go nowhere: a terminal that is gone must not change the exit code."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)


@contextmanager
def _records_in(target: int) -> Iterator[None]:
    """While this lasts, what `rnntui`'s own loggers record is written to an open file, with the time."""
    import logging

    logger = logging.getLogger("rnntui")
    level = logger.level
    with os.fdopen(os.dup(target), "w", encoding="utf-8", errors="backslashreplace") as stream:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)


def _is_terminal(number: int) -> bool:
    try:
        return os.isatty(number)
    except OSError:
        return False
