"""To and from `torch.nn`: the parameters of a network are a `state_dict` already; this makes the module around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from torch import Tensor, nn

from rnntui.core.equations import load
from rnntui.core.parameters import Network, Parameters
from rnntui.errors import BadInput

KINDS: Final[Mapping[str, Callable[..., nn.RNNBase]]] = {
    "lstm": nn.LSTM,
    "gru": nn.GRU,
    "rnn": nn.RNN,
    "rnn-relu": partial(nn.RNN, nonlinearity="relu"),
}
"""The cells that torch has a module for."""


def module(network: Network, parameters: Parameters) -> nn.RNNBase:
    """The torch module with these parameters. Raises BadInput for a cell that torch has none for."""
    if network.cell.name not in KINDS:
        raise BadInput(f"torch.nn has no module for {network.cell.name}; it has one for {', '.join(KINDS)}.")
    dtype = next(iter(parameters.values())).dtype
    options = {"bidirectional": network.bidirectional, "dtype": dtype}
    made = KINDS[network.cell.name](network.size, network.hidden, network.layers, **options)
    made.load_state_dict(dict(parameters))
    return made


def from_module(made: nn.RNNBase) -> tuple[Network, dict[str, Tensor]]:
    """The network that a torch module is, and its parameters, shared with it.

    Raises BadInput for a module with dropout, a projection or without biases, which no cell's equations have.
    """
    if made.proj_size or not made.bias or made.dropout:
        raise BadInput("Only torch.nn.RNN, LSTM and GRU with biases, without dropout and projection can be read.")
    name = {"LSTM": "lstm", "GRU": "gru", "RNN_TANH": "rnn", "RNN_RELU": "rnn-relu"}[made.mode]
    network = Network(load(name), made.input_size, made.hidden_size, made.num_layers, made.bidirectional)
    return network, {name: values.detach() for name, values in made.named_parameters()}
