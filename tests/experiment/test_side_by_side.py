"""Tasks side by side: each result once, the same bits, what is shared sent once, a worker that dies, a stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from experiment import side_tasks
from experiment.side_tasks import Counted

from ann_tui.experiments.workers.side_by_side import Workers, side_by_side


def _counted(folder: Path) -> Counted:
    return Counted(folder, np.random.default_rng(0).normal(size=(3_000, 60)).astype(np.float32))


def test_two_processes_give_the_bits_of_one_and_get_what_is_shared_once(tmp_path: Path) -> None:
    shared, tasks = _counted(tmp_path), list(range(12))
    alone = dict(side_by_side(side_tasks.product, shared, tasks))
    assert not shared.noted("packed")
    with Workers(shared, jobs=2) as workers:
        beside = dict(workers.each(side_tasks.product, tasks))
        again = dict(workers.each(side_tasks.product, tasks[:4]))
    assert sorted(beside) == tasks
    assert [beside[place][1] for place in tasks] == [alone[place][1] for place in tasks]
    assert [again[place][1] for place in tasks[:4]] == [alone[place][1] for place in tasks[:4]]
    processes = {process for process, _ in (*beside.values(), *again.values())}
    assert os.getpid() not in processes
    assert shared.noted("packed") == [str(os.getpid())]
    unpacked = shared.noted("unpacked")
    assert len(unpacked) == len(set(unpacked))
    assert set(unpacked) == {str(process) for process in processes}


def test_one_job_imports_no_joblib() -> None:
    code = (
        "import sys; from ann_tui.experiments.workers.side_by_side import side_by_side\n"
        "assert list(side_by_side(lambda shared, task, stopping: shared + task, 1, [1, 2])) == [(0, 2), (1, 3)]\n"
        "assert 'joblib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="there are no priorities here")
def test_work_beside_stands_back() -> None:
    found = dict(side_by_side(side_tasks.priority, None, [0, 1], beside=True))
    assert min(found.values()) > os.getpriority(os.PRIO_PROCESS, 0)


def test_a_worker_that_is_killed_costs_no_result(tmp_path: Path) -> None:
    found = list(side_by_side(side_tasks.once_deadly, tmp_path, range(8), jobs=2))
    assert sorted(found) == [(place, place * place) for place in range(8)]
    assert len((tmp_path / "began-3").read_text().split()) == 2


def test_a_task_that_kills_every_worker_is_told_in_one_line() -> None:
    found = []
    with pytest.raises(ValueError, match="a process ended before its task was done"):
        for each in side_by_side(side_tasks.deadly, None, range(5), jobs=2):
            found.append(each)  # noqa: PERF402  # They are wanted although the last step raises.
    places = [place for place, _ in found]
    assert 3 not in places and len(places) == len(set(places))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raises_is_raised(jobs: int) -> None:
    with pytest.raises(ValueError, match="task 7 is no task"):
        list(side_by_side(side_tasks.failing, None, [7], jobs=jobs))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stop_keeps_what_is_done_and_begins_no_more(tmp_path: Path, jobs: int) -> None:
    stop, found = Event(), []
    for each in side_by_side(side_tasks.first_alone, tmp_path, range(50), jobs=jobs, stop=stop):
        found.append(each)
        stop.set()
    assert found == [(0, 0)]
    assert len(list(tmp_path.iterdir())) <= 2 * jobs + 1


def test_nothing_is_left_behind_where_the_program_is_killed(tmp_path: Path) -> None:
    """Neither what was shared nor a process: these end by themselves, and the tracker of resources after them."""
    code = (
        "import os, signal, sys, tempfile\n"
        "from pathlib import Path\n"
        "from experiment import side_tasks\n"
        "from ann_tui.experiments.workers.side_by_side import side_by_side\n"
        "if __name__ == '__main__':\n"
        "    for each in side_by_side(side_tasks.process, Path(sys.argv[1]), range(9), jobs=2):\n"
        "        print(each[1], flush=True)\n"
        "        assert list(Path(tempfile.gettempdir()).glob('ann-tui-*'))\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    (tmp_path / "program.py").write_text(code)
    (tmp_path / "own").mkdir()
    paths = os.pathsep.join([str(Path(__file__).parents[1]), str(Path.cwd())])
    ended = subprocess.run(
        [sys.executable, str(tmp_path / "program.py"), str(tmp_path / "log")],
        env={**os.environ, "PYTHONPATH": paths, "TMPDIR": str(tmp_path / "own")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL and ended.stdout
    # What reads the pipes to the end has waited for all processes that held them.
    assert not list((tmp_path / "own").glob("ann-tui-*"))
    deadline = time.monotonic() + 30
    while _lives(int(ended.stdout)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(int(ended.stdout))


def _lives(pid: int) -> bool:
    """Whether a process goes on; one that has ended may wait for its new parent to take note of that."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_an_address_where_nobody_answers_is_told_in_one_line() -> None:
    with pytest.raises(ValueError, match=r"^--cluster needs Dask|^the cluster .* does not answer$") as error:
        list(side_by_side(side_tasks.priority, None, [0], cluster="tcp://127.0.0.1:9"))
    assert "\n" not in str(error.value)
