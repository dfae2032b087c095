"""What a seller keeps of a sale, and what the first batch takes.

Money is in the market's currency and for one piece that stays sold, shares run from 0 to 1. What is not known (a
tariff, a cost) is absent, and so is what hangs on it; `missing` names it.
"""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from contracts.message import Input, Shape

Money = Annotated[float, Field(ge=0, le=1e9)]
Share = Annotated[float, Field(ge=0, lt=1)]
PathPrefix = Annotated[str, AfterValidator(lambda path: path.strip().strip("/"))]


class Own(Input):
    """What only the seller knows: `cost` of one piece on the shelf, `ad_share` of revenue, days from order to shelf.

    `cover_weeks` are the weeks that the first batch should last (absent: 8), `price` what the seller would ask
    (absent: the niche's median).
    """

    cost: Money | None = None
    ad_share: Share | None = None
    lead_days: int | None = Field(default=None, ge=0, le=730)
    cover_weeks: int | None = Field(default=None, ge=1, le=52)
    price: float | None = Field(default=None, gt=0, le=1e9)


class Tariff(Input):
    """What a marketplace takes from the day `since` on, for the niches whose path begins with `niche`.

    `niche` holds whole parts of a path (`Food` fits `Food/Tea`, not `Foodie`); empty, it fits every niche.
    `commission` and `tax` are shares of the price, `returns` the share of orders that come back. `logistics` (for one
    delivery), `storage` (for the time that a piece lies) and `return_handling` (for one return) are money for a piece.
    """

    since: date
    niche: PathPrefix = ""
    commission: Share | None = None
    logistics: Money | None = None
    storage: Money | None = None
    returns: Share | None = None
    return_handling: Money | None = None
    tax: Share | None = None


class Economics(Shape):
    """One piece sold at `price`: what each part of it takes, and what remains.

    `logistics` is for all the trips that one kept piece takes, returned ones included; `returns` is their handling.
    `margin` = price - commission - logistics - storage - returns - tax - ads - cost; `margin_share` is of the price,
    `roi` over the cost. `break_even_price` leaves no margin at the known cost (absent where shares of the price take
    all of it), `break_even_cost` none at the price; below zero, the price does not cover the rest. `first_batch`
    pieces cover the weeks asked for at the sales of the median listing that sells, and take `first_batch_capital`.
    `order_by` is the last day to order for the season's next peak. `since` is the day of the newest tariff that was
    used.

    `missing` names what was not known: `commission`, `logistics`, `storage`, `returns`, `return_handling`, `tax`,
    `ad_share`, `cost`, `units`, `lead_days`, `season`, in this order.
    """

    price: float
    since: date | None = None
    commission: float | None = None
    logistics: float | None = None
    storage: float | None = None
    returns: float | None = None
    tax: float | None = None
    ads: float | None = None
    cost: float | None = None
    margin: float | None = None
    margin_share: float | None = None
    roi: float | None = None
    break_even_price: float | None = None
    break_even_cost: float | None = None
    first_batch: int | None = None
    first_batch_capital: float | None = None
    order_by: date | None = None
    missing: tuple[str, ...] = ()
