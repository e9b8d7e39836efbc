"""A stream without a process: it computes in the calling thread, a step whenever somebody wants to see one.

For tests and the command line, which decide the pace by asking for the next snapshot.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from rnntui.engine.channel import Tag
from rnntui.engine.faults import explained
from rnntui.engine.player import Player
from rnntui.engine.stream import Stream


class InlineStream(Stream):
    """The same surface and the same errors as in a child; what the lab raised is the cause of a LabFault.

    `next` computes until there is something to see, so it is done when it returns, unless the stream is paused.
    KeyboardInterrupt and SystemExit pass through.
    """

    def __init__(self, name: str, paused: bool) -> None:
        super().__init__(name, self._obey, paused)
        self._player: Player | None = None

    def begin(self, make: Callable[[], object]) -> None:
        """Take the generator that `make` returns."""
        with self._closing_on_failure():
            self._player = Player(self.name, make(), self.paused)

    def next(self) -> Future[object]:
        """Compute until there is something to see that was not taken yet; see `Stream.next`."""
        if not self._fresh:
            self._go_on()
        return super().next()

    def _obey(self, tag: Tag, body: bytes) -> None:
        player = self._player
        if player is None or self.ended.done():
            return
        with self._closing_on_failure():
            player.obey(tag, body)
            if player.cancelled:
                player.close()
                self.drop()
        if tag is Tag.STEP or (tag is Tag.RESUME and self._waiting):
            self._go_on()

    def _go_on(self) -> None:
        """Compute until there is something to see, or until it has to wait."""
        player = self._player
        with self._closing_on_failure():
            while player is not None and player.left and not self.ended.done():
                try:
                    player.advance()
                except StopIteration:
                    self.finish("finished")
                    return
                if player.showing and (snapshot := player.snapshot()) is not None:
                    self._offer(snapshot)
                    return

    @contextlib.contextmanager
    def _closing_on_failure(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001  the border: everything unexpected becomes one kind of error
            if self._player is not None:
                with contextlib.suppress(Exception):
                    self._player.close()
            self.fail(explained(self.name, error))
