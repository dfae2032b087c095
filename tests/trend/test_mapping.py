"""Columns are recognised by the words of their headers, and a person has the last word."""

import pytest

from contracts.observation import Mapping
from services.trend.errors import TableError
from services.trend.mapping import find_columns

EXPORTS = {
    "retail": (
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"],
        {
            "product": "StockCode",
            "title": "Description",
            "units": "Quantity",
            "day": "InvoiceDate",
            "price": "UnitPrice",
        },
    ),
    "russian": (
        ["Дата", "Предмет", "Артикул продавца", "Артикул WB", "Бренд", "Продажи, шт.", "Выручка, руб.", "Рейтинг"],
        {
            "day": "Дата",
            "niche": "Предмет",
            "product": "Артикул WB",
            "brand": "Бренд",
            "units": "Продажи, шт.",
            "revenue": "Выручка, руб.",
            "rating": "Рейтинг",
        },
    ),
    "spread": (
        ["PRODUCT_CATEGORY_NAME", "order-date", "Product Code", "Seller Name", "In Stock?", "Delivery Date", "sales"],
        {
            "niche": "PRODUCT_CATEGORY_NAME",
            "day": "order-date",
            "product": "Product Code",
            "seller": "Seller Name",
            "in_stock": "In Stock?",
            "revenue": "sales",
        },
    ),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_headers_of_usual_exports_are_recognised(export):
    """Case, blanks, underscores and units in the header do not matter; what is not of a field is left alone."""
    header, expected = EXPORTS[export]

    assert dict(find_columns(header).column) == expected


def test_a_header_in_so_many_words_is_surer_than_one_that_has_them_among_others():
    """Confidence falls from an exact header over one with a remark to one that only contains the word."""
    sure = find_columns(["date", "sku", "Price (USD)", "total revenue of shop"]).confidence

    assert sure["day"] == 1.0
    assert sure["day"] > sure["price"] > sure["revenue"]


def test_sales_are_pieces_beside_revenue_and_money_otherwise():
    """The word says both in exports; the column beside it decides."""
    assert find_columns(["date", "sku", "sales", "revenue"]).column["units"] == "sales"
    assert find_columns(["date", "sku", "sales", "qty"]).column["revenue"] == "sales"


def test_a_table_without_product_ids_goes_by_title():
    """A product's name is as good as an id when there is no other."""
    assert find_columns(["date", "name", "price"]).column["product"] == "name"


def test_a_mapping_has_the_last_word_and_the_rest_is_still_guessed():
    """A named column is taken from its guess, and no other field gets it."""
    columns = find_columns(["date", "sku", "price", "list price"], Mapping(price="list price", decimal=","))

    assert columns.column == {"day": "date", "product": "sku", "price": "list price"}
    assert columns.mapping == Mapping(day="date", product="sku", price="list price", decimal=",")


def test_a_mapping_names_columns_whatever_their_case_and_blanks():
    """`Order Date` is found as order_date, unless two columns are alike."""
    assert find_columns(["Order Date", "sku", "price"], Mapping(day="order_date")).column["day"] == "Order Date"
    with pytest.raises(TableError, match="day=DATE fits no column"):
        find_columns(["date", "Date", "sku", "price"], Mapping(day="DATE"))


def test_a_mapping_to_a_column_that_is_not_there_lists_those_that_are():
    """A typing error is answered with the names to choose from."""
    with pytest.raises(TableError, match="day=dat fits no column: the columns are date, sku, price"):
        find_columns(["date", "sku", "price"], Mapping(day="dat"))


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (["when", "sku", "price"], "the columns are when, sku, price. Name it: --mapping day=COLUMN"),
        (["date", "country", "price"], "--mapping product=COLUMN"),
        (["date", "sku", "country"], "--mapping revenue=COLUMN"),
    ],
)
def test_a_needed_column_that_is_missing_is_asked_for(header, message):
    """The error lists the columns seen and shows the option that names one."""
    with pytest.raises(TableError, match=message):
        find_columns(header)


@pytest.mark.parametrize("date_format", ["%d.%m", "day", "%Q"])
def test_a_date_format_that_writes_no_day_is_refused(date_format):
    """A format needs year, month and day; the error shows one."""
    with pytest.raises(TableError, match=r"date_format=%d.%m.%Y"):
        find_columns(["date", "sku", "price"], Mapping(date_format=date_format))
