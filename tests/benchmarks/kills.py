"""Whether a training that is killed with SIGKILL, and gone on with, ends in the same bits as one that was not.

    python -m tests.benchmarks.kills [TIMES] [SEED]

Real processes, which train for half a minute or more: most of the kills come at random moments, a third of them the
moment that a file is begun in the folder where the training is put away. The trainings of the command line are steered
by their experiment file; those of the app are steered with keys, killed, and gone on with by `train --resume`. What
came of each is compared with a training of the same experiment that nothing interrupted: weights, statistics, and the
history but for its clock.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pexpect

from tests.benchmarks.in_terminal import COMMAND, SAMPLES, begin_training, environment, write_experiment

STEERING = """
[[steering]]
epoch = 40
batch = 7
field = "learning_rate"
value = 0.002

[[steering]]
epoch = 90
batch = 0
field = "batch"
value = 24.0
"""


def came_of(model: Path) -> tuple[bytes, Any]:
    """The weights of a model file, and its history without the seconds."""
    with zipfile.ZipFile(model) as file:
        document, weights = json.loads(file.read("model.json")), file.read("weights.safetensors")
    return weights, {name: column for name, column in document["run"]["history"].items() if name != "seconds"}


def write_experiments(folder: Path) -> dict[str, list[str]]:
    """What is trained on the command line, by name: a network of everything that draws, and a large one."""
    small = folder / "small.toml"
    layers = ("--layers", "48 relu, batch norm, dropout 0.2, 32 relu", "--set", "training.average=ema")
    write_experiment(small, SAMPLES / "digits.csv", 2600, *layers)
    with small.open("a", encoding="utf-8") as file:
        file.write(STEERING)
    wide = folder / "wide.csv"
    rng = np.random.default_rng(0)
    values = rng.normal(size=(3_000, 400))
    labels = np.where(values[:, :40].sum(axis=1) > 0, "yes", "no")
    lines = [
        ",".join([*(f"{value:.2f}" for value in row), label])
        for row, label in zip(values, labels, strict=True)
    ]
    wide.write_text(
        ",".join([*(f"x{n}" for n in range(400)), "y"]) + "\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    large = ["--layers", "1024 relu, 512 relu", "--epochs", "70", "--set", "training.early_stopping=false"]
    return {"small": [str(small)], "large": [str(wide), "--target", "y", *large]}


def wait_for_begin(home: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until a training is put away for the first time, or the process ends."""
    while process.poll() is None and not list((home / "ann-tui").glob("unfinished/*/about.json")):
        time.sleep(0.01)


def wait_for_part(home: Path, process: subprocess.Popen[bytes], after: float) -> None:
    """Wait until a file is begun beside a state, some time after the start; or until the process ends."""
    time.sleep(after)
    while process.poll() is None:
        for _folder, _, files in os.walk(home / "ann-tui"):
            if any(name.endswith(".part") for name in files):
                return
        time.sleep(0.0005)


def kill_on_the_command_line(
    words: list[str], whole: tuple[bytes, Any], seconds: float, rng: random.Random
) -> str:
    """Kill a training once or twice, go on with it, and say "" or what went wrong."""
    with tempfile.TemporaryDirectory() as place:
        home, model = Path(place), Path(place) / "model.ann"
        command, killed = [COMMAND, "train", *words, "--no-baselines", "--save", str(model)], []
        for _ in range(rng.choice((1, 1, 2))):
            process = subprocess.Popen(
                command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
            wait_for_begin(home, process)
            if rng.random() < 1 / 3:
                wait_for_part(home, process, rng.uniform(3, 14))
                killed.append("while writing")
            else:
                moment = rng.uniform(0, (seconds - 6) / (1 + len(killed)))
                killed.append(f"after {moment:.2f} s")
                time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            if process.wait() != -signal.SIGKILL:
                return f"killed {', '.join(killed)}, but for the last time: it had ended by itself"
            command = [COMMAND, "train", "--resume", "--save", str(model), "--no-baselines"]
        ended = subprocess.run(command, env=environment(home), capture_output=True, check=False)
        said = f"killed {', '.join(killed)}"
        if ended.returncode:
            return f"{said}: {ended.stderr.decode()}"
        return f"{said}: equal" if came_of(model) == whole else f"{said}: DIFFERENT"


def kill_the_app(seconds: float, rng: random.Random) -> str:
    """Steer the app by keys, kill it, go on with `train --resume`, and compare with the experiment that it says."""
    with tempfile.TemporaryDirectory() as place:
        home, model, again = Path(place), Path(place) / "model.ann", Path(place) / "again.ann"
        experiment = home / "e.toml"
        write_experiment(
            experiment, SAMPLES / "digits.csv", 3000, "--layers", "64 relu, dropout 0.2, 32 relu"
        )
        child = begin_training(experiment, home)
        while not list((home / "ann-tui").glob("unfinished/*/about.json")):
            time.sleep(0.01)
        end = time.monotonic() + rng.uniform(3, seconds)
        pressed = 0
        while time.monotonic() < end:
            time.sleep(min(rng.uniform(0.3, 3), max(0.0, end - time.monotonic())))
            child.send(rng.choice("+-n "))
            child.send(" " if rng.random() < 0.5 else "")
            pressed += 1
            while True:
                try:
                    child.read_nonblocking(1 << 16, 0)
                except (pexpect.TIMEOUT, pexpect.EOF):
                    break
        os.kill(child.pid, signal.SIGKILL)
        child.close(force=True)
        resumed = [COMMAND, "train", "--resume", "--no-baselines", "--save", str(model)]
        told = [*resumed, "--save-experiment", str(home / "told.toml")]
        ended = subprocess.run(told, env=environment(home), capture_output=True, check=False)
        if ended.returncode:
            return f"the app: {ended.stderr.decode()}"
        replayed = [COMMAND, "train", str(home / "told.toml"), "--no-baselines", "--save", str(again)]
        subprocess.run(replayed, env=environment(home), capture_output=True, check=True)
        changes = (home / "told.toml").read_text(encoding="utf-8").count("[[steering]]")
        same = "equal" if came_of(model) == came_of(again) else "DIFFERENT"
        return f"the app, {pressed} keys, {changes} changes: {same}"


def main(times: int, seed: int) -> None:
    """Print what came of each."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        experiments, whole, seconds = write_experiments(folder), {}, {}
        for name, words in experiments.items():
            model, start = folder / f"{name}.ann", time.perf_counter()
            subprocess.run(
                [COMMAND, "train", *words, "--no-baselines", "--save", str(model)],
                check=True,
                capture_output=True,
                env=environment(folder),
            )
            whole[name], seconds[name] = came_of(model), time.perf_counter() - start
            print(f"{name}: {seconds[name]:.0f} s", flush=True)
        rng = random.Random(seed)
        for time_of in range(times):
            kind = ("small", "large", "app")[time_of % 3]
            if kind == "app":
                print(kill_the_app(25, rng), flush=True)
            else:
                said = kill_on_the_command_line(experiments[kind], whole[kind], seconds[kind], rng)
                print(f"{kind}, {said}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
