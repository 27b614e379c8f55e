"""What a process that lives long says of trouble that passes: once when it begins, once when it is
over.
"""

from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from discovery.engine.port import EngineUnavailable
from discovery.mappings.secrets import masked
from indexer.store.engine import StoreError

PASSING = (EngineUnavailable, StoreError, SQLAlchemyError)
"""What may be over when tried again: a store not made yet or restarting, an index that is being
replaced.
"""


class Troubles:
    """The reporter of one process. `warn` and `tell` take a line each: of trouble, and of its end
    (`over`).
    """

    def __init__(
        self,
        warn: Callable[[str], None],
        tell: Callable[[str], None],
        *,
        over: str = "working again",
    ) -> None:
        self._warn, self._tell, self._over = warn, tell, over
        self._last = ""

    def waits(self, error: Exception) -> str:
        """Trouble that is waited out; its line."""
        return self.say(f"waiting: {str(error).splitlines()[0]}")

    def say(self, trouble: str) -> str:
        """Trouble in words, without its secrets; said unless it was the last word."""
        line = masked(trouble)
        if line != self._last:
            self._last = line
            self._warn(line)
        return line

    def works(self) -> None:
        """All is well; said if it was not."""
        if self._last:
            self._last = ""
            self._tell(self._over)
