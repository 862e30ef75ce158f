"""Types that are decoded, made known to msgspec while their module is imported."""

from __future__ import annotations

from typing import Any

import msgspec


def make_known(*kinds: Any) -> None:
    """Work out how these types are decoded; called where a module that decodes them is imported.

    msgspec does so at the first use of a type and keeps it with the type; two threads that do it at once end the
    program with a segmentation fault.
    """
    for kind in kinds:
        msgspec.json.Decoder(kind)
