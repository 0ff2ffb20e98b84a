"""Redocly's recommended rules find no fault in the document. It is a program for Node.js, which
``npx`` fetches; where it cannot be had, ``test_openapi.py`` alone validates the document.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from service.api.openapi import document

NPX = shutil.which("npx")
REDOCLY = "@redocly/cli@2.77.0"
QUIET = {
    "REDOCLY_TELEMETRY": "off",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    # Without a network npm would try again for more than a minute.
    "npm_config_fetch_retries": "0",
    "npm_config_fetch_timeout": "20000",
}


@pytest.mark.slow
@pytest.mark.skipif(NPX is None, reason="no npx on this machine")
def test_redocly_finds_no_fault_and_would_find_one(tmp_path: Path) -> None:
    (tmp_path / "ours.json").write_text(json.dumps(document()), "utf-8")
    broken = document()
    broken["paths"]["/v1/posts"]["post"]["security"] = [{"unknown": []}]
    (tmp_path / "broken.json").write_text(json.dumps(broken), "utf-8")
    done = subprocess.run(
        [NPX or "", "--yes", REDOCLY, "lint", "--format", "json", "ours.json", "broken.json"],
        cwd=tmp_path,
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.strip().startswith("{"):
        pytest.skip(f"Redocly cannot be had here: {done.stderr.strip()[-200:]}")
    assert _rules_broken(done.stdout) == {"broken.json": {"security-defined"}}


def _rules_broken(reports: str) -> dict[str, set[str]]:
    """Rules by the file that breaks them; there is one report after the other."""
    found: dict[str, set[str]] = defaultdict(set)
    while reports:
        report, end = json.JSONDecoder().raw_decode(reports)
        reports = reports[end:].lstrip()
        for problem in report["problems"]:
            file = Path(problem["location"][0]["source"]["ref"]).name
            found[file].add(problem["ruleId"])
    return dict(found)
