"""How many networks the test rows of a table have judged: each further look makes the best of their scores flatter.

A text file in the user's data folder for each table (by the SHA-256 of its file) and target holds a line for each
network whose test score was shown. The same network, however often it is shown or trained again, is one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.model.trained_model import file_sha256
from ann_tui.model.weights import digest_of
from ann_tui.own_folders import looks_folder

if TYPE_CHECKING:
    from ann_tui.network.network import Network


def note_look(
    table: str | Path, target: str, network: Network | str, *, root: Path | None = None
) -> int | None:
    """Note that the test score of a network is shown, and give how many networks were looked at by now, this one too.

    Networks that are judged as one, such as those of a cross-validation, are told by one digest of them all. `table` is
    the path of its file, `root` the folder to keep the count in, by default in the user's data folder. None where there
    is no such file, as on standard input, or where the count can't be kept.
    """
    sha256 = file_sha256(Path(table)) if str(table) != "-" else ""
    if not sha256:
        return None
    looked = network if isinstance(network, str) else digest_of(network)
    name = hashlib.sha256(f"{sha256}\0{target}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    path = (root or looks_folder()) / f"{name}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+", encoding="ascii", errors="replace") as file:
            file.seek(0)
            seen = set(file.read().split())
            if looked not in seen:
                file.write(looked + "\n")
    except OSError:
        return None
    return len(seen | {looked})


def looks_text(looks: int | None) -> str:
    """What a person should know of so many looks; "" for the first one, or where they are not known."""
    if looks is None or looks < 2:
        return ""
    return (
        f"the test rows of this table have judged {looks} networks by now: the best of them flatters; choose between "
        "networks by their validation scores"
    )
