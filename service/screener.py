"""The live bundle and ruleset of one process, swapped when others become live."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import structlog

from classifiers import Bundle
from rules import RulesetError
from service.config import Config
from service.database import Sessions
from service.lexicon.effective import effective_lexicon
from service.live_reload import LiveReload
from service.live_versions import Versions, live_versions
from service.rulesets.source import compile_ruleset, live_source, sources_before
from service.screen import Eyes, Screen


class Screener(LiveReload[Versions, Screen]):
    """Holds the screen that is live. Threads may share it."""

    def __init__(self, config: Config, sessions: Sessions) -> None:
        super().__init__()
        self._config = config
        self._sessions = sessions

    def _live(self) -> Versions:
        with self._sessions() as session:
            return live_versions(session)

    def _make(self, version: Versions) -> Screen:
        eyes = self._eyes(version)
        return self._with_rules(version, eyes)

    def _take_over(self, before: Screen, made: Screen) -> None:
        if before.eyes.looked:
            # A process that looks at images takes over only what this machine computes as it was
            # measured.
            _ = made.classifier

    def _told(self, made: Screen) -> Mapping[str, str]:
        return {"bundle": made.bundle.id, "ruleset": made.ruleset.id}

    def _eyes(self, versions: Versions) -> Eyes:
        if self._made is not None and self._made[0].bundle == versions.bundle:
            return self._made[1].eyes
        folder = Path(versions.bundle) if versions.bundle else self._config.bundle
        return Eyes(Bundle.load(folder), self._config.inference_threads or os.cpu_count() or 1)

    def _with_rules(self, versions: Versions, eyes: Eyes) -> Screen:
        """The live rules. A process that begins while they cannot be used takes those before, so
        that somebody can still open the console and promote others; one that runs keeps its own.
        """
        with self._sessions() as session:
            lexicon = effective_lexicon(session)
            try:
                live = live_source(session, versions.ruleset, self._config.ruleset)
                return Screen(eyes, compile_ruleset(live, eyes.bundle, lexicon))
            except RulesetError as error:
                if versions.ruleset is None or self._made is not None:
                    raise
                refused = error
            for source in sources_before(session, versions.ruleset, self._config.ruleset):
                with suppress(RulesetError):
                    ruleset = compile_ruleset(source, eyes.bundle, lexicon)
                    structlog.get_logger().error(
                        "live_rules_refused", error=str(refused), used=ruleset.id
                    )
                    return Screen(eyes, ruleset, str(refused))
        raise refused
