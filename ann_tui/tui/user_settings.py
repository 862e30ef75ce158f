"""What a person has set for the app as such: a TOML file in their config folder, read when the app starts.

A setting that is unknown, or has a value that can't be, is named in one line and ignored. The app writes the file when
another theme is chosen; what a person wrote into it, comments included, stays.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ann_tui.atomic_file import atomic_file
from ann_tui.data.plain_text import printable, shown_path
from ann_tui.own_folders import settings_file

MEGABYTE = 1 << 20
BEGINNING = """\
# Settings of ann-tui itself. Take the # from the lines that shall hold; it is read when the app starts.

[bounds]
# kept_runs = 500        # how many runs are kept on disk, of all tables
# kept_megabytes = 1024  # what their networks may take; older ones leave their scores
# timeline_megabytes = 256  # memory for the weights of epochs gone by, of all runs together

[notifications]
# information = true     # false: only warnings are said
# when_away = true       # ring when a long training ends while another window is in front
# seconds = 6            # how long a notice stands at most

[keys]                   # other keys for actions, several with commas between
"""


@dataclass(frozen=True)
class UserSettings:
    """The settings; `problems` are the lines of the file that were ignored, each with the reason."""

    theme: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    kept_runs: int | None = None
    kept_megabytes: int | None = None
    information: bool = True
    seconds: float = 6
    timeline_megabytes: int = 256
    when_away: bool = True
    problems: tuple[str, ...] = ()


def read_settings(themes: Collection[str]) -> UserSettings:
    """The settings of the file, with the defaults for what it does not say or says wrongly."""
    path = settings_file()
    try:
        with path.open("rb") as file:
            read = tomllib.load(file)
    except FileNotFoundError:
        return UserSettings()
    except OSError as error:
        return UserSettings(problems=(f"{shown_path(path)} can't be read: {error.strerror or error}",))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return UserSettings(problems=(f"{shown_path(path)} is no TOML: {printable(error, 100)}",))
    problems: list[str] = []
    values: dict[str, Any] = {"keys": {}}
    for name, value in _entries(read):
        setting = name.removeprefix("bounds.").removeprefix("notifications.")
        problem = _problem(name, value, themes)
        if problem is not None:
            problems.append(f"{printable(name, 60)}: {problem}")
        elif name.startswith("keys."):
            values["keys"][name.removeprefix("keys.")] = value
        else:
            values[setting] = value
    return UserSettings(**values, problems=tuple(problems))


def ensure_file() -> Path:
    """The settings file, begun with all that can be set where there was none. Raises OSError."""
    path = settings_file()
    if not path.exists():
        _write(path, _beginning())
    return path


def _beginning() -> str:
    from ann_tui.tui.bound_actions import named_bindings

    lines = [
        f'# "{name}" = "{binding.key}"'.ljust(40) + f"# {binding.tooltip or binding.description}\n"
        for name, binding in sorted(named_bindings().items())
    ]
    return BEGINNING + "".join(lines)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file(path) as file:
        file.write(text.encode("utf-8"))


def remember_theme(theme: str) -> None:
    """Put the theme into the file, and leave the rest of it as it is. Raises OSError or ValueError with one line."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    path = settings_file()
    try:
        text = path.read_bytes().decode("utf-8") if path.exists() else _beginning()
        document = tomlkit.parse(text)
    except (TOMLKitError, UnicodeDecodeError):
        raise ValueError(f"{shown_path(path)} is no TOML, and is left as it is") from None
    if "theme" in document:
        document["theme"] = theme
        written = tomlkit.dumps(document)
    else:
        written = f"{tomlkit.dumps({'theme': theme})}\n{text}"
    _write(path, written)


def _entries(read: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each entry with its section before its name: `bounds.kept_runs`; names of keys have points themselves."""
    for name, value in read.items():
        if name in ("keys", "bounds", "notifications") and isinstance(value, Mapping):
            for inner, entry in _flat(value) if name == "keys" else value.items():
                yield f"{name}.{inner}", entry
        else:
            yield name, value


def _flat(keys: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """`data.target = "G"` and `"data.target" = "G"` mean the same."""
    for name, value in keys.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", entry) for inner, entry in value.items())
        else:
            yield name, value


def _problem(name: str, value: object, themes: Collection[str]) -> str | None:
    if name == "theme":
        known = isinstance(value, str) and value in themes
        return None if known else f"no theme of that name (there are {', '.join(sorted(themes))})"
    if name.startswith("keys."):
        return _problem_with_key(name.removeprefix("keys."), value)
    if name == "bounds.kept_runs":
        whole = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 10_000
        return None if whole else "a whole number from 1 to 10,000 is wanted"
    if name in ("bounds.timeline_megabytes", "bounds.kept_megabytes"):
        whole = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100_000
        return None if whole else "a whole number from 1 to 100,000 is wanted"
    if name in ("notifications.information", "notifications.when_away"):
        return None if isinstance(value, bool) else "true or false is wanted"
    if name == "notifications.seconds":
        number = isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 600
        return None if number else "a number from 1 to 600 is wanted"
    return "no setting of that name"


def _problem_with_key(name: str, value: object) -> str | None:
    from ann_tui.tui.bound_actions import named_bindings

    if name not in named_bindings():
        return "no action of that name"
    if not isinstance(value, str) or not all(key.strip() for key in value.split(",")):
        return "a key is wanted, such as G or ctrl+g"
    return None
