"""From a template to an answer: who reads, in which language, and what a browser may do with the page."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.chassis.settings import Settings
from services.gateway.web.assets import asset
from services.gateway.web.locale import LANGS, Lang, Locale, chosen

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing but our own files, and no script or style in the page itself."""
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Language",
}
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Params = dict[str, str | list[str] | None]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who reads a page: in which language, at which address, and which language was asked for by address."""

    locale: Locale
    path: str
    query: Params
    asked: Lang | None

    def link(self, *parts: str, **params: str | list[str] | None) -> str:
        """The address of a page of ours, in the language that was asked for; what is `None` is left out."""
        path = "/" + "/".join(quote(part, safe="") for part in parts)
        given = {"lang": self.asked, **params}
        return path + (f"?{text}" if (text := _encoded(given)) else "")

    def here(self, **changes: str | list[str] | None) -> str:
        """The address of this page with some parameters changed."""
        given = {**self.query, "lang": self.asked, **changes}
        return quote(self.path) + (f"?{text}" if (text := _encoded(given)) else "?")


def visitor(request: Request, settings: Settings) -> Visitor:
    """Who asks; without a wish and without a browser's preference they are spoken to in the house's language."""
    wish = request.query_params.get("lang")
    lang = chosen(wish, request.headers.get("accept-language", ""), settings.lang)
    query: Params = {name: request.query_params.getlist(name) for name in request.query_params if name != "lang"}
    return Visitor(Locale(lang, settings.zone), request.url.path, query, lang if wish in LANGS else None)


def page(who: Visitor, template: str, status: int = 200, **values: object) -> Response:
    """A page from its template, to which words, links and our files are known."""
    locale = who.locale
    text = _TEMPLATES.get_template(template).render(
        who=who, lang=locale.lang, langs=LANGS, say=locale.say, link=who.link, here=who.here, asset=asset, **values
    )
    headers = _HEADERS | {"Content-Language": locale.lang}
    return Response(text, status, headers, "text/html; charset=utf-8")


def _encoded(params: Params) -> str:
    return urlencode({name: value for name, value in params.items() if value is not None}, doseq=True)
