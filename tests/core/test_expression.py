import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnntui.core.expression import Call, Matmul, Name, Number, Product, Quotient, Sum, Unreadable, Weight, parse, walk
from rnntui.core.notation import Notation, subscript


def written(source, before=(), **notation):
    return Notation(**notation).write(parse(source, before))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("sigmoid(W.ii @ x + W.b_ii + W.hi @ h + W.b_hi)", "σ(W_ii xₜ + b_ii + W_hi hₜ₋₁ + b_hi)"),
        ("W.if_ @ x + W.in_ @ x + W.b_if", "W_if xₜ + W_in xₜ + b_if"),
        ("f * c + i * g", "fₜ ⊙ cₜ + iₜ ⊙ gₜ"),
        ("(1 - z) * n + z * h", "(1 − zₜ) ⊙ nₜ + zₜ ⊙ hₜ₋₁"),
        ("W.hn @ (r * h)", "W_hn (rₜ ⊙ hₜ₋₁)"),
        ("r * (W.hn @ h + W.b_hn)", "rₜ ⊙ (W_hn hₜ₋₁ + b_hn)"),
        ("a - (b - c)", "aₜ − bₜ + cₜ"),
        ("-(a + b)", "−aₜ − bₜ"),
        ("-a * b", "(−aₜ) ⊙ bₜ"),
        ("a / (b + 2)", "aₜ / (bₜ + 2)"),
        ("a * b / c", "(aₜ ⊙ bₜ) / cₜ"),
        ("relu(+a)", "ReLU(aₜ)"),
        ("torch.maximum(a, 0.5)", "maximum(aₜ, 0.5)"),
        ("a - -0.5", "aₜ + 0.5"),
    ],
)
def test_source_is_written_as_mathematics(source, expected):
    assert written(source, before=("h",)) == expected


def test_a_backward_pass_reads_the_step_after():
    assert written("W.hh @ h + a", before=("h",), backward=True) == "W_hh hₜ₊₁ + aₜ"


def test_a_step_can_be_put_in_for_t():
    assert written("W.hh @ h + a", before=("h",), t=12) == "W_hh h₁₁ + a₁₂"
    assert written("W.hh @ h + a", before=("h",), t=0) == "W_hh h₋₁ + a₀"
    assert written("W.hh @ h + a", before=("h",), t=3, backward=True) == "W_hh h₄ + a₃"


def test_a_leaf_that_becomes_a_negative_number_turns_the_sign_around():
    def leaf(node):
        return {Name("a"): "−2", Name("b"): "3"}.get(node)

    assert written("a + b - a", leaf=leaf) == "−2 + 3 + 2"
    assert written("b - b", leaf=leaf) == "3 − 3"


def test_the_tree_of_a_gate():
    tree = parse("sigmoid(W.ii @ x + W.b_ii)")
    assert tree == Call("sigmoid", (Sum(((1, Matmul("ii", Name("x"))), (1, Weight("b_ii")))),))
    assert parse("2 * a / b") == Quotient(Product((Number(2.0), Name("a"))), Name("b"))
    assert [type(node) for node in walk(tree)] == [Call, Sum, Matmul, Name, Weight]


def test_constants_of_the_file_are_numbers():
    assert parse("ALPHA * a", constants={"ALPHA": 0.5}) == Product((Number(0.5), Name("a")))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a ** 2", "operator other than"),
        ("a @ b", "write W.name @ vector"),
        ("W @ x", "write W.name @ vector"),
        ("W + a", "write W.name"),
        ("f(x=1)", "not of the form"),
        ("a if b else c", "not of the form"),
        ("'text'", "is not a number"),
        ("True", "is not a number"),
        ("None * a", "is not a number"),
        ("a[0]", "not of the form"),
        ("f(a)(b)", "is not the name of a function"),
        ("a +", "not an expression"),
        ("", "not an expression"),
    ],
)
def test_what_is_no_equation_is_said(source, said):
    with pytest.raises(Unreadable, match=said.replace("(", r"\(")):
        parse(source)


def test_a_fault_knows_its_line():
    with pytest.raises(Unreadable) as caught:
        parse("(a +\n b ** 2)")
    assert caught.value.line == 2


LEAVES = st.sampled_from(["a", "b", "1", "2.5"])
SOURCES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner), st.builds("(-{})".format, inner)
    ),
    max_leaves=12,
)


@given(SOURCES)
def test_what_is_written_means_what_the_source_means(source):
    """The notation, read back as Python, has the same value, so no bracket and no sign is lost."""
    names = {"a": 0.7310, "b": -1.937}
    shown = written(source).replace("ₜ", "").replace("⊙", "*").replace("−", "-")
    try:
        expected = eval(source, {}, names)
    except ZeroDivisionError:
        return
    try:
        value = eval(shown, {}, names)
    except ZeroDivisionError:
        value = math.inf
    assert math.isclose(value, expected, rel_tol=1e-6, abs_tol=1e-6) or abs(expected) > 1e9


def test_lower_indices():
    assert subscript(-1203) == "₋₁₂₀₃"
