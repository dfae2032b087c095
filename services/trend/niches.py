"""The niches of an imported table."""

import polars as pl

from contracts.niche import Niche, NicheKind, niche_id


def name_niches(rows: pl.DataFrame, market: str, kind: NicheKind) -> tuple[pl.DataFrame, tuple[Niche, ...]]:
    """Give each row its `niche_id`, and list the niches by path.

    Rows without a niche (a table that has no such column) make each product a niche of its own, of kind "custom",
    named by the title that its rows have most often.
    """
    alone = bool(rows["niche"].is_null().all())
    of_kind: NicheKind = "custom" if alone else kind
    paths = rows.select((pl.col("product") if alone else pl.col("niche")).alias("path"), "title")
    names = _titles(paths) if alone else {}
    niches = tuple(
        Niche(
            id=niche_id(market, of_kind, path),
            market=market,
            kind=of_kind,
            path=path,
            name=names.get(path, path),
            articles=(path,) if alone else (),
        )
        for path in paths["path"].unique().sort()
    )
    ids = pl.DataFrame(
        {"path": [niche.path for niche in niches], "niche_id": [niche.id for niche in niches]},
        schema={"path": pl.String, "niche_id": pl.String},
    )
    return rows.with_columns(paths["path"]).join(ids, on="path", how="left", maintain_order="left").drop("path"), niches


def _titles(rows: pl.DataFrame) -> dict[str, str]:
    most = (
        rows.drop_nulls("title")
        .group_by("path", "title")
        .len()
        .sort("len", "title", descending=[True, False])
        .unique("path", keep="first", maintain_order=True)
    )
    return dict(most.select("path", "title").iter_rows())
