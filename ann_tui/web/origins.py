"""Which requests a server answers: those for its own address, and from its own page."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names of this computer for itself."""


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this computer alone."""
    return host in LOOPBACK or (host.startswith("127.") and host.replace(".", "").isdigit())


def may_ask(asked_host: str, origin: str | None, served_host: str) -> bool:
    """Whether a request is answered that names `asked_host` in its Host header, from a page of `origin`, if from any.

    A page of another site can reach a server on this computer through the browser: by its address, and then it says
    where it comes from, or by a name of its own that it lets mean this computer, and then it asks for that name.
    """
    name = urlsplit(f"//{asked_host}").hostname or ""
    if is_loopback(served_host) and not is_loopback(name):
        return False
    return origin is None or urlsplit(origin).netloc == asked_host
