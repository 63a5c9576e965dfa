"""The merchants of the pretend world: where they are, what they sell and how their paper names them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

# What NFKD leaves whole; the embedded font draws ASCII only, as many a till does.
_LETTERS = str.maketrans(
    {"Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "ß": "ss", "æ": "ae", "Æ": "AE", "đ": "d", "–": "-", "’": "'"}
)


@dataclass(frozen=True, slots=True)
class Merchant:
    """A shop or supplier: `name` as the world knows it, `printed` as its till prints it (ASCII)."""

    name: str
    printed: str
    street: str
    city: str
    country: str
    tax_id: str
    currency: str


@dataclass(frozen=True, slots=True)
class Goods:
    """Something sold: its price on paper lies between `low` and `high`, in minor units of EUR."""

    description: str
    low: int
    high: int


# What one euro cent is worth in each currency's own minor unit; rough on purpose, prices are invented.
RATES: Mapping[str, float] = {"EUR": 1.0, "USD": 1.08, "PLN": 4.3, "NOK": 11.6, "JPY": 1.62}
DECIMALS: Mapping[str, int] = {"EUR": 2, "USD": 2, "PLN": 2, "NOK": 2, "JPY": 0}
TAX_PERCENT: Mapping[str, int] = {"DE": 19, "FR": 20, "ES": 21, "PL": 23, "NO": 25, "JP": 10, "US": 8}
TAX_WORD: Mapping[str, str] = {
    "DE": "MwSt",
    "FR": "TVA",
    "ES": "IVA",
    "PL": "PTU",
    "NO": "MVA",
    "JP": "Tax",
    "US": "Tax",
}


def ascii_only(text: str) -> str:
    """Write `text` with the letters that the embedded font has; what cannot be written is left out."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(sign for sign in decomposed if " " <= sign <= "~")


def _merchant(row: str) -> Merchant:
    name, printed, street, city, country, tax_id, currency = (part.strip() for part in row.split("|"))
    return Merchant(name, printed or ascii_only(name), street, city, country, tax_id, currency)


SHOPS: tuple[Merchant, ...] = tuple(
    _merchant(row)
    for row in (
        "Café Łąka || ul. Polna 14 | Kraków | PL | PL 676-11-22-334 | PLN",
        "Piekarnia Źródło || ul. Długa 3 | Gdańsk | PL | PL 583-20-31-447 | PLN",
        "Sklep Żabi Skok || al. Róż 8 | Łódź | PL | PL 725-18-90-112 | PLN",
        "山田食堂 | Yamada Shokudo | 3-12-5 Kanda | Tokyo | JP | T7010401089998 | JPY",
        "珈琲ひまわり | Coffee Himawari | 1-7-2 Gion | Kyoto | JP | T3130001012345 | JPY",
        "コンビニ青空 | Konbini Aozora | 5-2-9 Namba | Osaka | JP | T9120002054321 | JPY",
        "Ødegård Dagligvare || Storgata 21 | Oslo | NO | NO 987 654 321 MVA | NOK",
        "Fjellbrød Bakeri || Torggata 4 | Bergen | NO | NO 912 345 678 MVA | NOK",
        "Bäckerei Süßmilch || Lindenstraße 9 | Köln | DE | DE 814 203 557 | EUR",
        "Grünfeld Markt || Hauptstraße 112 | Leipzig | DE | DE 276 118 940 | EUR",
        "Tankhof Weidner || Bundesallee 40 | Berlin | DE | DE 301 477 265 | EUR",
        "L’Épicerie du Coin || 7 rue des Lilas | Lyon | FR | FR 40 303 265 045 | EUR",
        "Brasserie Chez Maëlle || 18 quai Sud | Nantes | FR | FR 71 512 880 214 | EUR",
        "Mercado Peña Azul || C. Mayor 33 | Sevilla | ES | ES B-90134427 | EUR",
        "Harbor Light Diner || 410 Pier Ave | Portland | US | 93-1182047 | USD",
        "Prairie Goods Co. || 88 Main St | Omaha | US | 47-0926113 | USD",
        "Tall Pines Hardware || 1204 Route 9 | Albany | US | 14-3380265 | USD",
        "Sundance Pharmacy || 62 Mesa Blvd | Tucson | US | 86-0457719 | USD",
    )
)

SUPPLIERS: tuple[Merchant, ...] = tuple(
    _merchant(row)
    for row in (
        "Nordlicht Büromöbel GmbH || Werftweg 2 | Hamburg | DE | DE 255 901 337 | EUR",
        "Kowalczyk i Córki Sp. z o.o. || ul. Fabryczna 51 | Wrocław | PL | PL 897-17-65-201 | PLN",
        "Ateliers Fournier & Fils || 3 chemin du Moulin | Lille | FR | FR 18 440 129 778 | EUR",
        "Åsgard Elektro AS || Industriveien 6 | Trondheim | NO | NO 934 112 085 MVA | NOK",
        "株式会社みなと物流 | Minato Logistics K.K. | 2-4-1 Kaigan | Yokohama | JP | T5020001098765 | JPY",
        "Blue Mesa Software Inc. || 500 Canyon Rd | Denver | US | 84-2217703 | USD",
        "Granados Impresión S.L. || Pol. Ind. Norte 14 | Zaragoza | ES | ES B-50722318 | EUR",
        "Cedar & Finch Catering LLC || 17 Orchard Ln | Ithaca | US | 16-1593348 | USD",
    )
)

SHELF_GOODS: tuple[Goods, ...] = tuple(
    Goods(name, low, high)
    for name, low, high in (
        ("Espresso", 210, 340),
        ("Flat white", 350, 480),
        ("Croissant", 160, 290),
        ("Rye bread 750 g", 320, 540),
        ("Oat milk 1 l", 180, 290),
        ("Soup of the day", 490, 890),
        ("Noodles, large", 780, 1350),
        ("Green tea", 190, 420),
        ("Apples 1 kg", 220, 390),
        ("Olive oil 0.5 l", 690, 1290),
        ("Batteries AA x8", 590, 990),
        ("Toothpaste", 190, 420),
        ("Notebook A5", 290, 690),
        ("Lunch menu", 990, 1690),
        ("Cheese, aged", 450, 1190),
        ("Sparkling water", 90, 260),
        ("Dark chocolate", 210, 450),
        ("Garden gloves", 490, 1290),
        ("Screws 4x40", 350, 790),
        ("Vitamin C", 390, 990),
        ("Salmon fillet", 790, 1890),
        ("Umbrella", 990, 2490),
        ("Postcards x4", 240, 480),
        ("Cinnamon bun", 240, 420),
    )
)

SUPPLIED_GOODS: tuple[Goods, ...] = tuple(
    Goods(name, low, high)
    for name, low, high in (
        ("Desk, height adjustable", 38900, 74900),
        ("Office chair", 18900, 42900),
        ("Pallet transport, domestic", 8900, 23900),
        ("Annual licence, 10 seats", 49000, 129000),
        ("Wiring, per hour", 5900, 9400),
        ("Catering, per guest", 1900, 4200),
        ("Brochure, 500 copies", 21000, 46000),
        ("Maintenance visit", 12000, 28000),
        ("Network switch, 24 ports", 19900, 38900),
        ("Cleaning, per month", 24000, 61000),
        ("Storage, per pallet", 1400, 3900),
        ("Translation, per page", 2900, 5200),
    )
)
