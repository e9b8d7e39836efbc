"""What a terminal shows of what is sent to it, and every character that was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyte

SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]*[0-OQ-WYZ\\`-~]"
)


class Screen(pyte.Screen):
    """An emulated screen without line wrap, as Textual's driver asks for."""

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self.reset_mode(pyte.modes.DECAWM >> 5, private=True)

    def draw(self, data: str) -> None:
        """Take each code point for itself."""
        for character in data:
            super().draw(character)

    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell: its character and its looks."""
        return [[tuple(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]


class Emulator:
    """A screen, what was sent to it, and how it answers what Textual asks; `answer` None is one that never does."""

    def __init__(self, size: tuple[int, int], answer: Callable[[str], object] | None = None) -> None:
        self.screen = Screen(*size)
        self.stream = pyte.Stream(self.screen)
        self.answer = answer
        self.sent = ""
        """Every character that the program has sent."""
        self.unread = ""
        self.paused = False
        """While True, what was sent is kept but not drawn, so that drawing does not count in measurements."""

    @property
    def text(self) -> str:
        """What stands on the screen, line by line."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def mark(self) -> int:
        """A place in what was sent; `since` tells what came after it."""
        return len(self.sent)

    def since(self, mark: int) -> str:
        """What was sent after a mark."""
        return self.sent[mark:]

    def take(self, text: str) -> None:
        """Take in what was sent, and draw it unless that is put off."""
        self.sent += text
        text = self.unread + text
        if self.paused:
            self.unread = text
            return
        self._draw(text)

    def _draw(self, text: str) -> None:
        last = text.rfind("\x1b")
        whole = len(text) if last < 0 or SEQUENCE.match(text, last) else last
        text, self.unread = text[:whole], text[whole:]
        place = 0
        for found in SEQUENCE.finditer(text):
            self.stream.feed(text[place : found.start()])
            self._obey(found[0])
            place = found.end()
        self.stream.feed(text[place:])

    def _obey(self, sequence: str) -> None:
        if self.answer is not None and sequence == "\x1b[6n":
            self.answer(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")
        elif self.answer is not None and sequence == "\x1b[?2026$p":
            self.answer("\x1b[?2026;2$y")
        elif sequence.startswith(("\x1b[", "\x1b7", "\x1b8")) and not set(sequence[2:]) & set("<=>$"):
            self.stream.feed(sequence)

    def replay(self, end: str) -> Iterator[int]:
        """Draw what was kept while paused, frame by frame to the last whole one; after each, its place in `sent`."""
        kept, self.unread, self.paused = self.unread, "", False
        place = self.mark() - len(kept)
        while (length := kept.find(end) + len(end)) >= len(end):
            self._draw(kept[:length])
            kept, place = kept[length:], place + length
            yield place
        self.unread, self.paused = kept, True
