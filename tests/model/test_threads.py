"""Models and records are read by several threads at once, from the first use of their types on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MODEL = next((Path(__file__).parent / "fixtures" / "0.1.0").glob("*.ann"))
READS = """
import sys, threading
from ann_tui.model.storage import load_model
sys.setswitchinterval(1e-6)
start = threading.Barrier(4)
def read():
    start.wait()
    load_model(sys.argv[1])
threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("all read")
"""


def test_threads_read_a_model_at_once() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", READS, str(MODEL)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "all read\n", "")
