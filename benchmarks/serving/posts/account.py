"""What posts cost: the processor's time by part of the service, seconds by stage of screening."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.serving.posts.running import Running
from benchmarks.serving.posts.traffic import Round


@dataclass
class Account:
    """Everything that one service did in its rounds."""

    rounds: list[Round] = field(default_factory=list)
    processor: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)

    @property
    def posts(self) -> int:
        """Posts of all rounds."""
        return sum(one.posts for one in self.rounds)

    def take(self, service: Running, work: Callable[[], Round]) -> None:
        """Add one round, and what it cost up to its last commit."""
        before, stages = service.processor_seconds(), service.stage_seconds()
        self.rounds.append(work())
        self.processor.update(_more(service.processor_seconds(), before))
        self.stages.update(_more(service.stage_seconds(), stages))

    def milliseconds(self) -> dict[str, float]:
        """The processor's milliseconds a post by part, the dearest first."""
        return {part: 1000 * spent / self.posts for part, spent in self.processor.most_common()}

    def stage_milliseconds(self) -> dict[str, float]:
        """Milliseconds a post by stage of screening, by the clock and for whole batches."""
        return {stage: 1000 * spent / self.posts for stage, spent in self.stages.most_common()}


def _more(after: dict[str, float], before: dict[str, float]) -> dict[str, float]:
    return {name: value - before.get(name, 0.0) for name, value in after.items()}
