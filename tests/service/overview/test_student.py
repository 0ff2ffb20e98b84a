from __future__ import annotations

import pytest

from service.overview.student import two_sided


@pytest.mark.parametrize("degrees", [6, 13, 27, 200])
@pytest.mark.parametrize("t", [0.0, 0.5, 1.0, 2.0, 3.0, 4.0, -2.5])
def test_it_is_students_t_but_for_a_few_per_cent(t: float, degrees: int) -> None:
    from scipy.stats import t as student  # takes a second to import: one process does

    exact = 2 * student.sf(abs(t), degrees)
    assert two_sided(t, degrees) == pytest.approx(exact, rel=0.03)
