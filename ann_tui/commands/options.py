"""Arguments that several commands take."""

from __future__ import annotations

import click

FILE = click.Path(allow_dash=True)
"""A path; whether it can be read is told by the reader, which knows more to say."""

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")

baselines = click.option(
    "--no-baselines",
    "baselines",
    is_flag=True,
    flag_value=False,
    default=True,
    help="Leave out the simple models that the network is compared with.",
)
