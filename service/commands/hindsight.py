"""`python -m service rules backtest` and `replay`: they read stored decisions and write nothing."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from tqdm import tqdm

from classifiers import BundleError
from rules import RulesetError
from service.backtest.batch_judge import BatchJudge
from service.backtest.report import Report
from service.backtest.result import backtest as count_flips
from service.backtest.stored import StoredPost, count, reading, stream
from service.commands.since import Since
from service.config import Config
from service.database import Sessions, connected, make_sessions
from service.rulesets import replays, store
from service.rulesets.source import read_source
from service.screener import Screener

_since = click.option("--since", type=Since(), help="Only posts received since then.")


@contextmanager
def _stored() -> Iterator[tuple[Config, Sessions]]:
    config = Config.from_environ()
    try:
        with connected(config.database_url) as engine:
            yield config, make_sessions(engine)
    except (RulesetError, BundleError) as error:
        raise click.ClickException(str(error)) from None


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@_since
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--html", type=click.Path(path_type=Path), help="Write a page to this file, too.")
def backtest(file: Path, since: datetime | None, as_json: bool, html: Path | None) -> None:
    """Report what the ruleset in FILE would have done with stored decisions."""
    with _stored() as (config, sessions):
        ruleset = store.check(read_source(file), Screener(config, sessions).current())
        began = time.perf_counter()
        with reading(sessions) as session:
            chunks = _progress(stream(session, since), count(session, since))
            result = count_flips(BatchJudge(ruleset), chunks)
        seconds = time.perf_counter() - began
    report = Report(ruleset.id, since, config.base_url, seconds, result)
    if html is not None:
        try:
            html.write_text(report.html(), encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{html} cannot be written: {error.strerror}") from None
    click.echo(json.dumps(report.data(), ensure_ascii=False) if as_json else report.text())


@click.command()
@_since
def replay(since: datetime | None) -> None:
    """Compute every stored verdict again from its trace; exit with 1 if one differs."""
    different = 0
    with _stored() as (_, sessions), reading(sessions) as session:
        total = replays.count(session, since)
        for found in tqdm(replays.replay_all(session, since), total=total, disable=None):
            if found is not None:
                different += 1
                click.echo(f"{found.post}\t#{found.tag}\t{found.stored}\t{found.replayed}")
    click.echo(f"{total:,} verdicts replayed, {different:,} came out otherwise.")
    sys.exit(1 if different else 0)


def _progress(chunks: Iterable[Sequence[StoredPost]], total: int) -> Iterator[Sequence[StoredPost]]:
    with tqdm(total=total, unit="post", disable=None) as bar:
        for chunk in chunks:
            yield chunk
            bar.update(len(chunk))
