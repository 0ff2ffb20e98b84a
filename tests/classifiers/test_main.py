from __future__ import annotations

import pytest

from classifiers.__main__ import main


@pytest.mark.parametrize(("asked", "status"), [([], 2), (["--help"], 0)])
def test_it_says_what_it_is_asked(
    asked: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(asked)
    assert ended.value.code == status
    said = capsys.readouterr()
    assert "usage: python -m classifiers [-h] BUNDLE" in said.out + said.err
