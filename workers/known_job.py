"""Is a job that lies in Redis one of ours? Whoever can write there must not be able to name what our workers run (T21).

RQ imports whatever a job names, and what it names to be called at its end. So a job is looked at as it is read: one of
`wake.JOBS`, without an argument, an object or anybody to call afterwards. Any other does not exist for us.
"""

from typing import Any

import structlog
from rq.exceptions import DeserializationError, NoSuchJobError
from rq.job import Job

from bot.outbox import wake

log = structlog.get_logger(__name__)


class KnownJob(Job):
    """What a worker takes off its queue."""

    def restore(self, raw_data: Any) -> None:
        """A job that does not exist is passed over by RQ, and never run."""
        super().restore(raw_data)
        if not self._is_ours():
            log.error("job_refused")
            raise NoSuchJobError("not one of our jobs")

    def _is_ours(self) -> bool:
        try:
            named, handed = self.func_name, (self.instance, self.args, self.kwargs)
        except DeserializationError:
            return False
        called_afterwards = (
            self._success_callback_name, self._failure_callback_name, self._stopped_callback_name, self.webhooks,
        )  # fmt: skip
        return named in wake.JOBS and not any(handed) and not any(called_afterwards)
