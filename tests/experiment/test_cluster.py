"""A real Dask cluster, a scheduler and workers as processes: the same figures, and a worker that is killed."""

from __future__ import annotations

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from command_line import Run as RunCommand
from experiment import side_tasks
from experiment.side_tasks import Counted
from experiment.small import shells, small_experiment

from ann_tui.experiments.derived import load
from ann_tui.experiments.folds.cross_validation import CrossValidation, cross_validation, fold_results
from ann_tui.experiments.folds.folds import FoldResult
from ann_tui.experiments.workers.cluster import Cluster
from ann_tui.experiments.workers.side_by_side import Workers, side_by_side

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.xdist_group("cluster"),
]


class Started:
    """A scheduler and workers of one thread each; killed ones stay away."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._folder, self._found = folder, str(folder / "scheduler.json")
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--host", "127.0.0.1", "--scheduler-file", self._found
        )
        self.workers = [self.new_worker() for _ in range(workers)]
        with distributed.Client(scheduler_file=self._found, timeout=60, set_as_default=False) as client:
            if workers:
                client.wait_for_workers(workers, timeout=60)
            self.address: str = client.scheduler.address

    def _start(self, what: str, *more: str) -> subprocess.Popen[bytes]:
        code = f"from distributed.cli.dask_{what} import main; main()"
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), str(Path.cwd())]),
            "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false",
        }
        return subprocess.Popen(
            [sys.executable, "-c", code, *more, "--no-dashboard"],
            cwd=self._folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def new_worker(self) -> subprocess.Popen[bytes]:
        return self._start(
            "worker", "--scheduler-file", self._found, "--no-nanny", "--nthreads", "1",
            "--local-directory", str(self._folder),
        )  # fmt: skip

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    started: list[Started] = []

    def begin(workers: int = 2) -> Started:
        (tmp_path / "dask").mkdir(exist_ok=True)
        started.append(Started(tmp_path / "dask", workers))
        return started[-1]

    yield begin
    for each in started:
        each.end()


def test_a_cluster_gives_the_bits_of_one_process_and_gets_what_is_shared_once(
    tmp_path: Path, start: Callable[..., Started]
) -> None:
    shared, tasks = Counted(tmp_path, np.random.default_rng(0).normal(size=(30_000, 60))), list(range(12))
    alone = dict(side_by_side(side_tasks.product, shared, tasks))
    with Workers(shared, cluster=start().address) as workers:
        assert workers.places == 2
        before = shared.noted("packed"), shared.noted("unpacked")
        found = dict(workers.each(side_tasks.product, tasks))
        again = dict(workers.each(side_tasks.product, tasks))
    assert [found[place][1] for place in tasks] == [alone[place][1] for place in tasks]
    assert [again[place][1] for place in tasks] == [alone[place][1] for place in tasks]
    assert len({process for process, _ in found.values()}) == 2
    assert (shared.noted("packed"), shared.noted("unpacked")) == before
    assert {str(process) for process, _ in found.values()} <= set(shared.noted("unpacked"))


def test_a_stop_reaches_the_workers(tmp_path: Path, start: Callable[..., Started]) -> None:
    stop, found = Event(), []
    for each in side_by_side(side_tasks.first_alone, tmp_path, range(9), cluster=start().address, stop=stop):
        found.append(each)
        stop.set()
    assert found == [(0, 0)]


def test_a_worker_that_is_killed_costs_no_result(tmp_path: Path, start: Callable[..., Started]) -> None:
    found = list(side_by_side(side_tasks.once_deadly, tmp_path, range(8), cluster=start().address))
    assert sorted(found) == [(place, place * place) for place in range(8)]
    assert len((tmp_path / "began-3").read_text().split()) == 2


@pytest.mark.parametrize("workers", [1, 2])
def test_the_last_worker_does_all_tasks_by_itself(
    tmp_path: Path, start: Callable[..., Started], workers: int
) -> None:
    """Not this process in its stead."""
    cluster = start(workers)
    with Workers(tmp_path, cluster=cluster.address) as hands:
        found = dict(hands.each(side_tasks.process, range(6)))
        assert set(found.values()) <= {each.pid for each in cluster.workers}
        for each in cluster.workers[1:]:
            each.kill()
            each.wait()
        found = dict(hands.each(side_tasks.process, range(6)))
    assert set(found.values()) == {cluster.workers[0].pid}


def test_a_new_worker_goes_on_where_the_last_one_was_killed(
    tmp_path: Path, start: Callable[..., Started]
) -> None:
    cluster = start(1)
    found = {}
    with Workers(tmp_path, cluster=cluster.address) as hands:
        for place, process in hands.each(side_tasks.process, range(40)):
            if not found:
                cluster.workers.append(cluster.new_worker())
                cluster.workers[0].kill()
                cluster.workers[0].wait()
            assert place not in found
            found[place] = process
        found |= {40 + place: process for place, process in hands.each(side_tasks.process, range(2))}
    assert sorted(found) == list(range(42))
    assert {found[0], found[41]} == {each.pid for each in cluster.workers} == set(found.values())


def _setting(stop: Event, usual: Callable[..., int]) -> Callable[..., int]:
    """The usual number of cores; `stop` is set where there are none."""

    def cores(cluster: Cluster[Path]) -> int:
        found = usual(cluster)
        if not found:
            stop.set()
        return found

    return cores


@pytest.mark.parametrize("stopped", [False, True])
def test_workers_that_are_all_gone_are_told_unless_all_shall_stop(
    tmp_path: Path, start: Callable[..., Started], monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    monkeypatch.setattr("ann_tui.experiments.workers.cluster.SECONDS", 3)
    cluster, stop = start(), Event()
    if stopped:  # While another worker is waited for.
        monkeypatch.setattr(Cluster, "_cores", _setting(stop, Cluster._cores))
    found: list[tuple[int, int]] = []
    told = (
        nullcontext() if stopped else pytest.raises(ValueError, match=r"^the cluster tcp://.* has no worker")
    )
    with told:
        for each in side_by_side(
            side_tasks.first_alone, tmp_path, range(9), cluster=cluster.address, stop=stop
        ):
            found.append(each)
            for worker in cluster.workers:
                worker.kill()
    assert found == [(0, 0)]


def test_a_cluster_without_workers_is_told(
    start: Callable[..., Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ann_tui.experiments.workers.cluster.SECONDS", 1)
    with pytest.raises(
        ValueError, match=r"^the cluster tcp://.* has no worker: start some with dask worker$"
    ):
        Cluster(start(0).address, None)


def _validation(folder: Path) -> CrossValidation:
    """On a table that the workers can't read: its file is gone."""
    experiment = small_experiment(shells(folder), batch=4, epochs=20)
    data = load(experiment.source)
    Path(experiment.source.path).unlink()
    return cross_validation(experiment, data, folds=5, seeds=3, baselines=False)


def _figures(results: Iterable[FoldResult]) -> list[tuple[object, ...]]:
    return [
        (each.place, each.network, each.outputs.tobytes(), each.rows.tobytes(), dict(each.metrics))
        for each in sorted(results, key=lambda each: each.place)
    ]


def test_folds_on_a_cluster_are_those_of_one_process_though_a_worker_is_killed_in_their_midst(
    tmp_path: Path, start: Callable[..., Started]
) -> None:
    validation, cluster = _validation(tmp_path), start()
    alone = _figures(fold_results(validation))
    assert _figures(fold_results(validation, cluster=cluster.address)) == alone
    found = []
    for result in fold_results(validation, cluster=cluster.address):
        if not found:
            cluster.workers[0].kill()
            cluster.workers[0].wait()
        found.append(result)
    assert len(found) == len(validation), "nothing twice"
    assert _figures(found) == alone


def test_a_scheduler_that_goes_is_told_and_what_is_done_is_kept(
    tmp_path: Path, start: Callable[..., Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ann_tui.experiments.workers.cluster.SECONDS", 3)
    cluster = start()
    found = []
    with pytest.raises(ValueError, match=r"^the cluster tcp://.* does not answer any more$"):
        for each in side_by_side(side_tasks.first_alone, tmp_path, range(9), cluster=cluster.address):
            found.append(each)
            cluster.end()
    assert found == [(0, 0)]


def test_the_command_line_has_the_cluster(
    tmp_path: Path, start: Callable[..., Started], run: RunCommand
) -> None:
    words = ("cv", shells(tmp_path), "--target", "kind", "--epochs", 2, "--no-baselines", "--json")
    one, other = (json.loads(run(*words, *more).out) for more in ((), ("--cluster", start().address)))
    assert other["metrics"] == one["metrics"]
    assert other["confusion_matrix"] == one["confusion_matrix"]


def test_another_version_is_refused(start: Callable[..., Started], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ann_tui.experiments.workers.cluster.version", lambda name: "99.9")
    with pytest.raises(
        ValueError, match=r"^the worker tcp://.* has ann-tui .*, and here it is 99\.9: install"
    ):
        Cluster(start().address, None)


def _serve(said: bytes) -> socketserver.TCPServer:
    """A server that says this to everyone, and then nothing."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(said)
            self.request.recv(1 << 16)
            threading.Event().wait(10)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.mark.parametrize(
    "said, told",
    [
        (b"", r"^the cluster tcp://\S+ does not answer$"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", r"^what answers at tcp://\S+ is no scheduler of Dask"),
    ],
)
def test_what_is_no_scheduler_is_told_before_a_client_waits_for_it(
    monkeypatch: pytest.MonkeyPatch, said: bytes, told: str
) -> None:
    monkeypatch.delattr(distributed.Client, "start")
    monkeypatch.setattr("ann_tui.experiments.workers.cluster.SECONDS", 1)
    with _serve(said) as server:
        with pytest.raises(ValueError, match=told):
            Cluster(f"tcp://127.0.0.1:{server.server_address[1]}", None)
        server.shutdown()


def test_encryption_without_certificates_is_told() -> None:
    with pytest.raises(ValueError, match=r"^the cluster tls://\S+ needs certificates"):
        Cluster("tls://127.0.0.1:8786", None)
