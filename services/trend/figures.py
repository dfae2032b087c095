"""Numbers and truths as people write them, read column by column."""

import polars as pl

NOTHING = ("", "-", "–", "—", "n/a", "na", "null", "none", "nan", "н/д", "нет данных", "#n/a")
"""How tables write that a value is not known, in lower case."""

_YES = ("true", "yes", "y", "t", "да", "есть", "in stock", "в наличии", "available", "instock")
_NO = ("false", "no", "n", "f", "нет", "out of stock", "нет в наличии", "unavailable", "outofstock", "preorder")
_BLANKS_AND_CURRENCY = r"(?i)[\s\u00a0\u2009\u202f'’_₽$€£¥]|руб\.?|р\.|шт\.?|usd|eur|rub"

_POINT = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"
_COMMA = r"^[-+]?(\d+,\d*|,\d+)$"
_BY_COMMAS = r"^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$"
_BY_POINTS = r"^[-+]?\d{1,3}(\.\d{3})+(,\d*)?$"


def text(values: pl.Series) -> pl.Series:
    """Any values as text without blanks around it; null where nothing is said. Whole numbers have no `.0`."""
    if values.dtype.is_float() and (values.fill_null(0).fill_nan(0) % 1 == 0).all():
        values = values.cast(pl.Int64, strict=False)
    stripped = values.cast(pl.String).str.strip_chars()
    return stripped.to_frame("v").select(
        pl.when(~pl.col("v").str.to_lowercase().is_in(NOTHING)).then("v").alias(values.name)
    )[values.name]


def numbers(values: pl.Series, *, decimal_comma: bool) -> pl.Series:
    """Read numbers; null where nothing is said and where it is no finite number (compare with `text`).

    `1 234,50`, `1,234.50`, `1.234,50` and `99 ₽` are read; marks that part no thousands (`12,34,5`) make no number.
    `1,234` is one thousand and more, unless `decimal_comma` or another value of the column speaks for the comma as
    decimal mark; `1.234` is one and a bit, unless the others of its column have decimal commas and none a point.
    """
    if values.dtype.is_numeric():
        return _finite(values.cast(pl.Float64))
    said = text(values)
    plain = said.cast(pl.Float64, strict=False)
    if plain.null_count() == said.null_count():
        return _finite(plain)
    bare = said.str.replace_all(_BLANKS_AND_CURRENCY, "").str.replace_all("−", "-", literal=True)
    column = bare.to_frame("v")
    v = pl.col("v")
    point, by_commas, by_points = (v.str.contains(form) for form in (_POINT, _BY_COMMAS, _BY_POINTS))
    comma = v.str.contains(_COMMA)
    several = by_points & (v.str.contains(",", literal=True) | (v.str.count_matches(".", literal=True) > 1))
    commas_part = bool(column.select(((comma & ~by_commas) | several).any()).item())
    points_part = bool(column.select((point & v.str.contains(".", literal=True) & ~by_points).any()).item())
    read = (
        pl.when(several | (by_points & pl.lit(commas_part and not points_part)))
        .then(v.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .when(point)
        .then(v)
        .when(comma & (~by_commas | pl.lit(decimal_comma or commas_part)))
        .then(v.str.replace(",", ".", literal=True))
        .when(by_commas)
        .then(v.str.replace_all(",", "", literal=True))
    )
    return _finite(column.select(read.cast(pl.Float64, strict=False).alias(values.name))[values.name])


def truths(values: pl.Series) -> pl.Series:
    """Read yes and no in words, or a stock as a number; null where it is neither."""
    if values.dtype == pl.Boolean:
        return values
    said = text(values).str.to_lowercase().to_frame("v")
    count = pl.col("v").cast(pl.Float64, strict=False)
    return said.select(
        pl.when(pl.col("v").is_in(_YES))
        .then(statement=True)
        .when(pl.col("v").is_in(_NO))
        .then(statement=False)
        .otherwise(count > 0)
        .alias(values.name)
    )[values.name]


def _finite(values: pl.Series) -> pl.Series:
    return values.set(~values.is_finite(), None)
