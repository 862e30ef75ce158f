"""Where the program keeps what it makes for a person, and where they set what it does."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_config_path, user_data_path


def runs_folder() -> Path:
    """The folder of the runs that are kept, one folder each; it need not exist."""
    return user_data_path("ann-tui") / "runs"


def looks_folder() -> Path:
    """The folder of the counts of networks that the test rows of each table have judged; it need not exist."""
    return user_data_path("ann-tui") / "looks"


def unfinished_folder() -> Path:
    """The folder of the trainings that are under way, one folder each; it need not exist."""
    return user_data_path("ann-tui") / "unfinished"


def sweeps_folder() -> Path:
    """The folder of the sweeps, one folder each; it need not exist."""
    return user_data_path("ann-tui") / "sweeps"


def settings_file() -> Path:
    """Where the person's settings stand, whether there are any or not."""
    return user_config_path("ann-tui") / "settings.toml"
