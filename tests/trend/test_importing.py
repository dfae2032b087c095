"""Whole files of sales, as they are found in the world, become observations."""

import io
from datetime import date

import polars as pl
import pytest

from services.chassis.observations import COLUMNS, write_part
from services.trend.errors import TableError
from tests.trend.sales import bring, lines

RETAIL = lines(
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
    '536365,85123A,"WHITE HEART, LARGE",6,12/1/2010 8:26,2.55,17850,United Kingdom',
    '536366,85123A,"WHITE HEART, LARGE",2,12/1/2010 8:34,2.55,,United Kingdom',
    "C536379,85123A,?,-1,12/1/2010 9:41,2.55,14527,United Kingdom",
    "536414,22139,,56,12/13/2010 11:52,0,,France",
    "536415,22139,RETROSPOT TEA SET,1,12/13/2010 12:00,4.25,,France",
)


def test_an_export_of_invoices_is_understood_as_it_is():
    """Lines of a day are one observation, returns and gifts are put aside by reason, products are niches."""
    found = bring(RETAIL)

    assert (found.rows, found.kept, found.merged) == (5, 2, 1)
    assert [(reason.why, reason.examples) for reason in found.rejected] == [
        ("a return: units are below zero", (4,)),
        ("the price is zero", (5,)),
    ]
    assert [niche.name for niche in found.niches] == ["RETROSPOT TEA SET", "WHITE HEART, LARGE"]
    assert (found.grain, found.first_day, found.last_day) == ("day", date(2010, 12, 1), date(2010, 12, 13))
    assert found.frame.filter(product_id="85123A").row(0, named=True)["revenue"] == pytest.approx(8 * 2.55)


def test_a_russian_export_is_understood_as_it_is():
    """Windows-1251, semicolons, decimal commas, blanks in thousands and dotted days need no word from a person."""
    text = lines(
        "Дата;Предмет;Артикул WB;Продавец;Цена, руб.;Продажи, шт.;Выручка, руб.;В наличии",
        "31.01.2025;Чай;123;ИП Иванов;1\u00a0250,50;2;2\u00a0501,00;да",
        "01.02.2025;Чай;123;ИП Иванов;1\u00a0250,50;0;0;нет",
    )
    found = bring(text.encode("cp1251"))

    assert found.frame.sort("day").select("day", "price", "units", "revenue", "seller_id", "in_stock").rows() == [
        (date(2025, 1, 31), 1250.5, 2.0, 2501.0, "ИП Иванов", True),
        (date(2025, 2, 1), 1250.5, 0.0, 0.0, "ИП Иванов", False),
    ]
    assert [niche.name for niche in found.niches] == ["Чай"]
    assert found.rejected == ()


def test_what_was_imported_can_be_written_as_a_part():
    """The frame has the columns and types of observations, and says where it is from."""
    frame = bring(RETAIL).frame

    assert dict(frame.schema) == COLUMNS
    assert frame.select("has_data", "import_id").unique().rows() == [(True, "import-1")]
    assert pl.read_parquet(write_part(frame)).height == frame.height


def test_csv_and_parquet_of_the_same_sales_are_the_same_observations():
    """Types in the file spare the reading and change nothing else."""
    buffer = io.BytesIO()
    typed = pl.read_csv(RETAIL.encode()).with_columns(pl.col("InvoiceDate").str.to_datetime("%m/%d/%Y %H:%M"))
    typed.write_parquet(buffer)
    found, expected = bring(buffer.getvalue()), bring(RETAIL)

    assert found.frame.equals(expected.frame)
    assert (found.niches, found.rejected) == (expected.niches, expected.rejected)


def test_weekly_tables_have_the_monday_of_their_week():
    """Weeks that are labelled by another day are moved to their Monday."""
    days = ("2025-01-05", "2025-01-12", "2025-01-19", "2025-01-26")
    found = bring(lines("week,sku,price", *(f"{day},a,1" for day in days)))

    assert found.grain == "week"
    assert (found.first_day, found.last_day) == (date(2024, 12, 30), date(2025, 1, 20))


def test_the_same_file_gives_the_same_observations():
    """A repeated import writes the same bytes."""
    assert write_part(bring(RETAIL).frame) == write_part(bring(RETAIL).frame)


@pytest.mark.parametrize("content", ["", "date,sku,price\n", "when,sku,price\n2025-01-01,a,1\n"])
def test_a_file_that_is_no_table_of_sales_is_refused(content):
    """An empty file, a lone header and a table without a day are errors, not empty markets."""
    with pytest.raises(TableError):
        bring(content)
