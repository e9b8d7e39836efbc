import pytest

from rnntui.cellname import OwnCell, own_cell
from rnntui.errors import BadInput
from rnntui.names import cell_names
from rnntui.scene import Scene


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("mgu.py", OwnCell("mgu.py")),
        ("mgu.py:mgu", OwnCell("mgu.py", "mgu")),
        ("/a b/c:d.py:größe_2", OwnCell("/a b/c:d.py", "größe_2")),
        ("a.py:b.py", OwnCell("a.py:b.py")),
        ("a\nb.py:f", OwnCell("a\nb.py", "f")),
        *((name, None) for name in (*cell_names(), "mgu", "mgu:f", ".py", "mgu.py:", "mgu.py:2", "mgu.py:f-g", "")),
    ],
)
def test_a_name_means_a_function_in_a_file_where_it_ends_in_py(name, own):
    assert own_cell(name) == own
    assert own is None or str(own) == name


def test_a_title_leaves_the_folder_out_and_the_absolute_name_puts_it_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = OwnCell("cells/mgu.py", "mgu")
    assert own.title == "mgu.py:mgu"
    assert str(own.absolute) == f"{tmp_path}/cells/mgu.py:mgu"
    assert own.absolute.absolute == own.absolute
    assert Scene(cell=str(own)).cell_title == "mgu.py:mgu"


def test_an_unknown_cell_says_that_a_file_would_do():
    with pytest.raises(BadInput, match=r"'lstm'.* Or a file of your own: FILE\.py:FUNCTION\.$"):
        Scene(cell="lstn")
