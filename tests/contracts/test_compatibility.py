from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, create_model

from contracts.compatibility import Break, Victim, breaks


def schema(**fields: Any) -> dict[str, Any]:
    """The JSON Schema of an event with these fields, each a (type, default)."""
    return create_model("Fact", **fields).model_json_schema()


def only(found: list[Break]) -> tuple[str, Victim]:
    """The field and the victim of the one break that is expected."""
    assert len(found) == 1, found
    return found[0].field, found[0].victim


def test_a_schema_is_compatible_with_itself() -> None:
    """Nothing changed, nothing breaks."""
    same = schema(niche_id=(str, ...), share=(float | None, None), tags=(tuple[str, ...], ()))

    assert breaks(same, same) == []


def test_an_optional_field_may_be_added() -> None:
    """Old messages lack it and old readers ignore it: no break."""
    assert breaks(schema(a=(int, ...)), schema(a=(int, ...), b=(str | None, None))) == []


def test_words_about_a_field_may_change() -> None:
    """Titles, descriptions, defaults and examples are for people: no break."""
    old = schema(a=(int, Field(1, description="old", examples=[1])))
    new = schema(a=(int, Field(2, description="new", title="A")))

    assert breaks(old, new) == []


def test_a_nested_class_may_be_renamed() -> None:
    """A class name is not on the wire: no break."""
    old = schema(file=(create_model("File", key=(str, ...)), ...))
    new = schema(file=(create_model("FileRef", key=(str, ...)), ...))

    assert breaks(old, new) == []


@pytest.mark.parametrize("instead", [{}, {"niche": (str | None, None)}])
def test_a_field_may_not_be_removed_or_renamed(instead: dict[str, Any]) -> None:
    """Old readers wait for it, whatever stands there instead."""
    found = breaks(schema(niche_id=(str, ...)), schema(**instead))

    assert only(found) == ("niche_id", "old readers")


def test_an_optional_field_may_not_be_removed_either() -> None:
    """A reader that shows it would show nothing without a word."""
    assert only(breaks(schema(a=(int | None, None)), schema())) == ("a", "old readers")


@pytest.mark.parametrize(
    ("was", "now"), [(int, str), (int, float), (float, int), (str, tuple[str, ...]), (dict[str, int], tuple[int, ...])]
)
def test_a_type_may_not_change(was: Any, now: Any) -> None:
    """Another type is another field, even where JSON would let one pass for the other."""
    assert only(breaks(schema(a=(was, ...)), schema(a=(now, ...)))) == ("a", "old messages")


def test_a_new_field_may_not_be_required() -> None:
    """Messages that are already written lack it."""
    found = breaks(schema(a=(int, ...)), schema(a=(int, ...), b=(int, ...)))

    assert only(found) == ("b", "old messages")


def test_a_field_may_not_become_required() -> None:
    """Some messages that are already written lack it."""
    assert only(breaks(schema(a=(int, 0)), schema(a=(int, ...)))) == ("a", "old messages")


def test_a_field_may_not_become_optional() -> None:
    """Old readers require it."""
    assert only(breaks(schema(a=(int, ...)), schema(a=(int, 0)))) == ("a", "old readers")


def test_a_field_may_not_become_unknown() -> None:
    """Old readers of a required value do not understand null."""
    assert only(breaks(schema(a=(int, ...)), schema(a=(int | None, ...)))) == ("a", "old readers")


def test_a_field_may_not_stop_being_unknown() -> None:
    """Old messages may hold null."""
    assert only(breaks(schema(a=(int | None, ...)), schema(a=(int, ...)))) == ("a", "old messages")


def test_a_choice_may_not_grow() -> None:
    """Old readers refuse a value that they do not know."""
    found = breaks(schema(a=(Literal["x", "y"], ...)), schema(a=(Literal["x", "y", "z"], ...)))

    assert only(found) == ("a", "old readers")
    assert "z" in found[0].what


def test_a_choice_may_not_shrink() -> None:
    """Old messages may hold the value that is gone; one value left is a choice too."""
    found = breaks(schema(a=(Literal["x", "y"], ...)), schema(a=(Literal["x"], ...)))

    assert only(found) == ("a", "old messages")
    assert "y" in found[0].what


def test_free_text_may_not_become_a_choice_nor_a_choice_free_text() -> None:
    """The first refuses old messages, the second surprises old readers."""
    free, chosen = schema(a=(str, ...)), schema(a=(Literal["x", "y"], ...))

    assert only(breaks(free, chosen)) == ("a", "old messages")
    assert only(breaks(chosen, free)) == ("a", "old readers")


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (Field(ge=1), Field(ge=0)),
        (Field(ge=1), Field()),
        (Field(gt=1), Field(gt=0)),
        (Field(le=1), Field(le=2)),
        (Field(lt=1), Field()),
        (Field(multiple_of=5), Field()),
    ],
)
def test_limits_of_a_number_may_move_in_neither_direction(narrow: Any, wide: Any) -> None:
    """Tighter limits refuse old messages, looser ones surprise old readers."""
    tight, loose = schema(a=(int, narrow)), schema(a=(int, wide))

    assert only(breaks(loose, tight)) == ("a", "old messages")
    assert only(breaks(tight, loose)) == ("a", "old readers")


@pytest.mark.parametrize("narrow", [Field(min_length=1), Field(max_length=9), Field(pattern="^a")])
def test_limits_of_a_text_may_move_in_neither_direction(narrow: Any) -> None:
    """Length and pattern bind the same two peers as the limits of a number."""
    tight, loose = schema(a=(str, narrow)), schema(a=(str, ...))

    assert only(breaks(loose, tight)) == ("a", "old messages")
    assert only(breaks(tight, loose)) == ("a", "old readers")


def test_another_pattern_is_a_break() -> None:
    """Which of two patterns takes more cannot be told, so neither replaces the other."""
    assert len(breaks(schema(a=(str, Field(pattern="^a"))), schema(a=(str, Field(pattern="^b"))))) == 1


def test_length_of_a_list_may_not_change() -> None:
    """A list of at least one is not a list that may be empty."""
    found = breaks(schema(a=(tuple[int, ...], Field(min_length=1))), schema(a=(tuple[int, ...], ...)))

    assert only(found) == ("a", "old readers")


def test_a_pair_may_not_become_a_triple() -> None:
    """Fixed items are read by position."""
    pair, triple = schema(a=(tuple[int, int], ...)), schema(a=(tuple[int, int, int], ...))

    assert breaks(pair, triple)
    assert breaks(triple, pair)


def test_a_fixed_item_may_not_change() -> None:
    """What stands at a position keeps its type."""
    assert only(breaks(schema(a=(tuple[int, str], ...)), schema(a=(tuple[int, int], ...)))) == ("a[1]", "old messages")


def test_a_change_deep_inside_is_named_by_its_path() -> None:
    """What breaks in a list of objects is found where it lies."""
    old = schema(series=(tuple[create_model("Point", day=(str, ...), value=(float, ...)), ...], ...))
    new = schema(series=(tuple[create_model("Point", day=(str, ...)), ...], ...))

    assert only(breaks(old, new)) == ("series[].value", "old readers")


def test_a_change_behind_an_optional_object_is_found() -> None:
    """`X | None` is looked through."""
    old = schema(file=(create_model("File", size=(int, ...)) | None, None))
    new = schema(file=(create_model("File", size=(str, ...)) | None, None))

    assert only(breaks(old, new)) == ("file.size", "old messages")


def test_values_of_a_dictionary_are_compared() -> None:
    """A table of numbers is not a table of texts."""
    assert only(breaks(schema(a=(dict[str, int], ...)), schema(a=(dict[str, str], ...)))) == ("a[]", "old messages")


def test_a_shape_may_not_start_to_refuse_unknown_fields() -> None:
    """Old messages may carry more than we know; the other way round nobody suffers."""

    class Open(BaseModel):
        a: int

    class Closed(BaseModel):
        model_config = ConfigDict(extra="forbid")
        a: int

    found = breaks(Open.model_json_schema(), Closed.model_json_schema())

    assert only(found) == ("", "old messages")
    assert breaks(Closed.model_json_schema(), Open.model_json_schema()) == []


def test_a_union_of_objects_is_compared_member_by_member() -> None:
    """A member that is gone refuses old messages, one that is new surprises old readers."""
    one, two = create_model("One", a=(int, ...)), create_model("Two", b=(int, ...))
    both, first = schema(x=(one | two, ...)), schema(x=(one, ...))

    assert breaks(both, both) == []
    assert breaks(both, first)
    assert breaks(first, both)


class Tree(BaseModel):
    """A shape that contains itself."""

    name: str
    parent: "Tree | None" = None
    leaves: tuple["Tree", ...] = ()


class OtherTree(BaseModel):
    """The same, with another type far inside."""

    name: int
    parent: "OtherTree | None" = None
    leaves: tuple["OtherTree", ...] = ()


def test_a_shape_that_contains_itself_is_compared_once() -> None:
    """Comparison ends, and finds the change inside."""
    assert breaks(Tree.model_json_schema(), Tree.model_json_schema()) == []
    assert {one.field for one in breaks(Tree.model_json_schema(), OtherTree.model_json_schema())} >= {"name"}
