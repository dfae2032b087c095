"""A run's page: what it was, its stages, what caused what in it, and how it ended."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.run import Stage
from contracts.score import OpportunityScored
from services.gateway.api.events import EventView, RunEventsQuery, journal_page
from services.gateway.api.runs import RunView, get_run
from services.gateway.deps import Deps
from services.gateway.web.board_row import RowView, row_view, titled
from services.gateway.web.locale import SPACE, Locale

MOST = 500
_SIBLINGS = 6
_ITEMS = 24
_DEEPEST = 6
_LIKENESS = 3


@dataclass(frozen=True, slots=True)
class Leaf:
    """An event in the tree of causes, at a `level` below its run's request; or `more` of a type, not listed."""

    level: int
    type: str
    more: int = 0
    seq: int = 0
    source: str = ""
    after: str = ""
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class RunPage:
    """All that the page shows. `last` is the number of the newest event on it; its stream begins behind that."""

    run: RunView
    title: str
    niche: str | None
    took: str | None
    stages: tuple[Stage, ...]
    folded: tuple[tuple[str, int], ...]
    counts: str
    scored: RowView | None
    result: tuple[tuple[str, str], ...]
    tree: tuple[Leaf, ...]
    more: bool
    last: int


async def read_run(deps: Deps, run_id: str, speak: Locale) -> RunPage:
    """What there is to show of a run; raises a `ProblemError` for one that does not exist."""
    run = await get_run(deps, run_id)
    page = await journal_page(deps, {"run_id": run_id}, RunEventsQuery(after=0, limit=MOST, cursor=None))
    behind = run.state == "accepted" and bool(page.items)  # the journal writes events first, their run a moment later
    if behind:
        run = run.model_copy(update={"state": "running"})
    niche = await deps.store.get("niches", run.niche_id) if run.niche_id else None
    scored = _scored(page.items, run)
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at and run.started_at else None
    stages, folded = shown_stages(run.stages)
    counts = (f"{speak.number(count)}{SPACE}{key}" for key, count in run.counts.items())
    return RunPage(
        run=run,
        title=speak.term("kind", run.kind),
        niche=titled(niche["name"]) if niche else None,
        took=None if took is None else speak.seconds(max(0.0, took)),
        stages=stages,
        folded=tuple(folded.items()),
        counts=", ".join(counts),
        scored=row_view(scored, speak) if scored else None,
        result=() if scored else tuple(_items(run.result or {}, speak))[:_ITEMS],
        tree=await named(deps, tree(page.items, run.started_at, speak)),
        more=page.next is not None,
        last=page.items[-1].seq if page.items and not behind else 0,
    )


def shown_stages(stages: Sequence[Stage]) -> tuple[tuple[Stage, ...], Counter[str]]:
    """Of many stages of one name that went well at once the first few, and how many are left out."""
    seen: Counter[str] = Counter()
    shown = []
    for stage in stages:
        plain = stage.reason is None and (stage.attempt or 1) == 1
        seen[stage.name] += plain
        if not plain or seen[stage.name] <= _SIBLINGS:
            shown.append(stage)
    return tuple(shown), Counter({name: n - _SIBLINGS for name, n in seen.items() if n > _SIBLINGS})


def tree(events: Sequence[EventView], begun: datetime | None, speak: Locale) -> tuple[Leaf, ...]:
    """Events below those that caused them, each cause's answers in the order of the journal.

    What is caused by the request, or by nothing that is known, stands at the top. Of many answers that look
    alike, with what they caused, the first few are listed and the others counted.
    """
    known = {event.id for event in events}
    below: dict[str | None, list[EventView]] = defaultdict(list)
    for event in events:
        below[event.causation_id if event.causation_id in known - {event.id} else None].append(event)
    return tuple(_leaves(below, begun, speak))


async def named(deps: Deps, leaves: Sequence[Leaf]) -> tuple[Leaf, ...]:
    """The same, each niche by its name where its event's subject begins with its id."""
    heads = {leaf.subject: leaf.subject.partition("/")[0] for leaf in leaves if leaf.subject}
    niches = await deps.store.get_many("niches", set(heads.values()))
    names = {
        subject: subject.replace(head, titled(niches[head]["name"]), 1)
        for subject, head in heads.items()
        if head in niches
    }
    return tuple(replace(leaf, subject=names.get(leaf.subject or "", leaf.subject)) for leaf in leaves)


def _leaves(below: Mapping[str | None, list[EventView]], begun: datetime | None, speak: Locale) -> Iterator[Leaf]:
    ahead: list[tuple[int, EventView | Leaf]] = _answers(below, None, 0)
    while ahead:
        level, next_ = ahead.pop()
        if isinstance(next_, Leaf):
            yield next_
            continue
        after = "" if begun is None else f"+{speak.seconds(max(0.0, (next_.time - begun).total_seconds()))}"
        yield Leaf(level, next_.type, 0, next_.seq, next_.source, after, next_.subject)
        ahead += _answers(below, next_.id, min(level + 1, _DEEPEST))


def _answers(
    below: Mapping[str | None, list[EventView]], cause: str | None, level: int
) -> list[tuple[int, EventView | Leaf]]:
    """The answers to a cause, the last one first, so that a stack gives them back in their order."""
    listed: list[tuple[int, EventView | Leaf]] = []
    alike: Counter[Any] = Counter()
    folded: Counter[str] = Counter()
    for event in below.get(cause, ()):
        looks = _looks(below, event, _LIKENESS)
        alike[looks] += 1
        if alike[looks] > _SIBLINGS:
            folded[event.type] += 1
        else:
            listed.append((level, event))
    listed += [(level, Leaf(level, key, count)) for key, count in folded.items()]
    return listed[::-1]


def _looks(below: Mapping[str | None, list[EventView]], event: EventView, depth: int) -> tuple[Any, ...]:
    """What an event and those that it caused look like: their types, and which attempts and why."""
    caused = below.get(event.id, ()) if depth else ()
    inside = frozenset(_looks(below, one, depth - 1) for one in caused)
    return event.type, event.data.get("attempt"), event.data.get("reason"), inside


def _scored(events: Sequence[EventView], run: RunView) -> OpportunityScored | None:
    """The score that closed the run, if that is what it was for."""
    if run.state != "done" or run.result is None or "verdict" not in run.result:
        return None
    closing = [event for event in events if event.id == run.event_id and event.type == "opportunity.scored"]
    return OpportunityScored.from_json(json.dumps(closing[0].data)) if closing else None


def _items(result: Mapping[str, Any], speak: Locale, prefix: str = "") -> Iterator[tuple[str, str]]:
    """A result as pairs of a name and a value; what it has many of is counted."""
    for key, value in result.items():
        match value:
            case dict():
                yield from _items(value, speak, f"{prefix}{key}.")
            case list() | tuple():
                yield f"{prefix}{key}", speak.number(len(value))
            case bool():
                yield f"{prefix}{key}", speak.say("run.yes" if value else "run.no")
            case str():
                yield f"{prefix}{key}", value
            case int():
                yield f"{prefix}{key}", speak.number(value)
            case float():
                yield f"{prefix}{key}", speak.number(value, 3)
            case _:
                continue
