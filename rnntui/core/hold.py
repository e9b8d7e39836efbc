"""What is set by hand, made ready for the loop that runs a cell: for each step, which units of which symbols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from rnntui.core.byhand import Clamp


@dataclass(frozen=True, eq=False)
class Hold:
    """The settings of one step."""

    settings: Mapping[str, tuple[Tensor, Tensor]]
    """Symbol → which units are held, (H,) of bool, and at what, (H,)."""

    @cached_property
    def symbols(self) -> frozenset[str]:
        """The symbols that are held in some unit."""
        return frozenset(self.settings)

    def __call__(self, symbol: str, computed: Tensor) -> Tensor:
        """The value of a symbol, (H,): what was computed, but where it is held."""
        held, value = self.settings[symbol]
        return torch.where(held, value, computed)


def holds(clamps: Sequence[Clamp], hidden: int, ts: range, dtype: torch.dtype) -> list[Hold | None]:
    """For each t of a reading order its settings, or None; the settings that hold at every step are made once."""
    always = tuple(clamp for clamp in clamps if clamp.t is None)
    rare = {clamp.t for clamp in clamps if clamp.t is not None}
    usual = _hold(always, hidden, dtype)
    return [_hold([one for one in clamps if one.t in {None, t}], hidden, dtype) if t in rare else usual for t in ts]


def initial(clamps: Sequence[Clamp], start: int, states: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The states before reading, each (H,), with those that are set at `start`."""
    blank = next(iter(states.values()))
    hold = _hold([clamp for clamp in clamps if clamp.t == start], len(blank), blank.dtype)
    return {name: hold(name, value) if hold and name in hold.symbols else value for name, value in states.items()}


def _hold(clamps: Sequence[Clamp], hidden: int, dtype: torch.dtype) -> Hold | None:
    settings: dict[str, tuple[Tensor, Tensor]] = {}
    for clamp in clamps:
        if clamp.symbol not in settings:
            settings[clamp.symbol] = torch.zeros(hidden, dtype=torch.bool), torch.zeros(hidden, dtype=dtype)
        held, value = settings[clamp.symbol]
        units = slice(None) if clamp.unit is None else clamp.unit
        held[units] = True
        value[units] = clamp.value
    return Hold(settings) if settings else None
