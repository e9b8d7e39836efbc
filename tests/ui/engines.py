"""Engines that compute inline, and what else a test wants of one."""

from rnntui.engine.worker import InlineEngine


class Counting(InlineEngine):
    """Keeps the names of what it was asked."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def ask(self, name, *arguments):
        self.asked.append(name)
        return super().ask(name, *arguments)
