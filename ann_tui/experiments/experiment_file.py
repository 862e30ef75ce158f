"""The experiment file read: the four choices as TOML that people wrote or changed; see `experiment_writing`."""

from __future__ import annotations

import difflib
import re
import tomllib
import types
import typing
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.data.plain_text import printable, shown_path
from ann_tui.experiments.dimension import SpaceError, dimensions_of, table_of
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.named_choices import TABLES, named_choices
from ann_tui.known_types import make_known
from ann_tui.network.design import DesignError, LayerDesign, NetworkDesign
from ann_tui.relative_paths import path_from
from ann_tui.training.changes import Change
from ann_tui.training.plan import TrainingPlan

LONGEST = 4 << 20
"""No experiment file is longer than so many bytes."""

Kind = TypeVar("Kind")
Table = dict[str, Any]

make_known(Source, Preparation, NetworkDesign, TrainingPlan, tuple[Change, ...])


class ExperimentError(ValueError):
    """An experiment file that can't be read; the message is one line that names file and field."""


def read_experiment(path: str | Path) -> Experiment:
    """The experiment in a TOML file; what is left out has its default.

    A relative path of the data is taken from the file's own folder. Raises ExperimentError with one line.
    """
    place, shown = Path(path), shown_path(path)
    try:
        return experiment_from_text(_text(place, shown), place.parent)
    except ExperimentError as error:
        raise ExperimentError(f"{shown}: {error}") from None


def experiment_from_text(text: str, folder: Path) -> Experiment:
    """The experiment in a TOML text whose paths are relative to `folder`. Raises ExperimentError."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExperimentError(f"this is no TOML: {printable(error)}") from None
    except RecursionError:
        raise ExperimentError("this is no experiment: its lists stand too deep in one another") from None
    return _experiment(plain, folder)


def with_choices(experiment: Experiment, assignments: Iterable[str]) -> Experiment:
    """The experiment with choices named as in its file, such as `training.schedule=one cycle`.

    A value is written as in TOML; what is no TOML, or is a number where a text belongs, is taken as a text. The word
    for no value, such as `none`, takes the value away. Paths stay as they are. Raises ExperimentError with one line.
    """
    possible = [_assignments(assignment) for assignment in assignments]
    taken = [likeliest for likeliest, *_ in possible]
    try:
        return _with_tables(experiment, taken)
    except ExperimentError as error:
        problem = error
    for place, (_, *others) in enumerate(possible):
        for other in others:
            instead = [*taken[:place], other, *taken[place + 1 :]]
            try:
                return _with_tables(experiment, instead)
            except ExperimentError as error:
                if "expected text" in str(problem) and str(error) != str(problem):
                    taken, problem = instead, error
    raise problem


def _with_tables(experiment: Experiment, tables: Iterable[Table]) -> Experiment:
    plain = _plain_tables(experiment)
    for table in tables:
        _put(plain, table)
    return _experiment(plain, None)


def with_values(experiment: Experiment, values: Mapping[str, Any]) -> Experiment:
    """The experiment with plain values by the names of their fields, such as `training.epochs`.

    Paths stay as they are. Raises ExperimentError with one line.
    """
    plain = _plain_tables(experiment)
    for name, value in values.items():
        for key in reversed(name.split(".")):
            value = {key: value}
        _put(plain, value)
    return _experiment(plain, None)


def _plain_tables(experiment: Experiment) -> Table:
    choices = (experiment.source, experiment.preparation, experiment.design, experiment.plan)
    tables: Table = {name: msgspec.to_builtins(choice) for name, choice in zip(TABLES, choices, strict=True)}
    steering = msgspec.to_builtins(experiment.steering)
    return tables | {"steering": steering, "sweep": table_of(experiment.space)}


def _assignments(text: str) -> list[Table]:
    """The tables of tables that one `name.of.the.choice=value` may mean, the likeliest first."""
    name, sign, value = text.partition("=")
    if not sign:
        raise ExperimentError(f"{printable(text, 80)}: write it as training.epochs=50")
    found = []
    known = named_choices().get(name.strip())
    if known is not None and known.may_be_none and value.strip() == known.about.none:
        *tables, field = name.strip().split(".")
        nothing: Table = {field: None}
        for table in reversed(tables):
            nothing = {table: nothing}
        found.append(nothing)
    for written in (value, msgspec.json.encode(value.strip()).decode()):
        with suppress(tomllib.TOMLDecodeError, RecursionError):
            found.append(tomllib.loads(f"{name} = {written}"))
    if found:
        return found
    raise ExperimentError(f"{printable(name, 80)}: this is no name of a choice, such as training.epochs")


def _put(into: Table, values: Table) -> None:
    """Put values into a table of tables, leaving all others as they are."""
    for key, value in values.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _put(into[key], value)
        else:
            into[key] = value


def _experiment(plain: Table, folder: Path | None) -> Experiment:
    """The experiment in tables of plain values, with paths relative to `folder`; None leaves them as they are."""
    _refuse_unknown("", plain, (*TABLES, "steering", "sweep"))
    tables = {name: plain.get(name, {}) for name in (*TABLES, "sweep")}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise ExperimentError(f"{name} must be a table: write [{name}] on a line of its own")
    if "path" not in tables["source"]:
        raise ExperimentError('[source] lacks the path of the data: write path = "data.csv" in it')
    source = _built("source", tables["source"], Source)
    preparation = _built("preparation", tables["preparation"], Preparation)
    network = dict(tables["network"])
    if "layers" in network:
        network["layers"] = _layers(network["layers"])
    design = _built("network", network, NetworkDesign)
    split = preparation.split
    if folder is not None:
        source = replace(source, path=path_from(folder, source.path))
    if folder is not None and split.file and Path(path_from(folder, split.file)).exists():
        preparation = replace(preparation, split=replace(split, file=path_from(folder, split.file)))
    plan = _built("training", tables["training"], TrainingPlan)
    steering = _built("steering", plain.get("steering", []), tuple[Change, ...])
    try:
        space = dimensions_of(tables["sweep"])
    except SpaceError as error:
        raise ExperimentError(str(error)) from None
    return Experiment(source, preparation, design, plan, steering, space)


def _text(path: Path, shown: str) -> str:
    try:
        if path.is_dir():
            raise ExperimentError("this is a folder: name an experiment file in it")
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as error:
        raise ExperimentError(error.strerror or "cannot be read") from None
    except ValueError:
        raise ExperimentError(f"{shown} can't be the name of a file") from None
    if len(data) > LONGEST:
        raise ExperimentError("this is no experiment: it is longer than any could be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ExperimentError("this is no experiment: it is no text in UTF-8") from None


def _layers(value: object) -> list[Any]:
    """Layers written as one text, or as a list of texts and tables."""
    try:
        if isinstance(value, str):
            return [_plain(layer) for layer in NetworkDesign.from_text(value).layers]
        if isinstance(value, list | tuple):
            return [_plain(LayerDesign.from_text(each)) if isinstance(each, str) else each for each in value]
    except DesignError as error:
        raise ExperimentError(f"[network] {error}") from None
    raise ExperimentError('[network] layers: write a text such as "64 relu, 32 relu"')


def _plain(layer: LayerDesign) -> Table:
    found: Table = msgspec.to_builtins(layer)
    return found


def _built(name: str, table: Table, kind: type[Kind]) -> Kind:
    _refuse_unknown_fields(name, table, kind)
    try:
        return msgspec.convert(table, kind, strict=True)
    except msgspec.ValidationError as error:
        message = str(error)
    raise ExperimentError(_where_of_entry(name, table, kind, message) or _where(name, message))


def _where_of_entry(name: str, table: Table, kind: type[Any], message: str) -> str | None:
    """What is wrong with the first entry of a table in the table, with its name; msgspec doesn't tell it."""
    found = re.search(r" - at `\$\.(\w+)\[\.\.\.\]", message)
    if found is None:
        return None
    hint = typing.get_type_hints(kind)[found[1]]
    for key, value in table[found[1]].items():
        try:
            msgspec.convert({key: value}, hint, strict=True)
        except msgspec.ValidationError as error:
            return _where(f"{name}.{found[1]}.{key}", str(error).replace("`$[...]", "`$"))
    return None


def _where(name: str, message: str) -> str:
    """What msgspec says, with the name of the table and the field in front."""
    found = re.fullmatch(r"(?s)(.*) - at `\$(.*)`", message)
    reason, place = (found[1], found[2]) if found else (message, "")
    key = place.removeprefix(".")
    reason = reason.replace("`", "")
    reason = (
        reason[:1].lower() + reason[1:] if reason.startswith(("Expected", "Object", "Invalid")) else reason
    )
    for word, plain in (("null", "nothing"), ("str", "text"), ("int", "a whole number"), ("float", "a number"),
                        ("bool", "true or false"), ("array", "a list"), ("object", "a table")):  # fmt: skip
        reason = re.sub(rf"\b{word}\b", plain, reason) if reason.startswith("expected") else reason
    reason = reason.replace(" | nothing", "").replace(" | ", " or ")
    return printable(f"[{name}] {key + ': ' if key else ''}{reason}", 400)


def _refuse_unknown_fields(name: str, table: object, kind: Any) -> None:
    """Raise ExperimentError for the first key that a dataclass doesn't have, in it and in all tables below."""
    if isinstance(table, Mapping) and is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        _refuse_unknown(name, table, tuple(hints))
        for key, value in table.items():
            _refuse_unknown_fields(f"{name}.{key}", value, hints[key])
        return
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        for each in inner:
            if is_dataclass(each):
                _refuse_unknown_fields(name, table, each)
    elif origin is dict and isinstance(table, Mapping):
        for key, value in table.items():
            _refuse_unknown_fields(f"{name}.{key}", value, inner[1])
    elif origin is tuple and isinstance(table, list):
        for value in table:
            _refuse_unknown_fields(name, value, inner[0])


def _refuse_unknown(name: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"it can have {', '.join(known)}"
            where = f"[{printable(name, 60)}] has" if name else "an experiment has"
            raise ExperimentError(f"{where} no {printable(repr(key), 60)}: {hint}")
