"""An experiment as commented TOML, for a file that people read, change and keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import tomlkit
from tomlkit.items import Array, Item

from ann_tui.atomic_file import atomic_file
from ann_tui.data.choices.preparation import ColumnPreparation
from ann_tui.data.plain_text import printable
from ann_tui.experiments.dimension import table_of
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_comments import HEADING, STEERING, SWEEP, field_comment, table_comment
from ann_tui.network.design import LayerDesign, NetworkDesign
from ann_tui.relative_paths import path_for


def write_experiment(experiment: Experiment, path: str | Path) -> None:
    """Write the experiment as a commented TOML file, whole or not at all. Raises OSError that names the path."""
    text = experiment_text(experiment, Path(path).absolute().parent, Path(path).name)
    with atomic_file(path) as file:
        file.write(text.encode())


def experiment_text(experiment: Experiment, folder: Path, name: str = "experiment.toml") -> str:
    """The experiment as commented TOML with every field, for a file in `folder`.

    A field that has no value stands there as a comment.
    """
    source, preparation = experiment.source, experiment.preparation
    source = replace(source, path=path_for(folder, source.path))
    split = preparation.split
    if split.file and Path(split.file).exists():
        preparation = replace(preparation, split=replace(split, file=path_for(folder, split.file)))
    document = tomlkit.document()
    for line in HEADING:
        document.add(tomlkit.comment(line.format(name=printable(name, 60))))
    for key, value in (
        ("source", source),
        ("preparation", preparation),
        ("network", experiment.design),
        ("training", experiment.plan),
    ):
        document.add(tomlkit.nl())
        document.add(key, _table(key, value))
    if experiment.steering:
        document.add(tomlkit.nl())
        for line in STEERING:
            document.add(tomlkit.comment(line))
        steps = tomlkit.aot()
        for change in experiment.steering:
            step = asdict(change)
            if not change.attempt:
                del step["attempt"]
            steps.append(tomlkit.item(step))
        document.add("steering", steps)
    if experiment.space:
        document.add(tomlkit.nl())
        document.add("sweep", _sweep(table_of(experiment.space)))
    return document.as_string()


def _sweep(tables: Mapping[str, Any]) -> tomlkit.items.Table:
    """What a sweep varies, each choice under its own name."""
    table = tomlkit.table()
    for line in SWEEP:
        table.add(tomlkit.comment(line))
    for name, choices in tables.items():
        for field, value in choices.items():
            table.append(
                tomlkit.key([name, field]), _item(tuple(value) if isinstance(value, list) else value)
            )
    return table


def _table(name: str, value: Any) -> tomlkit.items.Table:
    """The table of a dataclass: its plain fields first, then the tables in it."""
    table = tomlkit.table()
    table.add(tomlkit.comment(table_comment(name)))
    below: list[tuple[str, Any]] = []
    for field in fields(value):
        own = getattr(value, field.name)
        if is_dataclass(own) or (isinstance(own, dict) and own):
            below.append((field.name, own))
        elif own is None or isinstance(own, dict):
            _add_unset(table, name, field.name)
        else:
            _add(table, name, field.name, own)
    for key, own in below:
        full = f"{name}.{key}"
        table.add(tomlkit.nl())
        table.add(key, _map(full, own) if isinstance(own, dict) else _table(full, own))
    return table


def _map(name: str, values: Mapping[str, Any]) -> tomlkit.items.Table:
    """A table whose keys are columns of the data."""
    table = tomlkit.table(is_super_table=all(map(is_dataclass, values.values())))
    if not table.is_super_table():
        table.add(tomlkit.comment(table_comment(name)))
    for place, (key, value) in enumerate(values.items()):
        if isinstance(value, ColumnPreparation):
            table.add(tomlkit.key(key), _column(name if place == 0 else "", value))
        else:
            table.add(tomlkit.key(key), _item(value))
    return table


def _column(name: str, column: ColumnPreparation) -> tomlkit.items.Table:
    """The exceptions of one column: only those that there are."""
    table = tomlkit.table()
    if name:
        table.add(tomlkit.comment(table_comment(name)))
    for field in fields(column):
        own = getattr(column, field.name)
        if own is not None:
            table.add(field.name, _item(own))
    return table


def _add(table: tomlkit.items.Table, name: str, key: str, value: Any) -> None:
    item = _layers_item(value) if (name, key) == ("network", "layers") else _item(value)
    if not isinstance(item, tomlkit.items.AoT):
        item.comment(field_comment(f"{name}.{key}"))
    table.add(key, item)


def _add_unset(table: tomlkit.items.Table, name: str, key: str) -> None:
    comment = field_comment(f"{name}.{key}", unset=True)
    table.add(tomlkit.comment(f"{key} (not set): {comment}"))


def _layers_item(layers: tuple[LayerDesign, ...]) -> Item:
    """One line of text, or a list of tables where the text would not give back the same layers."""
    text = NetworkDesign(layers).text
    if NetworkDesign.from_text(text).layers == layers:
        return tomlkit.item(text)
    array = tomlkit.array().multiline(True)
    for layer in layers:
        line = tomlkit.inline_table()
        line.update({key: value for key, value in msgspec.to_builtins(layer).items() if value is not None})
        array.append(line)
    return array


def _item(value: Any) -> Item:
    if isinstance(value, tuple):
        array: Array = tomlkit.array()
        array.extend(value)
        return array
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        for key, each in value.items():
            table.append(tomlkit.key(key), each)
        return table
    item: Item = tomlkit.item(value)
    return item
