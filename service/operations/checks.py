"""Whether a part works, asked so that one which never answers keeps nobody waiting for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

ANSWER_SECONDS = 5.0


class Check:
    """Asks one part in a thread of its own, one at a time however many want to know.

    A server that hangs (its machine is frozen, its disk does not answer) ends no statement by
    itself: its own limits of time hang with it.
    """

    def __init__(self, ask: Callable[[], object], seconds: float = ANSWER_SECONDS) -> None:
        self._ask = ask
        self.seconds = seconds
        self._choosing = threading.Lock()
        self._asked: Future[object] | None = None
        self._until = 0.0

    def answer(self) -> object:
        """What the part says.

        Raises:
            TimeoutError: it has not answered in time; whoever asks later does not wait again.
            Exception: whatever keeps it from working.
        """
        with self._choosing:
            asked = self._asked
            if asked is None or asked.done():
                asked = self._asked = Future()
                self._until = time.monotonic() + self.seconds
                threading.Thread(target=self._run, args=(asked,), daemon=True).start()
            until = self._until
        return asked.result(max(0.0, until - time.monotonic()))

    def _run(self, asked: Future[object]) -> None:
        try:
            asked.set_result(self._ask())
        except BaseException as error:  # whoever asked is told
            asked.set_exception(error)
