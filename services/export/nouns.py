"""The nouns that a report counts, in the forms that go with a number."""

from contracts.report import Lang

NOUNS: dict[Lang, dict[str, tuple[str, ...]]] = {
    "en": {
        "niche": ("niche", "niches"),
        "week": ("week", "weeks"),
        "row": ("row", "rows"),
        "seller": ("seller", "sellers"),
        "product": ("product", "products"),
        "price": ("price", "prices"),
        "band": ("past week", "past weeks"),
    },
    "ru": {
        "niche": ("ниша", "ниши", "ниш"),
        "week": ("неделя", "недели", "недель"),
        "row": ("строка", "строки", "строк"),
        "seller": ("продавец", "продавца", "продавцов"),
        "product": ("товар", "товара", "товаров"),
        "price": ("цена", "цены", "цен"),
        "band": ("прошлая неделя", "прошлые недели", "прошлых недель"),
    },
}
