import logging
import os
import subprocess
import sys
from types import SimpleNamespace

from rnntui.cli import terminal
from rnntui.home import find


def test_what_the_app_logs_lands_in_the_log_with_its_time(rnntui, monkeypatch):
    from rnntui.ui import app

    class Logging:
        return_code = 0

        def __init__(self, *_, **__):
            pass

        def run(self):
            app.log.error("the app said é")
            app.log.info("and this")
            app.log.debug("but not this")

    monkeypatch.setattr(terminal, "require_terminal", lambda: None)
    monkeypatch.setattr("rnntui.engine.client.Engine", lambda **_: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(app, "RnntuiApp", Logging)
    logger = logging.getLogger("rnntui")
    before = (logger.level, list(logger.handlers))
    assert rnntui("explore", "hello").code == 0
    assert (logger.level, logger.handlers) == before
    first, second = find().log_file.read_text(encoding="utf-8").splitlines()
    assert first[:2] == "20"
    assert first.endswith("ERROR rnntui.ui.app: the app said é")
    assert second.endswith("INFO rnntui.ui.app: and this")


def test_without_a_log_a_record_is_lost_quietly():
    code = (
        "import logging\nfrom rnntui.cli.terminal import stderr_in_log\n"
        "with stderr_in_log(): logging.getLogger('rnntui.ui.app').error('lost')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=os.environ | {"RNNTUI_HOME": "/proc/x"}, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
