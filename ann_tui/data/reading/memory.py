"""How much memory there is for a table, and how much it will need."""

import os
from contextlib import suppress
from pathlib import Path

GROWTH = 2.2
BASE = 96 << 20


def available_memory() -> int:
    """Bytes that this process can still use: of the machine, its container and its own limit; 0 if unknown."""
    found = [amount for amount in (_machine(), _container(), _own_limit()) if amount > 0]
    return min(found, default=0)


def _machine() -> int:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return 0


def _container() -> int:
    for folder, most, used in (
        ("/sys/fs/cgroup", "memory.max", "memory.current"),
        ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        with suppress(OSError, ValueError):
            limit = int((Path(folder) / most).read_text())
            if limit < 1 << 60:
                return max(1, limit - int((Path(folder) / used).read_text()))
    return 0


def _own_limit() -> int:
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
            return max(1, soft - used)
    return 0


def readable_size(size: float) -> str:
    """A number of bytes for people: 4.2 GB."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
