"""What can't be written."""

import shlex
from collections.abc import Mapping


class ExportError(ValueError):
    """A network that can't be written as asked; the message is one line that names the option and says what to do."""


def refusal(who: str, obstacles: Mapping[str, str]) -> ExportError:
    """That a framework can't say these options, by what each is called, with the `--set` that makes each one sayable.

    An empty setting means that there is none.
    """
    settings = " ".join(dict.fromkeys(f"--set {shlex.quote(each)}" for each in obstacles.values() if each))
    other = f", or train (and save) it with {settings}" if settings else ""
    return ExportError(f"{who}: {', '.join(obstacles)}; --to pytorch can{other}")
