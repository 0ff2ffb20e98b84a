"""Promote a bundle, or roll back to the one before. Every change is audited."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from classifiers import Bundle, Classifier
from service.audit import record
from service.bundles.compare import compare
from service.bundles.copies import keep_copy
from service.bundles.errors import RefusedError
from service.bundles.history import note, undo_newest
from service.bundles.reembed import follow
from service.config import Config
from service.live_versions import Kind, live_versions, make_live
from service.locks import Lock, lock
from service.rulesets.source import compile_ruleset, live_source
from service.screen import Screen
from service.tables import BundlePromotion


def promote(
    session: Session,
    config: Config,
    screen: Screen,
    folder: Path,
    *,
    test: Path | None,
    reembed: bool,
    who: str,
    reason: str,
) -> Bundle:
    """Let every process use a bundle, from its next request or batch on.

    Args:
        session: the transaction it holds with.
        config: where copies are kept and rules are read.
        screen: what is live.
        folder: the bundle.
        test: photographs to compare it with the live one on; None: by what both keep of training.
        reembed: whether stored embeddings may be made anew.
        who: who promotes it.
        reason: why.

    Returns:
        the copy that is live now.

    Raises:
        BundleError: a file is missing or is not what the bundle says it is, or this machine
            computes it otherwise.
        RulesetError: the live rules ask for a label that it does not have.
        RefusedError: it is live already, makes other embeddings, or is worse.
    """
    _lock(session)
    candidate, live = Bundle.load(folder), screen.bundle
    if candidate.id == live.id:
        raise RefusedError(f"{candidate.id} is live already.")
    versions = live_versions(session)
    source = live_source(session, versions.ruleset, config.ruleset)
    compile_ruleset(source, candidate, screen.ruleset.lexicon)
    other = candidate.embedding_id != live.embedding_id
    if other and not reembed:
        raise RefusedError(
            f"{candidate.id} makes other embeddings ({candidate.embedding_id}) than {live.id} "
            f"({live.embedding_id}): add --reembed to have those of stored photographs made anew."
        )
    comparison = compare(live, candidate, test)
    worse = comparison.worse()
    if worse:
        raise RefusedError(f"{candidate.id} is worse than {live.id}: {'; '.join(worse)}.")
    # Before every process tries, and no photograph can be looked at any more.
    Classifier(candidate, threads=1)
    kept = keep_copy(candidate, config.data)
    session.add(
        BundlePromotion(
            bundle=kept.id,
            path=str(kept.path),
            embedding_id=kept.embedding_id,
            figures=comparison.data(),
            by=who,
            reason=reason,
        )
    )
    make_live(session, Kind.BUNDLE, str(kept.path))
    if other:
        follow(session, kept.embedding_id)
    note(session, "promoted", kept.id, live.id, who, reason)
    return kept


def roll_back(session: Session, config: Config, screen: Screen, *, who: str, reason: str) -> Bundle:
    """Go back to the bundle that was live before the newest promotion.

    Its embeddings are still stored; those of photographs screened since are computed again.

    Returns:
        the bundle that is live now.

    Raises:
        BundleError: it cannot be used any more.
        RefusedError: nothing was promoted.
    """
    _lock(session)
    newest, folder = undo_newest(session, Kind.BUNDLE)
    back = Bundle.load(Path(folder) if folder else config.bundle)
    if back.embedding_id != newest.embedding_id:
        follow(session, back.embedding_id)
    note(session, "rolled_back", back.id, screen.bundle.id, who, reason)
    return back


def refuse(session: Session, folder: Path, who: str, why: str) -> None:
    """Note that a bundle was refused, in a transaction of its own."""
    record(session, who, "bundle.refused", f"bundle:{folder.name}", {"why": why})


def _lock(session: Session) -> None:
    lock(session, Lock.BUNDLES)
