"""The live bundle and ruleset of one process, swapped when others become live."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import RLock

import structlog

from classifiers import Bundle, BundleError
from rules import Ruleset, RulesetError
from service.config import Config
from service.database import Sessions
from service.lexicon.effective import effective_lexicon
from service.live import Versions, live_versions
from service.rulesets.source import compile_ruleset, live_source
from service.screen import Eyes, Screen

RETRY_SECONDS = 5.0


class Screener:
    """Holds the screen that is live. Threads may share it."""

    def __init__(self, config: Config, sessions: Sessions) -> None:
        self._config = config
        self._sessions = sessions
        self._changing = RLock()
        self._made: tuple[Versions, Screen] | None = None
        self._refused: tuple[Versions, float] | None = None

    def current(self) -> Screen:
        """The live bundle and ruleset, loaded and checked; one small query when nothing changed.

        A version that cannot be used here (a file that has not arrived on this machine, say) leaves
        the one before in use, is logged, and is tried again after a while.

        Raises:
            BundleError, RulesetError: nothing could be used since the process began.
        """
        made, versions = self._made, self._live()
        if made is not None and made[0] == versions:
            return made[1]
        with self._changing:
            # Asked again: another thread may have changed to a newer version meanwhile, and this
            # one must not go back to what it was told before.
            versions = self._live()
            if self._made is None:
                self._made = versions, self._make(versions)
            elif self._made[0] != versions and not self._just_refused(versions):
                self._change(self._made[1], versions)
            return self._made[1]

    def _live(self) -> Versions:
        with self._sessions() as session:
            return live_versions(session)

    def _change(self, before: Screen, versions: Versions) -> None:
        try:
            made = self._make(versions)
            if before.eyes.looked:
                # A process that looks at images takes over only what this machine computes as it
                # was measured.
                _ = made.classifier
            self._made = versions, made
        except (BundleError, RulesetError) as error:
            self._refused = versions, time.monotonic()
            structlog.get_logger().error("live_version_refused", error=str(error))
            return
        structlog.get_logger().info(
            "live_version_changed",
            bundle=made.bundle.id,
            ruleset=made.ruleset.id,
            bundle_before=before.bundle.id,
            ruleset_before=before.ruleset.id,
        )

    def _just_refused(self, versions: Versions) -> bool:
        if self._refused is None or self._refused[0] != versions:
            return False
        return time.monotonic() - self._refused[1] < RETRY_SECONDS

    def _make(self, versions: Versions) -> Screen:
        eyes = self._eyes(versions)
        return Screen(eyes, self._ruleset(versions, eyes.bundle))

    def _eyes(self, versions: Versions) -> Eyes:
        if self._made is not None and self._made[0].bundle == versions.bundle:
            return self._made[1].eyes
        folder = Path(versions.bundle) if versions.bundle else self._config.bundle
        return Eyes(Bundle.load(folder), self._config.inference_threads or os.cpu_count() or 1)

    def _ruleset(self, versions: Versions, bundle: Bundle) -> Ruleset:
        with self._sessions() as session:
            source = live_source(session, versions.ruleset, self._config.ruleset)
            lexicon = effective_lexicon(session)
        return compile_ruleset(source, bundle, lexicon)
