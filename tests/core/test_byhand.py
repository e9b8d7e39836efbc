import pytest

from rnntui.core.byhand import Bounds, ByHand, Clamp, WeightEdit, read
from rnntui.errors import BadInput

BOUNDS = Bounds(("f", "h"), ("h", "c"), 2, True, 4, 5, {"weight_hh_l0": (8, 4), "bias_ih_l1_reverse": (8,)}, 3e38)


def test_a_line_says_clamps_and_weights_in_any_form():
    line = "f=1; h[3]@5=-0.5;L1.reverse.f[2]=.25;h@0=1e-3;weight_hh_l0[5,2]=0.3;bias_ih_l1_reverse[7]=2"
    assert read(line) == ByHand(
        (
            Clamp(0, "forward", "f", None, None, 1),
            Clamp(0, "forward", "h", 3, 5, -0.5),
            Clamp(1, "backward", "f", 2, None, 0.25),
            Clamp(0, "forward", "h", None, 0, 1e-3),
        ),
        (WeightEdit("weight_hh_l0", (5, 2), 0.3), WeightEdit("bias_ih_l1_reverse", (7,), 2)),
    )
    assert not read("")
    assert not read(" ; ")


def test_what_was_read_can_be_written_and_read_again():
    line = "f=1;L1.reverse.h[2]@6=-0.5;weight_hh_l0[5,2]=0.3"
    found = read(line)
    assert ";".join(map(str, (*found.clamps, *found.weights))) == line


def test_a_number_can_be_copied_from_the_screen_with_its_minus():
    assert read("h[3]@5=−0.25;weight_hh_l0[5,2]=−1e−3") == read("h[3]@5=-0.25;weight_hh_l0[5,2]=-1e-3")


def test_the_last_setting_of_a_value_is_the_one_that_holds():
    found = read("f=1;f[2]=0.5;f[2]@3=0.25")
    assert str(found.held(0, "forward", "f", 2, 3, 0)) == "f[2]@3=0.25"
    assert str(found.held(0, "forward", "f", 2, 4, 0)) == "f[2]=0.5"
    assert str(found.held(0, "forward", "f", 0, 3, 0)) == "f=1"
    assert found.held(0, "forward", "f", 2, 0, 0) is None
    assert found.held(1, "forward", "f", 2, 3, 0) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("f", "sets nothing"),
        ("f" * 9999 + "=1", "'ffffffffffffffffffff…' is too long"),
        ("=1", "sets nothing"),
        ("f[-1]=1", "sets nothing"),
        ("f=", "needs a finite number"),
        ("f=nan", "needs a finite number"),
        ("f=1e999", "needs a finite number"),
        ("f[1,2]=1", "a value has one index, its unit"),
        ("weight_hh_l0=1", "names a weight"),
        ("L1.weight_hh_l0[1,1]=1", "names a weight"),
        ("weight_hh_l0[1,1]@2=1", "names a weight"),
        ("q=1", "unknown name 'q', known: f, h"),
        ("F=1", "unknown name 'F', did you mean 'f'? known: f, h"),
        ("f[4]=1", "there is no unit 4; units count from 0 to 3"),
        ("f@6=1", "there is no step 6; steps count from 1 to 5"),
        ("f@0=1", "before reading only h and c can be set"),
        ("reverse.h@0=1", "there is no step 0"),
        ("L2.f=1", "there is no layer 2, the last is 1"),
        ("weight_ih_l0[0,0]=1", "unknown weight 'weight_ih_l0', did you mean 'weight_hh_l0'?"),
        ("weight_hh_l0[8,0]=1", "has the shape (8, 4)"),
        ("weight_hh_l0[0]=1", "has the shape (8, 4)"),
    ],
)
def test_what_cannot_be_set_is_refused_in_one_sentence(line, said):
    with pytest.raises(BadInput) as caught:
        BOUNDS.check(read(line))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_lane_that_is_not_there_is_refused():
    one_way = Bounds(("f", "h"), ("h",), 1, False, 4, 5, {}, 3e38)
    with pytest.raises(BadInput, match="reads forward only"):
        one_way.check(read("reverse.f=1"))
