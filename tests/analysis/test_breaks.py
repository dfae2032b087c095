from itertools import islice

import jenkspy
import numpy as np
import pytest

from services.analysis.breaks import natural_breaks, partitions
from services.analysis.weeks import Floats


def squares(values: Floats, begins: Floats) -> float:
    """Squared distances from the means of the classes that begin there."""
    return sum(float(((part - part.mean()) ** 2).sum()) for part in np.split(values, begins[1:]))


def clusters(seed: int, count: int, size: int = 200) -> Floats:
    """Sorted values around so many places that lie one apart."""
    random = np.random.default_rng(seed)
    return np.sort(random.normal(size=size) * 0.1 + random.integers(0, count, size))


def test_breaks_are_those_of_jenkspy() -> None:
    """Two to five classes of random values begin where the library's do."""
    for seed in range(40):
        random = np.random.default_rng(seed)
        values = np.sort(random.lognormal(size=random.integers(12, 100)))
        for classes, (begins, _) in enumerate(islice(partitions(values), 5), 1):
            if classes > 1:
                expected = jenkspy.jenks_breaks(values, classes)

                assert values[begins[1:] - 1].tolist() == pytest.approx(expected[1:-1])


def test_squares_left_are_those_of_the_classes() -> None:
    """What is said of a partition is true of it, far from zero too, and more classes leave less."""
    values = np.sort(np.random.default_rng(1).normal(size=80)) + 1e6
    found = list(islice(partitions(values, 5), 6))

    assert [left for _, left in found] == pytest.approx([squares(values, begins) for begins, _ in found], rel=1e-6)
    assert [left for _, left in found] == sorted((left for _, left in found), reverse=True)


def test_cells_cost_next_to_nothing() -> None:
    """Breaks of many values come from cells: the squares left are within half a percent of the best."""
    for seed in range(3):
        values = clusters(seed, 4, 1500)
        exact = squares(values, np.searchsorted(values, jenkspy.jenks_breaks(values, 4)[:-1], side="right"))
        _, left = list(islice(partitions(values), 4))[-1]

        assert exact * (1 - 1e-9) <= left <= exact * 1.005


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_there_are_as_many_classes_as_clusters(count: int) -> None:
    """Two to five heaps of values are two to five classes."""
    found = [len(natural_breaks(clusters(seed, count), 5)) for seed in range(30)]

    assert found.count(count) >= 29


def test_values_without_breaks_are_cheap_middle_and_dear() -> None:
    """A bell curve mostly has three classes, as its docstring says, and hardly ever more than four."""
    found = [len(natural_breaks(np.sort(np.random.default_rng(seed).normal(size=200)), 5)) for seed in range(100)]

    assert found.count(3) > 60
    assert max(found) <= 4


def test_no_class_has_fewer_values_than_asked_for() -> None:
    """One far value is no class of its own."""
    values = np.array([*np.linspace(1, 2, 20), 100.0])
    begins = natural_breaks(values, 5)

    assert len(begins) > 1
    assert np.diff([*begins, len(values)]).min() >= 5


def test_equal_values_are_in_one_class() -> None:
    """A break lies between two different values, and where there is none there is one class."""
    tied = np.array([1.0] * 9 + [2.0] * 9)

    assert natural_breaks(tied, 5).tolist() == [0, 9]
    assert natural_breaks(np.full(20, 3.0), 5).tolist() == [0]


@pytest.mark.parametrize("values", [[], [1.0], [1.0] * 9 + [2.0], [1.0, 2.0, 3.0]])
def test_too_few_values_are_one_class(values: list[float]) -> None:
    """Where no two classes have five values each, there is one."""
    assert natural_breaks(np.array(values), 5).tolist() == [0]
