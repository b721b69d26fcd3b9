"""What other systems call things: exact names that decide, and words that only make one guess (pure)."""

from __future__ import annotations

import re

from importer.headers import plain

COMPLEMENTS, BASKET, ALTERNATIVES = "item_detail_complements", "basket", "item_detail_alternatives"

_TARGETS = """
sku code handle productsku productcode productid productno productnumber itemid itemcode itemno itemnumber itemsku
mainsku parentsku basesku sourcesku mainproduct baseproduct sourceproduct productimportcode skuprincipale kod
kodproduktu kodtovaru kodzbozi artikelnummer artikelnr articlenumber articleno targetidentity
productcodesku skuproductcode
"""
TARGETS = frozenset(_TARGETS.split())
"""Names of the column that says beside which product pins show; `id`, `parent` and the like say nothing."""

_PINNED = {
    COMPLEMENTS: """
    related relatedsku relatedskus relatedproduct relatedproducts relateditems linkedsku linkedskus linkedproduct
    linkedproducts accessory accessories accessoryskus complementary complementaryproducts complements altimportcode
    skucorrelata recommendedproducts recommended suvisiaceprodukty suvisiacitovar souvisejiciprodukty souvisejicizbozi
    prislusenstvi prislusenstvo zubehor zubehoer pinidentity relatedids relatedproductid relatedproductids
    accessoryids
    """,
    BASKET: """
    crosssell crosssells crossselling crosssellsku crosssellskus crosssellproduct crosssellproducts xsell xsells
    crosssellids
    """,
    ALTERNATIVES: """
    upsell upsells upselling upsellsku upsellskus upsellproduct upsellproducts alternatives alternativeproduct
    alternativeproducts alternativesku similar similarproduct similarproducts substitutes substituteproducts alternativy
    alternativni alternativneprodukty podobneprodukty upsellids similarids alternativnizbozi alternativnytovar
    podobnezbozi podobnytovar
    """,
}
PINNED: dict[str, str] = {name: model for model, known in _PINNED.items() for name in known.split()}
"""Names of columns that say what is pinned, and the recommender that usually shows it."""

_LIKE_PINNED = (
    (re.compile(r"cross|x.?sell|basket|kosik|warenkorb|cart"), BASKET),
    (re.compile(r"up.?sell|alternativ|similar|substitut|podobn|nahrad|replace|ahnlich|aehnlich"), ALTERNATIVES),
    (
        re.compile(r"relat|link|accessor|complement|recommend|pair|bundle|suvisi|souvisej|prislus|zubeh|passend|pin"),
        COMPLEMENTS,
    ),
)
_LIKE_TARGET = re.compile(r"sku|code|handle|article|artikel|product|item|produkt|tovar|zbozi|kod\b|\bref")
_LIKE_FROM = re.compile(r"\b(start|begin|from|since|od|ab|von|valid.?from|active.?from)")
_LIKE_TO = re.compile(r"\b(end|until|till|to|do|bis|valid.?to|active.?to|expir)")
_LIKE_POSITION = re.compile(r"position|\brank|\border|sort|priorit|poradi|poradie|reihenfolge")
_LIKE_MODEL = re.compile(
    r"(link|relation|association|pin|widget|recommend).{0,3}(type|kind|typ)|recommender|\bmodel$|widget"
)
FALSE_FRIENDS = re.compile(
    r"price|special|sale|discount|news?\b|creat|updat|modif|avail|release|menu|image|meta|seo|ship|tax|design|cena|akc"
)
"""Words of headers that are about something else: prices, news, pictures."""


def _key(header: str) -> str:
    """A header without what does not count in it."""
    return re.sub(r"[\W_]+", "", plain(header))


def is_target(header: str) -> bool:
    """Whether a header says by its name that its column holds the products beside which pins show."""
    return _key(header) in TARGETS


def model_of(header: str) -> str | None:
    """The usual recommender of a column that says by its name what is pinned; `None` for any other column."""
    return PINNED.get(_key(header))


def guess(header: str) -> tuple[str, str] | None:
    """What a column may be by its name: a column of ours, and for what is pinned the usual recommender."""
    words = plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)).replace("_", " ").replace("-", " ")
    if FALSE_FRIENDS.search(words):
        return None
    if _LIKE_MODEL.search(words):
        return "model", ""
    if _LIKE_POSITION.search(words):
        return "position", ""
    for likes, model in _LIKE_PINNED:
        if likes.search(words):
            return "pin_identity", model
    for column, likes in (("active_from", _LIKE_FROM), ("active_to", _LIKE_TO), ("target_identity", _LIKE_TARGET)):
        if likes.search(words):
            return column, ""
    return None
