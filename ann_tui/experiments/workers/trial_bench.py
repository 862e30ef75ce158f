"""What trials on one table share: preparations that are kept, and how rows judge a trained network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ann_tui.evaluation.measures import measures_of
from ann_tui.experiments.derived import LoadedData, own_unit_of, prepare_experiment
from ann_tui.network.scoring import predict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ann_tui.data.preparing.prepare import Part, PreparedData
    from ann_tui.data.preparing.split import Assignment
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.network.network import Network

MOST_PREPARED = 256 << 20
"""A worker keeps so many bytes of prepared rows, and the newest ones in any case."""

_prepared: WeakKeyDictionary[LoadedData, OrderedDict[object, PreparedData]] = WeakKeyDictionary()
"""What this process has prepared of a table, the newest last."""


def prepared_once(
    data: LoadedData,
    experiment: Experiment,
    *,
    assigned: Callable[[], Assignment] | None = None,
    name: Hashable = None,
) -> PreparedData:
    """The table as an experiment prepares it, which is kept for the next trial that wants the same.

    With `assigned` its rows are in the parts that this gives, whatever the split says, and `name` tells these from
    other ones. Raises ValueError with one line.
    """
    kept = _prepared.setdefault(data, OrderedDict())
    key = repr(experiment.preparation), own_unit_of(experiment.design), name
    found = kept.pop(key, None)
    if found is None:
        # Rows that alone are more than the bound would otherwise stay beside the new ones while these are made.
        _keep_to_bound(kept, least=0)
        found = prepare_experiment(experiment, data, None if assigned is None else assigned())
    kept[key] = found
    _keep_to_bound(kept, least=1)
    return found


def _keep_to_bound(kept: OrderedDict[object, PreparedData], *, least: int) -> None:
    while len(kept) > least and sum(map(_size, kept.values())) > MOST_PREPARED:
        kept.popitem(last=False)


def _size(prepared: PreparedData) -> int:
    return sum(part.x.nbytes for part in (prepared.training, prepared.validation, prepared.test))


def judged_by(
    part: Part, network: Network, prepared: PreparedData
) -> tuple[NDArray[Any], str, Mapping[str, float | None]]:
    """A network's answers for the rows of a part, (n, k) or (n,), and the metrics of these, by name.

    Between them stands the name of the metric that says most of a network in one number.
    """
    target = prepared.fitted.target
    measures = measures_of(target)
    answers = target.decode(predict(network, part.x))
    return answers, measures.first, measures.metrics(part.actual, answers)
