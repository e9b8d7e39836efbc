import numpy as np

from rnntui.core.gradients.scaled import Scaled


def test_numbers_beyond_a_float64_add_and_have_a_norm():
    huge = Scaled(np.array([[3.0, 4.0], [1.0, 0.0], [0.0, 0.0]]), np.array([5000, -5000, 7]))
    assert huge.log_norms().tolist() == [np.log(5) + 5000 * np.log(2), -5000 * np.log(2), -np.inf]
    twice = huge + Scaled(np.array([[3.0, 4.0], [1.0, 0.0], [1.0, 0.0]]), np.array([5000, -4999, 0]))
    assert (twice.values * 2.0 ** (twice.exponents - [5000, -4999, 0])[:, None]).tolist() == [[6, 8], [1.5, 0], [1, 0]]
    assert huge.plain().tolist() == [[np.inf, np.inf], [0, 0], [0, 0]]


def test_what_is_no_number_has_an_infinite_norm_and_never_a_nan():
    assert Scaled.of(np.array([[np.nan, 1.0], [np.inf, 0.0]])).log_norms().tolist() == [np.inf, np.inf]
