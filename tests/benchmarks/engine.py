"""How long an epoch takes: this engine beside PyTorch, scikit-learn, JAX and the bare matrix products.

    python -m tests.benchmarks.engine [--repeats 15] [--only iris,adult] [--without PyTorch]
    python -m tests.benchmarks.engine --large [--repeats 15] [--without PyTorch]
    python -m tests.benchmarks.engine --scaling

All are timed in turn, over and over, so that a busy moment of the machine meets them alike; the figures are medians.
A short rest before each lets the threads of the one before fall asleep. Every one shuffles, runs Adam in float32 on
the same shapes, and uses as many threads as it likes. The limit is the fastest of one thread, two threads of the BLAS,
and two threads of which each multiplies half a batch. With `--large` the two largest shapes are told in full: medians,
minima and processor time of everybody, and how many times theirs ours takes. Where other programs keep the cores busy,
the processor time is the figure to trust.
"""

from __future__ import annotations

import argparse
import statistics
import time
import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.training.examples import Examples
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer

RATE = 0.001
REST_SECONDS = 0.25


@dataclass(frozen=True)
class Workload:
    """Rows, inputs, hidden layers, outputs and batch; `epochs` are timed together."""

    name: str
    rows: int
    inputs: int
    hidden: tuple[int, ...]
    kind: str
    classes: int
    batch: int
    epochs: int
    torch_goal: float
    jax_goal: float
    limit_goal: float

    @property
    def outputs(self) -> Outputs:
        return Outputs("multiclass", self.classes) if self.kind == "multiclass" else Outputs(self.kind)

    @property
    def sizes(self) -> tuple[int, ...]:
        return (self.inputs, *self.hidden, self.outputs.units)

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        generator = np.random.default_rng(0)
        x = generator.standard_normal((self.rows, self.inputs), np.float32)
        if self.kind == "number":
            return x, np.tanh(x[:, 0]) + 0.1 * generator.standard_normal(self.rows, np.float32)
        return x, (np.abs(x[:, 0] * 3) + np.abs(x[:, 1])).astype(np.int64) % max(self.classes, 2)


WORKLOADS = [
    Workload("iris", 150, 4, (16,), "multiclass", 3, 16, 300, 30, 2.3, 5),
    Workload("cancer", 569, 30, (32, 16), "binary", 2, 32, 150, 21, 1.6, 3.6),
    Workload("tiny", 10_000, 20, (64,), "binary", 2, 8, 5, 30, 1.0, 4),
    Workload("housing", 20_000, 8, (64, 64), "number", 0, 128, 6, 10, 1.65, 1.75),
    Workload("adult", 32_000, 108, (64, 32), "binary", 2, 128, 4, 5.5, 1.8, 1.65),
    Workload("full batch", 32_000, 108, (64, 32), "binary", 2, 32_000, 6, 1.6, 1.2, 1.5),
    Workload("digits-like", 60_000, 784, (256, 128), "multiclass", 10, 128, 1, 1.5, 1.0, 1.5),
    Workload("wide", 100_000, 200, (512, 512), "binary", 2, 256, 1, 1.2, 0.95, 1.3),
]


class Spent(NamedTuple):
    """Seconds that an epoch took, by the clock and of all processors together."""

    seconds: float
    cpu: float


Timed = Callable[[], Spent]
"""Trains for some epochs, and gives what one took."""


class Watch:
    """Runs from its making on."""

    def __init__(self) -> None:
        self.started = time.perf_counter(), time.process_time()

    def spent(self, epochs: int) -> Spent:
        """What one of so many epochs took."""
        now = time.perf_counter(), time.process_time()
        return Spent(*((end - begin) / epochs for begin, end in zip(self.started, now, strict=True)))


def ours(work: Workload) -> Timed:
    """The trainer as the app runs it, with its history and best weights, but no validation rows."""
    x, y = work.data()
    design = NetworkDesign.from_text(", ".join(f"{units} relu" for units in work.hidden))
    plan = TrainingPlan(
        optimizer="adam",
        learning_rate=RATE,
        schedule="constant",
        batch=work.batch,
        epochs=work.epochs + 1,
        early_stopping=False,
    )

    def run() -> Spent:
        trainer = Trainer(Network(design, work.inputs, work.outputs), Examples(x, y), None, plan)
        watch = Watch()
        history = trainer.run().history
        seconds = (history[-1].seconds - history[0].seconds) / work.epochs
        return Spent(seconds, watch.spent(work.epochs + 1).cpu)

    return run


def multiplications(work: Workload, rows: int) -> Callable[[int], None]:
    """Does the matrix products of so many batches of `rows` rows: each layer's output, gradient and delta below."""
    generator = np.random.default_rng(0)
    calls = []
    for lower, upper in zip(work.sizes[:-1], work.sizes[1:], strict=True):
        a, weights, delta = (
            generator.standard_normal(shape, np.float32)
            for shape in ((rows, lower), (lower, upper), (rows, upper))
        )
        calls.append((a, weights, np.empty((rows, upper), np.float32)))
        calls.append((a.T, delta, np.empty((lower, upper), np.float32)))
        if lower is not work.sizes[0]:
            calls.append((delta, np.ascontiguousarray(weights.T), np.empty((rows, lower), np.float32)))

    def multiply(batches: int) -> None:
        for _ in range(batches):
            for left, right, out in calls:
                left.dot(right, out)

    return multiply


def products(work: Workload, threads: int) -> Timed:
    """The matrix products of an epoch and nothing else, in so many threads of the BLAS."""
    # A whole batch in parts of 512 rows, as it stays in the cache.
    rows = min(work.batch, 512)
    multiply = multiplications(work, rows)

    def run() -> Spent:
        with threadpool_limits(threads, user_api="blas"):
            watch = Watch()
            multiply(work.epochs * -(-work.rows // rows))
            return watch.spent(work.epochs)

    return run


def products_of_halves(work: Workload) -> Timed:
    """The same in two threads of Python that never wait for each other, each with half the rows of every batch."""
    rows = max(1, min(work.batch // 2, 512))
    parts = [multiplications(work, rows) for _ in range(2)]
    batches = work.epochs * -(-work.rows // (2 * rows))

    def run() -> Spent:
        with threadpool_limits(1, user_api="blas"):
            threads = [Thread(target=multiply, args=(batches,)) for multiply in parts]
            watch = Watch()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return watch.spent(work.epochs)

    return run


def pytorch(work: Workload) -> Timed:
    """The usual loop, eager."""
    import torch

    x, y = (torch.from_numpy(part) for part in work.data())
    layers: list[Any] = []
    for lower, upper in zip(work.sizes[:-1], work.sizes[1:], strict=True):
        layers += [torch.nn.Linear(lower, upper), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(model.parameters(), RATE)
    if work.kind == "multiclass":
        cost: Any = torch.nn.CrossEntropyLoss()
    else:
        cost = torch.nn.MSELoss() if work.kind == "number" else torch.nn.BCEWithLogitsLoss()
        y = y.float()[:, None]

    def run() -> Spent:
        watch = Watch()
        for _ in range(work.epochs):
            order = torch.randperm(work.rows)
            for start in range(0, work.rows, work.batch):
                chosen = order[start : start + work.batch]
                optimizer.zero_grad()
                cost(model(x[chosen]), y[chosen]).backward()
                optimizer.step()
        return watch.spent(work.epochs)

    return run


def scikit_learn(work: Workload) -> Timed:
    """`MLPClassifier` and `MLPRegressor`."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    x, y = work.data()
    kind = MLPRegressor if work.kind == "number" else MLPClassifier

    def run() -> Spent:
        model = kind(
            hidden_layer_sizes=work.hidden, batch_size=work.batch, learning_rate_init=RATE, tol=0.0,
            max_iter=work.epochs, n_iter_no_change=work.epochs + 1, alpha=0.0,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            watch = Watch()
            model.fit(x, y)
            return watch.spent(work.epochs)

    return run


def jax_scan(work: Workload) -> Timed:
    """One compiled function for a whole epoch: shuffle, then `lax.scan` over the whole batches."""
    import jax
    import jax.numpy as jnp

    x, y = (jnp.asarray(part) for part in work.data())
    generator = np.random.default_rng(0)
    pairs = zip(work.sizes[:-1], work.sizes[1:], strict=True)
    weights = [
        (jnp.asarray(generator.normal(0, 0.1, pair), jnp.float32), jnp.zeros(pair[1])) for pair in pairs
    ]
    batches = work.rows // work.batch

    def cost(weights: Any, x: Any, y: Any) -> Any:
        for matrix, bias in weights[:-1]:
            x = jax.nn.relu(x @ matrix + bias)
        z = x @ weights[-1][0] + weights[-1][1]
        if work.kind == "multiclass":
            return -jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1).mean()
        if work.kind == "number":
            return jnp.square(z[:, 0] - y).mean()
        return (jnp.logaddexp(0, z[:, 0]) - z[:, 0] * y).mean()

    def one(carry: Any, chosen: Any) -> Any:
        weights, m, v, count = carry
        value, slopes = jax.value_and_grad(cost)(weights, x[chosen], y[chosen])
        count += 1
        tree = jax.tree.map
        m = tree(lambda m, g: 0.9 * m + 0.1 * g, m, slopes)
        v = tree(lambda v, g: 0.999 * v + 0.001 * g * g, v, slopes)
        size, root = RATE / (1 - 0.9**count), 1 / jnp.sqrt(1 - 0.999**count)
        weights = tree(lambda w, m, v: w - size * m / (jnp.sqrt(v) * root + 1e-8), weights, m, v)
        return (weights, m, v, count), value

    @jax.jit
    def epoch(carry: Any, key: Any) -> Any:
        order = jax.random.permutation(key, work.rows)[: batches * work.batch]
        return jax.lax.scan(one, carry, order.reshape(batches, work.batch))

    zeros = jax.tree.map(jnp.zeros_like, weights)
    carry: Any = (weights, zeros, zeros, jnp.zeros(()))
    key = jax.random.key(0)
    jax.block_until_ready(epoch(carry, key))

    def run() -> Spent:
        nonlocal carry, key
        watch = Watch()
        for _ in range(work.epochs):
            key, used = jax.random.split(key)
            carry, values = epoch(carry, used)
        jax.block_until_ready((carry, values))
        return watch.spent(work.epochs)

    return run


def competitors(work: Workload) -> dict[str, Timed]:
    """All that are installed."""
    found = {
        "ours": ours(work),
        "products, 1 thread": products(work, 1),
        "products, 2 threads": products(work, 2),
        "products of halves": products_of_halves(work),
    }
    for name, make in {"scikit-learn": scikit_learn, "PyTorch": pytorch, "JAX scan": jax_scan}.items():
        try:
            found[name] = make(work)
        except ImportError:
            continue
    return found


def main() -> None:
    """Time all workloads and print a line for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--only", default="", help="names of workloads, between commas")
    parser.add_argument("--without", default="", help="names of competitors, between commas")
    parser.add_argument("--scaling", action="store_true", help="time and memory for 1,000 to 1,000,000 rows")
    parser.add_argument(
        "--large", action="store_true", help="the two largest shapes, each competitor in full"
    )
    options = parser.parse_args()
    if options.scaling:
        scaling(options.repeats)
        return
    only, without = ({part for part in text.split(",") if part} for text in (options.only, options.without))
    if options.large:
        print(
            "| workload | what | median, ms | least | processors | ours ÷ it: median | least | processors |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for work in WORKLOADS[-2:]:
            print(full_lines(work, measured(work, options.repeats, without)), flush=True)
        return
    print("| workload | scikit-learn | PyTorch | JAX scan | ours | limit | × PyTorch | × JAX | ÷ limit |")
    print("|---|---|---|---|---|---|---|---|---|")
    for work in WORKLOADS:
        if only and work.name not in only:
            continue
        spent = measured(work, options.repeats, without)
        print(
            line(work, {name: statistics.median(times(found)) for name, found in spent.items()}), flush=True
        )


def measured(work: Workload, repeats: int, without: set[str]) -> dict[str, list[Spent]]:
    """What each competitor's epochs took, all timed in turn."""
    runs = {name: run for name, run in competitors(work).items() if name not in without}
    spent: dict[str, list[Spent]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            time.sleep(REST_SECONDS)
            spent[name].append(run())
    return spent


def times(spent: list[Spent]) -> list[float]:
    """The milliseconds by the clock."""
    return [one.seconds * 1000 for one in spent]


def full_lines(work: Workload, spent: dict[str, list[Spent]]) -> str:
    """A line for each competitor: the median and the least of its milliseconds, its processor time, and our ratios."""
    figures = {
        name: (
            statistics.median(times(found)), min(times(found)), statistics.median(one.cpu * 1000 for one in found)
        )
        for name, found in spent.items()
    }  # fmt: skip
    lines = []
    for name, found in figures.items():
        ratios = [own / their for own, their in zip(figures["ours"], found, strict=True)]
        cells = [work.name, name, *(f"{value:.0f}" for value in found), *(f"{ratio:.2f}" for ratio in ratios)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def scaling(repeats: int) -> None:
    """Time per row, and what an epoch allocates, as the rows grow."""
    print("| rows × inputs | ns a row | allocated, of the float32 matrix |")
    print("|---|---|---|")
    for rows in (1_000, 10_000, 100_000, 1_000_000):
        work = Workload("", rows, 50, (64, 32), "binary", 2, 128, max(1, 100_000 // rows), 0, 0, 0)
        x, y = work.data()
        seconds = statistics.median(ours(work)().seconds for _ in range(repeats))
        plan = TrainingPlan(optimizer="adam", batch=work.batch, epochs=1)
        tracemalloc.start()
        Trainer(
            Network(NetworkDesign.from_text("64 relu, 32 relu"), 50, work.outputs), Examples(x, y), None, plan
        ).run()
        share = tracemalloc.get_traced_memory()[1] / x.nbytes
        tracemalloc.stop()
        print(f"| {rows:,}×50 | {seconds / rows * 1e9:.0f} | {share:.1%} |", flush=True)


def line(work: Workload, median: dict[str, float]) -> str:
    """A row of the table: milliseconds an epoch, and the ratios with their goals."""
    limit = min(value for name, value in median.items() if name.startswith("products"))
    own = median["ours"]

    def figure(name: str) -> str:
        return f"{median[name]:.3g}" if name in median else "-"

    def ratio(name: str, goal: float) -> str:
        return f"{median[name] / own:.2f} (goal {goal:g})" if name in median else "-"

    cells = [
        f"{work.name} {work.rows}×{work.inputs}, {'-'.join(map(str, work.hidden))}, batch {work.batch}",
        figure("scikit-learn"), figure("PyTorch"), figure("JAX scan"), f"**{own:.3g}**", f"{limit:.3g}",
        ratio("PyTorch", work.torch_goal), ratio("JAX scan", work.jax_goal),
        f"{own / limit:.2f} (goal {work.limit_goal:g})",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
