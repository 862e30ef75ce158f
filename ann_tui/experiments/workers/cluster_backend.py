"""joblib's Dask backend, but that its tasks are done by the cluster's workers however few there are."""

from __future__ import annotations

from joblib._dask import DaskDistributedBackend

LEAST = 2
"""For 1 joblib does all tasks in this process."""


class ClusterBackend(DaskDistributedBackend):  # type: ignore[misc]
    """The backend of one connection; what is scattered goes to each worker once."""

    def effective_n_jobs(self, n_jobs: int) -> int:
        """For how many tasks at once the scheduler is asked, also where there is no worker now."""
        cores: dict[str, int] = self.client.ncores()
        return max(LEAST, sum(cores.values()))
