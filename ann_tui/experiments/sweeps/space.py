"""The space of a sweep as a file, and the experiment that a few settings make."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ann_tui.data.plain_text import printable, shown_path
from ann_tui.experiments.dimension import (
    ACTIVATION,
    DEPTH,
    DROPOUT,
    LAYERS,
    WIDTH,
    Dimension,
    SpaceError,
    Value,
    dimensions_of,
    field_of,
    value_text,
)
from ann_tui.network.design import LayerDesign, NetworkDesign
from ann_tui.network.layer_kinds import LAYER_KINDS

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment

Settings = Mapping[str, Value]
"""What a trial chooses, by the names of the dimensions."""

LONGEST = 1 << 20
"""No file of a space is longer than so many bytes."""


def read_space(path: str | Path) -> tuple[Dimension, ...]:
    """The space in a TOML file: the lines of a table `[sweep]`, or an experiment file that has one.

    Raises SpaceError with one line that names the file.
    """
    place, shown = Path(path), shown_path(path)
    try:
        with place.open("rb") as file:
            data = file.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise SpaceError("this is no space of a sweep: it is longer than any could be")
        table = tomllib.loads(data.decode("utf-8-sig"))
        table = table.get("sweep", table)
        if not isinstance(table, dict):
            raise SpaceError("sweep must be a table: write [sweep] on a line of its own")
        found = dimensions_of(table)
        if not found:
            raise SpaceError("nothing varies in it: write training.batch = [16, 32] below [sweep]")
        return found
    except SpaceError as error:
        raise SpaceError(f"{shown}: {error}") from None
    except OSError as error:
        raise SpaceError(f"{shown}: {error.strerror or 'cannot be read'}") from None
    except UnicodeDecodeError:
        raise SpaceError(f"{shown}: this is no text in UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SpaceError(f"{shown}: this is no TOML: {printable(error)}") from None


def with_settings(experiment: Experiment, settings: Settings) -> Experiment:
    """The experiment with these settings. Raises ValueError with one line where they don't go together."""
    plain: dict[str, dict[str, Any]] = {"preparation": {}, "network": {}, "training": {}}
    for name, value in settings.items():
        if name not in (LAYERS, DEPTH, WIDTH, ACTIVATION, DROPOUT):
            table, _, field = name.partition(".")
            plain[table][field] = value
    layers = _layers(experiment.design.layers, settings)
    return replace(
        experiment,
        preparation=replace(experiment.preparation, **plain["preparation"]),
        design=replace(experiment.design, layers=layers, **plain["network"]),
        plan=replace(experiment.plan, **plain["training"]),
    )


def _layers(layers: tuple[LayerDesign, ...], settings: Settings) -> tuple[LayerDesign, ...]:
    """The hidden layers: input scales at the front stay, each layer with units is one hidden layer."""
    if LAYERS in settings:
        layers = NetworkDesign.from_text(str(settings[LAYERS])).layers
    front = tuple(takewhile(lambda layer: layer.kind == "input scale", layers))
    body = layers[len(front) :]
    if (depth := settings.get(DEPTH)) is not None:
        first = next((layer for layer in body if layer.units is not None), LayerDesign("dense", 64, "relu"))
        body = (first,) * int(depth)
    if (width := settings.get(WIDTH)) is not None:
        body = tuple(layer if layer.units is None else replace(layer, units=int(width)) for layer in body)
    if (activation := settings.get(ACTIVATION)) is not None:
        body = tuple(
            replace(layer, activation=str(activation))
            if layer.units is not None and "activation" in LAYER_KINDS[layer.kind].asks
            else layer
            for layer in body
        )
    if (rate := settings.get(DROPOUT)) is not None:
        body = tuple(layer for layer in body if layer.kind != "dropout")
        if rate:
            silenced = LayerDesign("dropout", rate=float(rate))
            body = tuple(
                each for layer in body for each in ((layer,) if layer.units is None else (layer, silenced))
            )
    return front + body


def differing(experiment: Experiment, settings: Settings) -> dict[str, Value]:
    """Those of the settings, which go together, that are not what the experiment has anyway."""
    return {
        name: value
        for name, value in settings.items()
        if with_settings(experiment, {name: value}) != experiment
    }


def settings_text(settings: Settings) -> str:
    """Settings on one line, as they are read on a screen: width 64, dropout 0.2."""
    return ", ".join(f"{field_of(name).title} {value_text(name, value)}" for name, value in settings.items())
