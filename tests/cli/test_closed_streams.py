import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("step hi >&-", 0),
        ("--version >&-", 0),
        ("step - <&-", 2),
        ('step "" 2>&-', 2),
        ("step - <&- >&- 2>&-", 2),
        ("explore hi <&- >&- 2>&-", 2),
    ],
)
def test_a_closed_stream_is_an_empty_one(line, code):
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m rnntui {line}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stdout + done.stderr
    assert b"Exception" not in done.stderr


def test_a_closed_standard_input_is_an_empty_text():
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m rnntui step - <&-"], capture_output=True, check=False, timeout=60
    )
    assert done.stderr == b"rnntui: The text is empty; give at least one character.\n"
