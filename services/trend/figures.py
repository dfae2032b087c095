"""Numbers and truths as people write them, read column by column."""

import polars as pl

NOTHING = ("", "-", "–", "—", "n/a", "na", "null", "none", "nan", "н/д", "нет данных", "#n/a")
"""How tables write that a value is not known, in lower case."""

_YES = ("true", "yes", "y", "t", "да", "есть", "in stock", "в наличии", "available", "instock")
_NO = ("false", "no", "n", "f", "нет", "out of stock", "нет в наличии", "unavailable", "outofstock", "preorder")
_BLANKS_AND_CURRENCY = r"(?i)[\s\u00a0\u2009\u202f'’_₽$€£¥]|руб\.?|р\.|шт\.?|usd|eur|rub"


def text(values: pl.Series) -> pl.Series:
    """Any values as text without blanks around it; null where nothing is said."""
    stripped = values.cast(pl.String).str.strip_chars()
    return stripped.to_frame("v").select(
        pl.when(~pl.col("v").str.to_lowercase().is_in(NOTHING)).then("v").alias(values.name)
    )[values.name]


def numbers(values: pl.Series, *, decimal_comma: bool) -> pl.Series:
    """Read numbers; null where nothing is said and where it is no finite number (compare with `text`).

    `1 234,50`, `1,234.50`, `1.234,50` and `99 ₽` are read. `1,234` is ambiguous: it is one thousand and more, unless
    `decimal_comma` or another value of the column speaks for the comma as decimal mark.
    """
    if values.dtype.is_numeric():
        return _finite(values.cast(pl.Float64))
    said = text(values)
    plain = said.cast(pl.Float64, strict=False)
    if plain.null_count() == said.null_count():
        return _finite(plain)
    bare = said.str.replace_all(_BLANKS_AND_CURRENCY, "").str.replace_all("−", "-", literal=True)
    comma = decimal_comma or bool(bare.str.contains(r"^-?\d*,(\d{1,2}|\d{4,})$|\.\d{3},\d").any())
    v = pl.col("v")
    commas, dots = v.str.count_matches(",", literal=True), v.str.count_matches(".", literal=True)
    last_is_comma = v.str.contains(r",[^.]*$")
    without_commas = v.str.replace_all(",", "", literal=True)
    pointed = v.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    read = (
        pl.when((commas > 0) & (dots > 0))
        .then(pl.when(last_is_comma).then(pointed).otherwise(without_commas))
        .when((commas == 1) & pl.lit(comma))
        .then(pointed)
        .when(commas > 0)
        .then(without_commas)
        .when(dots > 1)
        .then(v.str.replace_all(".", "", literal=True))
        .otherwise(v)
    )
    return _finite(bare.to_frame("v").select(read.cast(pl.Float64, strict=False).alias(values.name))[values.name])


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
