"""What `just bench` can be asked for."""

from importlib.util import find_spec

import pytest

from bench.__main__ import BENCHMARKS


@pytest.mark.parametrize(("name", "start"), BENCHMARKS.items())
def test_every_name_starts_a_module_that_is_there(name: str, start: tuple[str, ...]) -> None:
    """A name leads to a module, or to a package that can be run."""
    found = find_spec(start[0])

    assert found is not None, name
    assert found.submodule_search_locations is None or find_spec(f"{start[0]}.__main__") is not None, name
