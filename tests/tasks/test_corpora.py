import ast

import pytest

from rnntui.errors import BadInput
from rnntui.tasks import corpora, stdlib
from rnntui.tasks.characters import UNKNOWN, vocabulary
from rnntui.tasks.corpus import Corpus, clean, is_rule, pieces, split

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def test_pythons_docstrings_are_a_corpus_of_many_documents_without_tables_and_of_known_size():
    found = corpora.read("stdlib-docs")
    text = "".join(found.documents)
    assert 0.9 * corpora.SIZE < len(text) < 1.3 * corpora.SIZE
    assert len(found.documents) > 50
    assert not any(map(is_rule, text.splitlines()))
    assert set(vocabulary(text)) <= {*map(chr, range(32, 127)), "\n", UNKNOWN}
    assert found.sha256 == corpora.read("stdlib-docs").sha256


@pytest.mark.parametrize("name", ["stdlib-source", "lessons", "brackets"])
def test_every_named_corpus_splits_into_what_is_learned_and_what_is_asked(name):
    parts = split(corpora.read(name))
    assert 0 < len(parts.validation) < 0.2 * len(parts.training)


def test_a_machine_without_docstrings_falls_back_to_the_lessons_and_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(stdlib, "folder", lambda: tmp_path)
    corpora._stdlib_docs.cache_clear()
    found = corpora.read("stdlib-docs")
    corpora._stdlib_docs.cache_clear()
    assert "docstrings are not on this machine" in found.notices[0]
    assert any("LSTM" in document for document in found.documents)
    with pytest.raises(BadInput, match="lessons"):
        corpora.read("stdlib-source")


def test_docstrings_are_found_wherever_a_function_can_stand_and_only_in_folders_that_are_read(monkeypatch, tmp_path):
    source = """
'a'
if True:
    class One:
        'b'
        def f():
            'd'
else:
    def two():
        'c'
try:
    pass
except ValueError:
    def three():
        'e'
finally:
    with open('x'):
        async def four():
            'f'
match 1:
    case 1:
        def five():
            'g'
"""
    for place in ("module.py", "json/module.py", "test/module.py", "json/tests/module.py", "module.txt"):
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    monkeypatch.setattr(stdlib, "folder", lambda: tmp_path)
    found = [ast.get_docstring(node) for node in ast.walk(ast.parse(source)) if isinstance(node, DOCUMENTED)]
    assert list(stdlib.docstrings()) == ["\n\n".join(found)] * 2


def test_a_module_that_cannot_be_parsed_is_left_out(monkeypatch, tmp_path):
    (tmp_path / "good.py").write_text('"""A good module."""')
    (tmp_path / "bad.py").write_text("this is no Python '")
    (tmp_path / "zero.py").write_bytes(b"\0")
    (tmp_path / "latin.py").write_bytes(b'"""\xe9"""')
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "tested.py").write_text('"""A test."""')
    monkeypatch.setattr(stdlib, "folder", lambda: tmp_path)
    assert list(stdlib.docstrings()) == ["A good module."]


def test_an_unknown_corpus_is_answered_with_the_nearest():
    with pytest.raises(BadInput, match="'stdlib-docs'"):
        corpora.read("stdlib-doc")


def test_validation_is_whole_documents_chosen_by_shuffling_and_never_both():
    documents = tuple(f"document {number}\n" for number in range(100))
    parts = split(Corpus(documents))
    kept = parts.validation.splitlines()
    assert len(kept) == 10
    assert kept != [f"document {number}" for number in range(90, 100)]
    assert sorted(kept + parts.training.splitlines()) == sorted(text.strip() for text in documents)
    assert split(Corpus(documents)) == parts


def test_one_document_that_is_most_of_the_text_is_not_kept_for_validation():
    parts = split(Corpus(("x" * 1000, "y" * 10, "z" * 10)))
    assert len(parts.validation) in {10, 20}


def test_a_single_document_cannot_be_split():
    with pytest.raises(BadInput, match="longer"):
        split(Corpus(("a",)))


@pytest.mark.parametrize("text", ["a", "hello world", "line\n" * 3000, "x" * 9000, "\n" * 50])
def test_pieces_join_up_to_the_text_and_end_at_lines_where_there_are_some(text):
    found = pieces(text)
    assert "".join(found) == text
    assert all(found)
    if text.startswith("line"):
        assert all(piece.endswith("\n") for piece in found)
        assert 5 <= len(found) <= 10


def test_tables_trailing_blanks_and_rows_of_blank_lines_go():
    assert clean("a  \n\n\n\n|----|----|\n+=====\nb | c\n---\n└──────\n") == "a\n\nb | c\n---\n"


def test_a_file_is_read_whole_folded_and_with_one_kind_of_line_end(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(("plain words and more\r\n" * 4000 + "é”\N{GRINNING FACE}\t").encode())
    found = corpora.read("stdlib-docs", str(file))
    text = "".join(found.documents)
    assert text.endswith(f"e�{UNKNOWN} ") or text.endswith(f"e{UNKNOWN}{UNKNOWN} ")
    assert "\r" not in text
    assert "4 rare characters" in found.notices[0]


def test_a_short_text_keeps_all_its_characters(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("naïve café ☃\n" * 30, encoding="utf-8")
    found = corpora.read("stdlib-docs", str(file))
    assert found.notices == ()
    assert "☃" in vocabulary("".join(found.documents))


@pytest.mark.parametrize(("content", "said"), [(b"", "empty"), (b"a\0b", "binary")])
def test_a_file_that_is_no_text_is_refused(tmp_path, content, said):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(BadInput, match=said):
        corpora.read("stdlib-docs", str(tmp_path / "a"))


def test_a_huge_file_is_read_so_far_and_that_is_said(tmp_path):
    with (tmp_path / "huge").open("wb") as stream:
        stream.write(b"some words\n" * 1000)
        stream.truncate(3 << 30)
    with pytest.raises(BadInput, match="binary"):
        corpora.read("stdlib-docs", str(tmp_path / "huge"))
    (tmp_path / "long").write_bytes(b"some words\n" * 400_000)
    found = corpora.read("stdlib-docs", str(tmp_path / "long"))
    assert "longer than 4 MiB" in found.notices[0]
    assert sum(map(len, found.documents)) == 4 << 20
