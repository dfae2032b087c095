"""Every source of trends, by name: a new one is its file and a line here."""

from services.trend.sources.sales import Sales
from services.trend.sources.source import Source

SOURCES: dict[str, Source] = {source.name: source for source in (Sales(),)}
