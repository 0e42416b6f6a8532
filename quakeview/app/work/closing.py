"""Files that are closed after their last reader."""

import threading
from collections.abc import Callable, Iterable

from quakeview.app.work.background import threads_now
from quakeview.app.work.running import RunningJob


def close_after(readers: Iterable[RunningJob], close: Callable[[], None]) -> threading.Thread:
    """Call ``close`` on a thread, once the ``readers`` and what is computed for the screen now have ended.

    The thread does not keep the program from ending: a disk that is gone may never let go of a reader.
    """
    jobs, threads = list(readers), threads_now()

    def work() -> None:
        for job in jobs:
            job.wait()
        for thread in threads:
            thread.join()
        close()

    closing = threading.Thread(target=work, name="close file", daemon=True)
    closing.start()
    return closing
