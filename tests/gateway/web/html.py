"""A page as a browser without scripts reads it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = {"meta", "link", "br", "hr", "img", "input", "path", "rect", "circle"}


@dataclass
class Element:
    """An element: its name, its attributes, the elements in it, and the text in it."""

    name: str
    attributes: dict[str, str | None]
    inside: list["Element"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def all(self, name: str, **attributes: str) -> list["Element"]:
        """Every element of a name below this one whose attributes are as given (`class_` holds one of its classes)."""
        wanted_class = attributes.pop("class_", None)
        found = []
        for one in self.inside:
            classes = (one.attributes.get("class") or "").split()
            fits = one.name == name and all(one.attributes.get(key) == value for key, value in attributes.items())
            if fits and (wanted_class is None or wanted_class in classes):
                found.append(one)
            found += one.all(name, **attributes, **({"class_": wanted_class} if wanted_class else {}))
        return found

    @property
    def text(self) -> str:
        """All of its text, blanks made one."""
        return " ".join(" ".join(self.words).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        if tag not in _EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.words.append(data)


def read(text: str) -> Element:
    """The elements of a page; raises `AssertionError` where one is not closed in its turn."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == [reader.root], f"<{reader.open[-1].name}> is not closed"
    return reader.root
