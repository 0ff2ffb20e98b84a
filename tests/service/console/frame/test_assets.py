from __future__ import annotations

import re

from service.console.frame.assets import STATIC
from tests.service.console.visitor import Visitor

ADDRESS = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def test_a_pages_files_may_be_kept_for_a_year_and_all_come_from_one_folder(mina: Visitor) -> None:
    addresses = ADDRESS.findall(mina.get("/settings").text)
    assert len({address.rpartition("/")[0] for address in addresses}) == 1
    for address in addresses:
        with mina.get(address) as answer:
            assert answer.status_code == 200, address
            assert answer.cache_control.max_age == 365 * 24 * 3600


def test_another_versions_address_still_answers_but_is_not_kept(mina: Visitor) -> None:
    with mina.get("/static/older/base.css") as answer:
        assert answer.status_code == 200
        assert not answer.cache_control.max_age


def test_nothing_outside_of_the_folder_is_sent(mina: Visitor) -> None:
    assert mina.get("/static/x/..%2Fassets.py").status_code == 404
    assert mina.get("/static/x/nothing.css").status_code == 404


def test_every_script_that_another_imports_is_there() -> None:
    for script in STATIC.glob("*.js"):
        for name in re.findall(r'from "\./([\w.]+)"', script.read_text("utf-8")):
            assert (STATIC / name).is_file(), f"{script.name} imports {name}"
