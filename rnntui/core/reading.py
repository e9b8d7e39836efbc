"""What a network reads for a scene: the tokens, and a vector for each.

A vector is one-hot, drawn at random, a row of an embedding, a number, or a row of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Final

import torch
from torch import Tensor

from rnntui.core.checkpoint import finite
from rnntui.core.initial import generator, input_vectors
from rnntui.core.model import Open
from rnntui.core.sequence import Dense, OneHot, Sequence
from rnntui.core.tensor_file import TensorFile, divide
from rnntui.core.text import text_of
from rnntui.core.tokens import numbers, tokens, vocabulary
from rnntui.core.vectors import read_vectors
from rnntui.core.vocabulary import read_vocabulary, rows_of
from rnntui.errors import BadInput, counted
from rnntui.names import nearest
from rnntui.scene import Scene

RANDOM_SIZE: Final = 16
"""D of random input vectors where no file says it."""


@dataclass(frozen=True, eq=False)
class Read:
    """What a network reads, and how that came about."""

    tokens: tuple[str, ...]
    sequence: Sequence
    known: tuple[str, ...]
    """The tokens that have a vector, by their numbers; empty where vectors do not come from tokens."""
    notices: tuple[str, ...]
    hashes: Mapping[str, Callable[[], str]]
    """Field of the scene → the sha256 of the file it names."""
    ids: Tensor | None = None
    """(T,) the number of each token in the vocabulary; None where vectors do not come from tokens."""


def read(scene: Scene, dtype: torch.dtype, size: int | None, opened: Open) -> Read:
    """The tokens of a scene and their vectors, each `size` long where that is known beforehand.

    Raises BadInput for a text or a file that cannot be used, and for vectors of another size.
    """
    if scene.reads_file:
        return _given(scene, dtype, size)
    chosen = _tokens(scene)
    found, notices, hashes = chosen.tokens, chosen.notices, dict(chosen.hashes)
    known: tuple[str, ...] = ()
    ids: Tensor | None = None
    if scene.tokens == "number":
        values = list(numbers(found, torch.finfo(dtype).max))
        sequence: Sequence = Dense(torch.tensor(values, dtype=dtype)[:, None])
    else:
        known = chosen.vocabulary
        if scene.vocab:
            known, sha256 = read_vocabulary(scene.vocab)
            hashes["vocab_sha256"] = lambda: sha256
        rows, said = rows_of(found, known, scene.vocab, scene.tokens)
        notices += said
        ids = torch.tensor(rows)
        if scene.embedding:
            path, name = divide(scene.embedding)
            file = opened(path)
            hashes["embedding_sha256"] = file.sha256.hexdigest
            sequence = Dense(_embedded(file, name, ids, len(known), dtype))
        elif scene.inputs == "random":
            sequence = Dense(input_vectors(known, size or RANDOM_SIZE, scene.seed).to(dtype)[ids])
        else:
            sequence = OneHot(ids, len(known), dtype)
    _refuse_misfit(scene, sequence, size)
    return Read(found, sequence, known, notices, hashes, ids)


@dataclass(frozen=True, eq=False)
class _Chosen:
    """The tokens that are read, and all that there could be, in the order of their first appearance."""

    tokens: tuple[str, ...]
    vocabulary: tuple[str, ...]
    notices: tuple[str, ...]
    hashes: Mapping[str, Callable[[], str]]


def _tokens(scene: Scene) -> _Chosen:
    notices: tuple[str, ...] = ()
    hashes: dict[str, Callable[[], str]] = {}
    if scene.length and not (scene.text or scene.file):
        if scene.tokens == "number":
            raise BadInput("There are no numbers to draw from; give some, such as 0,0.5,1, to draw with length=.")
        found = tuple(ascii_lowercase)
    else:
        text = text_of(scene)
        found, notices = tokens(text, scene.tokens)
        hashes["sha256"] = lambda: text.sha256
    known = vocabulary(found)
    if scene.length:
        source = generator(scene.seed, "tokens")
        found = tuple(known[place] for place in torch.randint(len(known), (scene.length,), generator=source).tolist())
    return _Chosen(found, known, notices, hashes)


def _given(scene: Scene, dtype: torch.dtype, size: int | None) -> Read:
    """The rows of a file, named by the tokens of the text if there is one, else by their numbers."""
    vectors, sha256 = read_vectors(scene.inputs, dtype)
    hashes: dict[str, Callable[[], str]] = {"inputs_sha256": lambda: sha256}
    found = tuple(str(t) for t in range(1, len(vectors) + 1))
    notices: tuple[str, ...] = ()
    if scene.text or scene.file:
        text = text_of(scene)
        found, notices = tokens(text, scene.tokens)
        hashes["sha256"] = lambda: text.sha256
        if len(found) != len(vectors):
            raise BadInput(
                f"{scene.inputs!r} has {counted(len(vectors), 'row')} and the text {counted(len(found), 'token')}; "
                "a text beside --inputs FILE names its rows, so leave it out or make it fit."
            )
    sequence = Dense(vectors)
    _refuse_misfit(scene, sequence, size)
    return Read(found, sequence, (), notices, hashes)


def _embedded(file: TensorFile, name: str | None, ids: Tensor, count: int, dtype: torch.dtype) -> Tensor:
    """The rows of an embedding for these tokens, (T, E)."""
    matrix = matrix_of(file, name, "the embedding")
    if len(matrix) != count:
        raise BadInput(
            f"The embedding {name!r} in {file.path!r} has {counted(len(matrix), 'row')} and the vocabulary "
            f"{counted(count, 'token')}; each token needs its row."
        )
    return finite(matrix[ids], str(name), dtype, file.path)


def matrix_of(file: TensorFile, name: str | None, what: str) -> Tensor:
    """The matrix of this name in a file, or of the module of this name: `fc` is `fc.weight`.

    Raises BadInput when there is none, naming those that there are.
    """
    for key in (name, f"{name}.weight"):
        matrix = file.tensors.get(key) if key is not None else None
        if matrix is not None and matrix.dim() == 2:
            return matrix
    there = [key for key, tensor in file.tensors.items() if tensor.dim() == 2]
    if not there:
        raise BadInput(f"{file.path!r} holds no matrix that {what} could be.")
    hint = nearest(name or "", there[:20])
    if name is None:
        raise BadInput(f"FILE:TENSOR says which tensor of {file.path!r} is {what}. {hint}.")
    raise BadInput(f"{file.path!r} has no matrix {name!r} for {what}: {hint}.")


def _refuse_misfit(scene: Scene, sequence: Sequence, size: int | None) -> None:
    if size is None or sequence.size == size:
        return
    reads = f"The network in {divide(scene.weights)[0]!r} reads vectors of {counted(size, 'number')}"
    if scene.reads_file:
        raise BadInput(f"{reads}, and those in {scene.inputs!r} have {sequence.size}.")
    if scene.tokens == "number":
        raise BadInput(f"{reads}, and a number is one; give --inputs FILE.npy or FILE.csv.")
    if scene.embedding:
        raise BadInput(f"{reads}, and the rows of the embedding {scene.embedding!r} have {sequence.size}.")
    if scene.vocab:
        raise BadInput(
            f"{reads}, and the vocabulary {scene.vocab!r} has {counted(sequence.size, 'token')}; give --embedding too."
        )
    raise BadInput(
        f"{reads}, and the text has {counted(sequence.size, 'different token')}: give --vocab FILE with "
        f"{counted(size, 'token')}, "
        "--embedding FILE:TENSOR and --vocab FILE, or --inputs FILE.npy."
    )
