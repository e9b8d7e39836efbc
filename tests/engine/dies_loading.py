"""Importing this ends the process, as a torch built for another processor does."""

import os
import signal

os.kill(os.getpid(), signal.SIGILL)
