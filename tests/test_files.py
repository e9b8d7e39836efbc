import os
import stat
import subprocess
import sys
import threading

import pytest

from rnntui.files import reason, write


def test_a_file_is_written_whole(tmp_path):
    write(tmp_path / "a.txt", lambda stream: stream.write(b"hello"))
    assert (tmp_path / "a.txt").read_bytes() == b"hello"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_write_that_fails_leaves_the_old_file_and_no_rubbish(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")

    def fail(stream):
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write(file, fail)
    assert file.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_permissions_are_kept_and_new_files_follow_the_umask(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"")
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        write(old, lambda stream: stream.write(b"x"))
        write(new, lambda stream: stream.write(b"x"))
    finally:
        os.umask(before)
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


def test_a_link_is_followed(tmp_path):
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    write(tmp_path / "link", lambda stream: stream.write(b"new"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_pipe_is_written_into_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write(pipe, lambda stream: stream.write(b"through"))
    reader.join()
    assert got == [b"through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_kill_in_the_middle_leaves_the_old_file(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    code = (
        "import os, sys; from pathlib import Path; from rnntui.files import write\n"
        "write(Path(sys.argv[1]), lambda stream: (stream.write(b'half'), stream.flush(), os.kill(os.getpid(), 9)))"
    )
    assert subprocess.run([sys.executable, "-c", code, file], check=False).returncode == -9
    assert file.read_bytes() == b"old"


def test_the_reason_of_an_error_names_the_file_when_there_is_one():
    assert reason(FileNotFoundError(2, "No such file or directory", "x")) == "No such file or directory: x"
    assert reason(OSError(28, "No space left on device")) == "No space left on device"
    assert reason(ValueError("odd")) == "odd"


def test_a_name_is_flushed_to_the_disk_after_the_file_has_it(tmp_path, monkeypatch):
    file, flushed = tmp_path / "a.txt", []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append((os.fstat(handle), file.exists())))
    write(file, lambda stream: stream.write(b"x"))
    (first, named), (last, there) = flushed
    assert (stat.S_ISREG(first.st_mode), named) == (True, False)
    assert (last.st_ino, there) == (tmp_path.stat().st_ino, True)
