"""Tables of every kind of column, prepared, and networks for them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from preparation.conftest import make_table

from ann_tui.data.choices.number_form import NumberForm
from ann_tui.data.choices.preparation import ColumnPreparation, Preparation
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.prepare import PreparedData, prepare
from ann_tui.network.design import NetworkDesign
from ann_tui.network.input_bins import InputBins
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs

ROWS = 60
KINDS = {
    "age": "number", "share": "number", "price": "number", "weight": "number", "city": "category",
    "member": "boolean", "joined": "date", "remark": "text", "class": "category", "goal": "number",
}  # fmt: skip
PREPARATIONS = {
    "default": Preparation(),
    "bins": Preparation(number_encoding="piecewise linear", indicator=True, text="hashed words"),
    "neighbours": Preparation(missing_number="knn", scaling="robust"),
    "rules": Preparation(columns={"age": ColumnPreparation(minimum=11.5, maximum=200)}),
}


def cells() -> dict[str, list[Any]]:
    """60 rows: plain numbers with gaps, shares, prices with points between thousands, weights in kg, and words."""
    draw = np.random.default_rng(5)
    return {
        "age": [
            None if row % 9 == 4 else float(age) for row, age in enumerate(draw.normal(40, 14, ROWS).round(1))
        ],
        "share": [f"{share:.1f} %" for share in draw.uniform(5, 80, ROWS)],
        "price": [
            f"{number // 1000}.{number % 1000:03d} €"
            for number in draw.integers(1_000, 90_000, ROWS).tolist()
        ],
        "weight": [f"{weight:.1f} kg" for weight in draw.uniform(50, 90, ROWS)],
        "city": [[None, "Oslo", "Rome", "Lima", "Bonn"][code] for code in draw.integers(0, 5, ROWS).tolist()],
        "member": [["yes", "no", None][code] for code in draw.integers(0, 3, ROWS).tolist()],
        "joined": [f"20{row % 20 + 10}-{row % 12 + 1:02d}-{row % 28 + 1:02d}" for row in range(ROWS)],
        "remark": [
            ["good work", "late again", "so so", None][code] for code in draw.integers(0, 4, ROWS).tolist()
        ],
        "class": [["low", "middle", "high"][code] for code in draw.integers(0, 3, ROWS).tolist()],
        "goal": np.exp(draw.normal(3, 1, ROWS)).round(2).tolist(),
    }


@cache
def prepared(preparation: str = "default", target: str = "class") -> PreparedData:
    """The table with one of `PREPARATIONS`; the target is the class or the goal."""
    columns = {
        name: values for name, values in cells().items() if name == target or name not in ("class", "goal")
    }
    kinds = {name: KINDS[name] for name in columns}
    table, profile, source = make_table(columns, kinds, target)
    table.parsed["price"].stated = NumberForm.of("1.234 €")
    return prepare(table, profile, source, PREPARATIONS[preparation])


def network_for(fitted: FittedPreparation, members: int = 1) -> Network:
    """A network for what the preparation gives, whose weights all differ."""
    design = replace(NetworkDesign.from_text("7 tanh, dropout 0.3, 5 relu"), members=members)
    edges = fitted.scaled_edges
    network = Network(
        design,
        len(fitted.feature_names),
        Outputs.telling(len(fitted.target.classes)),
        seed=4,
        bins=InputBins(edges) if edges else None,
    )
    network.weights += np.random.default_rng(6).normal(0, 0.2, network.weights.size).astype(np.float32)
    return network
