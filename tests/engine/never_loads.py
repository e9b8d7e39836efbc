"""Importing this takes longer than anybody waits."""

import threading

threading.Event().wait(600)
