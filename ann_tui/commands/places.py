"""Where trainings are done: so many at once here, or on a cluster."""

from __future__ import annotations

import click

from ann_tui.commands.options import Whole

jobs_option = click.option(
    "--jobs",
    metavar="NUMBER",
    type=Whole(1, 256),
    default=1,
    show_default=True,
    help="How many are trained at once, each in a process that has the table in memory.",
)
cluster_option = click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Train on the workers of a Dask cluster, by the address of its scheduler, such as tcp://host:8786.",
)
