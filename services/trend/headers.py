"""The words by which columns are recognised; of several that fit, the first is taken."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


NAMES: dict[str, tuple[str, ...]] = {
    "day": _words("""
        date, day, order date, sale date, sales date, invoice date, transaction date, purchase date,
        report date, observed on, datetime, timestamp, created at, week, week start, дата, день, дата продажи,
        дата заказа, дата отчета, дата операции, дата чека, неделя
    """),
    "product": _words("""
        product id, sku, nm id, nmid, asin, stock code, item id, article id, article, item code, product code,
        variant sku, lineitem sku, offer id, upc, ean, barcode, item, product, id, артикул wb, артикул ozon,
        sku id, id товара, код товара, код номенклатуры, номенклатура, артикул, артикул товара,
        артикул продавца, штрихкод, баркод, товар
    """),
    "title": _words("""
        title, product title, product name, item name, description, product description, name, lineitem name,
        название, наименование, название товара, наименование товара, имя товара
    """),
    "niche": _words("""
        niche, category, product category, category name, subcategory, subject, product type, department, ниша,
        категория, предмет, категория товара, подкатегория, тип товара, название категории
    """),
    "price": _words("""
        price, unit price, final price, sale price, price per unit, selling price, item price, lineitem price,
        цена, цена продажи, цена со скидкой, цена за единицу, финальная цена, розничная цена, цена реализации
    """),
    "units": _words("""
        units, quantity, qty, units sold, quantity sold, sold, pieces, units ordered, orders count,
        lineitem quantity, количество, кол во, штук, шт, продано, продано штук, продажи шт, продажи штук,
        заказано штук, заказано товаров, выкупили шт, единиц
    """),
    "revenue": _words("""
        revenue, sales value, turnover, sales amount, gross sales, net sales, total sales, amount, line total,
        total, gmv, ordered product sales, sales usd, sales rub, выручка, оборот, сумма, сумма продаж,
        сумма продажи, продажи руб, продажи рублей, заказано на сумму, стоимость
    """),
    "seller": _words("""
        seller, seller id, seller name, supplier, supplier id, vendor, merchant, merchant id, manufacturer,
        manufacturer id, shop, продавец, поставщик, id продавца, магазин, производитель
    """),
    "brand": _words("""
        brand, brand name, бренд, торговая марка, марка
    """),
    "rating": _words("""
        rating, stars, average rating, review rating, рейтинг, оценка, средняя оценка
    """),
    "reviews": _words("""
        reviews, review count, reviews count, number of reviews, feedbacks, comments, ratings total, отзывы,
        отзывов, количество отзывов, число отзывов, комментарии
    """),
    "in_stock": _words("""
        in stock, available, availability, is available, в наличии, наличие
    """),
    "listed_on": _words("""
        listed on, listing date, first available, date first available, launch date, first date, дата появления,
        дата создания карточки, дата первого появления
    """),
}
"""Field to the headers that name it, in words and lower case."""

SALES = frozenset({"sales", "продажи", "продаж"})
"""Headers that say money in one export and pieces in another."""

OTHER_THINGS = _words("""
    customer, client, buyer, delivery, shipping, shipped, return, commission, fee, tax, vat, discount, cost,
    promo, due, paid, update, клиент, покупател, доставк, возврат, комисси, налог, скидк, акци, себестоимост,
    оплат, обновлен, остат, склад
""")
"""How words begin that make a header speak of something else, even if it has a known word beside them."""
