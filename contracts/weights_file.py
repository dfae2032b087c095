"""How a weight file is read, and what its writer is told when it cannot be used."""

from collections.abc import Mapping, Sequence

from contracts.toml_file import Form, TomlError


class WeightsError(TomlError):
    """A weight file cannot be used; the message is for the person who wrote it."""


def weights_form(keys: Mapping[str, Sequence[str]]) -> Form:
    """The form of a weight file whose sections may have these keys."""
    return Form(
        name="the weight file",
        keys=keys,
        lists=("gates",),
        lost="no weight can be read",
        how="write a section as [growth] and a weight as level = -0.2",
        missing="so nothing can be scored; add it (the shipped weights.toml shows how)",
        error=WeightsError,
    )
