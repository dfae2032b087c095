"""Files as people have them become tables, or an error that says what to do."""

import io

import polars as pl
import pytest

from services.trend.errors import TableError
from services.trend.reading import read_table
from services.trend.table import ROW

RUSSIAN = "Дата;Товар;Цена\n01.02.2025;Чай;1,50\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_russian_text_is_read_in_each_encoding_that_excel_writes(encoding):
    """The encoding is found by the bytes; nobody has to name it."""
    table = read_table(RUSSIAN.encode(encoding), "sales.csv")

    assert table.columns == ["Дата", "Товар", "Цена"]
    assert table.frame.row(0) == (2, "01.02.2025", "Чай", "1,50")


def test_western_accents_are_not_read_as_cyrillic():
    """Single letters of the upper half are accents of Windows-1252."""
    assert read_table("date,title\n2025-01-01,Café £5\n".encode("cp1252"), "s.csv").frame["title"][0] == "Café £5"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_delimiter_is_found(mark):
    """Comma, semicolon and tab are told apart by what parts all lines alike."""
    text = mark.join(("date", "sku", "price")) + "\n" + mark.join(("2025-01-01", "a", '"1,5; or so"')) + "\n"

    assert read_table(text.encode(), "s.csv").columns == ["date", "sku", "price"]


def test_decimal_commas_do_not_make_a_file_comma_separated():
    """A semicolon that parts every line wins over commas inside numbers."""
    text = "date;price, rub;revenue, rub\n2025-01-01;1,5;3,0\n2025-01-02;2;4\n"

    table = read_table(text.encode(), "s.csv")

    assert table.columns == ["date", "price, rub", "revenue, rub"]
    assert table.decimal_comma


def test_rows_are_numbered_as_in_the_file():
    """The header is row 1, and an empty row counts where it stands but is no row of the table."""
    table = read_table(b"date,sku\n2025-01-01,a\n,\n2025-01-03,c\n", "s.csv")

    assert table.frame[ROW].to_list() == [2, 4]
    assert table.height == 2


def test_a_row_with_more_fields_than_the_header_is_put_aside_and_the_rest_goes_on():
    """One unquoted comma does not spoil a file, and is not read as other columns."""
    table = read_table(b"date,sku,price\n2025-01-01,a,1\n2025-01-02,b,1,50\n2025-01-03,c,2\n", "s.csv")

    assert table.frame["sku"].to_list() == ["a", "c"]
    assert table.broken.rows() == [(3, "2025-01-02,b,1,50")]
    assert table.height == 3


def test_columns_of_the_same_name_are_told_apart():
    """Names are stripped of blanks, and a second one gets a number."""
    assert read_table(b" date ,sku,sku,\n2025-01-01,a,b,c\n", "s.csv").columns == ["date", "sku", "sku (2)", "column 4"]


def test_parquet_keeps_its_types():
    """A Parquet file is known by its first bytes, whatever its name."""
    buffer = io.BytesIO()
    pl.DataFrame({"date": ["2025-01-01"], "price": [1.5]}).write_parquet(buffer)

    assert read_table(buffer.getvalue(), "upload").frame["price"].to_list() == [1.5]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "s.csv", "s.csv is empty"),
        (b" \n \n", "s.csv", "s.csv is empty"),
        (b"\xef\xbb\xbf", "s.csv", "s.csv is empty"),
        (b"date,sku,price\n", "s.csv", "a header but no rows: its columns are date, sku, price"),
        (
            b"Dear all\nhere are no sales\n",
            "s.csv",
            "s.csv is not a table that Scout reads: its first line has no comma",
        ),
        (b'{"date": [1, 2]}', "s.json", "looks like JSON"),
        (b"PK\x03\x04rest", "s.xlsx", "Save it as CSV"),
        (b"PAR1 but then nothing", "s.parquet", "cannot be read as Parquet"),
        (b"date,sku\n2025-01-01,a\n", "s.parquet", "cannot be read as Parquet"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content, name, message):
    """The error names the file, what is wrong with it, and a way on."""
    with pytest.raises(TableError, match=message) as caught:
        read_table(content, name)

    assert str(caught.value).endswith(".")


def test_a_quote_that_is_not_closed_does_not_swallow_the_rows_after_it():
    """No row disappears without a word; the one with the quote is read to its end."""
    table = read_table(b'date,sku,price,title\n2025-01-01,a,1,"open\n2025-01-02,b,2,x\n2025-01-03,c,3,y\n', "s.csv")

    assert table.frame["sku"].to_list() == ["a", "b", "c"]


def test_a_quoted_value_may_have_lines_quotes_and_delimiters():
    """What is quoted is one value."""
    table = read_table(b'date,sku,title\n2025-01-01,a,"two\nlines, 21"" wide"\n2025-01-02,b,21" wide\n', "s.csv")

    assert table.frame["title"].to_list() == ['two\nlines, 21" wide', '21" wide']


def test_line_ends_of_old_macs_and_the_line_that_names_the_delimiter_are_understood():
    """Carriage returns end lines, and `sep=` above the header is not the header."""
    table = read_table(b"sep=;\rdate;sku\r2025-01-01;a,b\r", "s.csv")

    assert table.frame.rows() == [(2, "2025-01-01", "a,b")]


def test_nested_columns_of_parquet_are_left_out():
    """A list in a cell is nothing that sales are made of."""
    buffer = io.BytesIO()
    pl.DataFrame({"date": ["2025-01-01"], "tags": [["a"]]}).write_parquet(buffer)

    assert read_table(buffer.getvalue(), "s.parquet").columns == ["date"]
