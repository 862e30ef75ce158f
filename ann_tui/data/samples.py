"""The sample files that come with the package."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """One sample file: its name without extension, a title for a list, its target, and where it lies."""

    name: str
    title: str
    target: str
    path: Path


_SAMPLES = (
    ("penguins", "Penguins: which of 3 species? 344 rows, a few missing values", "species"),
    ("churn", "Customers: who leaves? 5,000 rows, a rare class, 51 states", "churn"),
    ("cars", "Cars: how many miles per gallon? 406 rows, a number to predict", "Miles_per_Gallon"),
    ("digits", "Handwritten digits: 1,797 images of 8 by 8 pixels, 10 classes", "digit"),
    ("spirals", "Two spirals: 1,000 points that no straight line divides", "spiral"),
)


def sample_folder() -> Path:
    """The folder of the sample files: inside an installed package, or beside it in a checkout."""
    package = Path(str(files("ann_tui")))
    inside = package / "sample_data"
    return inside if inside.is_dir() else package.parent / "sample_data"


def samples() -> tuple[Sample, ...]:
    """All sample files, the best one to begin with first."""
    folder = sample_folder()
    return tuple(Sample(name, title, target, folder / f"{name}.csv") for name, title, target in _SAMPLES)
