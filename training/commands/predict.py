"""``predict``: say what image files show."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from classifiers import Bundle, Classifier
from training.commands.options import STARTER, told
from training.report.predict import as_json, as_text, explain_files, predict_files


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    predict = commands.add_parser("predict", help="say what image files show")
    predict.set_defaults(run=_predict)
    predict.add_argument("images", type=Path, nargs="+", metavar="IMAGE", help="image files")
    predict.add_argument(
        "--bundle", type=Path, default=STARTER, help=f"its folder; {told(STARTER)}"
    )
    predict.add_argument("--json", action="store_true", help="one JSON line an image")
    predict.add_argument(
        "--explain", type=Path, metavar="DIR", help="write where each label was seen"
    )


def _predict(asked: argparse.Namespace) -> int:
    """The exit status is 1 where no file at all could be read."""
    show = as_json if asked.json else as_text
    classifier = Classifier(Bundle.load(asked.bundle))
    read = 0
    for answer in predict_files(classifier, asked.images):
        print(show(answer), flush=True)
        read += answer[1] is not None
    if asked.explain is not None:
        for path in explain_files(classifier, asked.images, asked.explain):
            print(path, file=sys.stderr)
    return 0 if read else 1
