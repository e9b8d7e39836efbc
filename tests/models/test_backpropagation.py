import pytest
import torch

from rnntui.models.backpropagation import gru, vanilla

T, B, D, H = 5, 3, 4, 6


def drawn(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(sum(shape)))


def asking(*shape):
    return drawn(*shape).requires_grad_()


@pytest.mark.parametrize("relu", [False, True])
def test_the_way_back_through_a_vanilla_net_is_the_numerical_derivative(relu):
    def states(a, U, h):
        return vanilla(a.clone(), U, h, relu)  # it writes over what it is given

    assert torch.autograd.gradcheck(states, (asking(T, B, H), asking(H, H), asking(B, H)))


def test_the_way_back_through_a_gru_is_the_numerical_derivative():
    inputs = asking(T, B, 3 * H), asking(3 * H, H), asking(3 * H), asking(B, H)
    assert torch.autograd.gradcheck(gru, inputs)


def loss_and_gradients(h, module, x, h0):
    (h * drawn(T, B, H)).sum().backward()
    found = [h.detach(), x.grad, h0.grad, *(values.grad for values in module.parameters())]
    for values in (x, h0, *module.parameters()):
        values.grad = None
    return found


@pytest.mark.parametrize("kind", ["tanh", "relu", "gru"])
def test_states_and_all_gradients_are_those_of_torch(kind):
    if kind == "gru":
        module = torch.nn.GRU(D, H, dtype=torch.float64)
    else:
        module = torch.nn.RNN(D, H, nonlinearity=kind, dtype=torch.float64)
    of_x, of_h, b_i, b_h = module.parameters()
    x, h0 = asking(T, B, D), asking(B, H)
    theirs = loss_and_gradients(module(x, h0[None])[0], module, x, h0)
    if kind == "gru":
        ours = gru(torch.nn.functional.linear(x, of_x, b_i), of_h, b_h, h0)
    else:
        ours = vanilla(torch.nn.functional.linear(x, of_x, b_i + b_h), of_h, h0, kind == "relu")
    for mine, their in zip(loss_and_gradients(ours, module, x, h0), theirs, strict=True):
        torch.testing.assert_close(mine, their, rtol=0, atol=1e-12)
