import numpy as np
import pytest
import torch

from rnntui.core.tokens import MOST
from rnntui.core.vectors import read_vectors
from rnntui.errors import BadInput

ROWS = [[1.5, -2.0], [0.0, 3e-3], [7.0, 8.0]]


@pytest.mark.parametrize("array", [np.array(ROWS), np.asfortranarray(ROWS, dtype=">f4"), np.float16(ROWS)])
def test_an_array_is_read_as_it_was_saved(tmp_path, array):
    np.save(tmp_path / "x.npy", array)
    found, _ = read_vectors(str(tmp_path / "x.npy"), torch.float64)
    assert found.dtype == torch.float64
    assert np.array_equal(found.numpy(), array.astype(np.float64))


@pytest.mark.parametrize("head", ["", "a,b\n", "\ufeff"])
def test_lines_of_numbers_are_read_with_or_without_headings(tmp_path, head):
    (tmp_path / "x.csv").write_text(head + "1.5,-2\r\n0,3e-3\r\n\r\n7,8", encoding="utf-8")
    assert read_vectors(str(tmp_path / "x.csv"), torch.float64)[0].tolist() == ROWS


def lying():
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (100000000000, 10), }"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + b"\0" * 80


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", "1,2\n3\n", "Line 2 of"),
        ("x.csv", "1,2\n3,x\n", "Line 2 of {!r} holds 'x', which is no number"),
        ("x.csv", "1,2\n3,nan\n", "Row 2, column 2 of {!r} is not finite in float32"),
        ("x.csv", "1e300", "Row 1, column 1 of {!r} is not finite in float32"),
        ("x.csv", "", "shape (0, 0)"),
        ("x.csv", b"\xff", "no .csv file"),
        ("x.npy", b"", "no .npy file"),
        ("x.npy", lying(), "says (100000000000, 10) numbers of 8 bytes, and 80 bytes follow"),
        ("x.npy", np.zeros(3), "shape (3,)"),
        ("x.npy", np.zeros((0, 3)), "shape (0, 3)"),
        ("x.npy", np.zeros((2, 3), dtype=complex), "holds complex128"),
        ("x.npy", np.array([[None]], dtype=object), "holds object"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path, name, content, said):
    path = tmp_path / name
    if isinstance(content, np.ndarray):
        np.save(path, content)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(BadInput) as caught:
        read_vectors(str(path), torch.float32)
    assert said.format(str(path)) in str(caught.value)


def test_an_array_cut_short_is_refused(tmp_path):
    np.save(tmp_path / "x.npy", np.array(ROWS))
    (tmp_path / "x.npy").write_bytes((tmp_path / "x.npy").read_bytes()[:-1])
    with pytest.raises(BadInput, match="cut short"):
        read_vectors(str(tmp_path / "x.npy"), torch.float32)


def test_a_file_of_more_rows_than_steps_are_read_is_refused_before_it_is_read_whole(tmp_path):
    file = tmp_path / "v.csv"
    file.write_text("1\n" * (MOST + 1) + "no number\n")
    with pytest.raises(BadInput, match="more than 100,000 rows"):
        read_vectors(str(file), torch.float32)
