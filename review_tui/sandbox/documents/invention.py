"""New documents out of a seeded random generator, and the ways in which an old one comes back."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from review_tui.sandbox.documents.merchants import (
    DECIMALS,
    RATES,
    SHELF_GOODS,
    SHOPS,
    SUPPLIED_GOODS,
    SUPPLIERS,
    TAX_PERCENT,
    Goods,
    Merchant,
)
from review_tui.sandbox.documents.paper import Document, Kind, Line, Look

_CARDS = ("VISA", "MASTERCARD", "AMEX", "MAESTRO")
_UNFIT = ("screenshot of a screen", "person in the picture", "no document in the picture")


def invent(rng: Random, *, today: date, kind: Kind = "receipt", merchant: Merchant | None = None) -> Document:
    """A document that nobody has seen before, dated within the two weeks up to `today`."""
    merchant = merchant or rng.choice(SUPPLIERS if kind == "invoice" else SHOPS)
    lines = _lines(rng, merchant, kind)
    net = sum(line.amount for line in lines)
    percent = TAX_PERCENT[merchant.country]
    # Shops print prices with the tax inside; invoices and tills in the US add it below the line.
    added = kind == "invoice" or merchant.country == "US"
    tax = round(net * percent / 100) if added else round(net * percent / (100 + percent))
    tip = round(net * rng.choice((0.1, 0.15, 0.18))) if merchant.country == "US" and rng.random() < 0.4 else 0
    if kind == "photo":
        tax = tip = 0
        added = False
    return Document(
        kind=kind,
        merchant=merchant,
        date=(today - timedelta(days=min(int(rng.expovariate(0.4)), 14))).isoformat(),
        time=f"{rng.randint(7, 21):02d}:{rng.randint(0, 59):02d}",
        currency=merchant.currency,
        lines=lines,
        tax=tax,
        tip=tip,
        total=net + tip + (tax if added else 0),
        number=_number(rng, kind, today.year),
        card=f"{rng.choice(_CARDS)} ****{rng.randint(0, 9999):04d}" if rng.random() < 0.7 else None,
        look=_look(rng),
        unfit=rng.choice(_UNFIT) if kind == "photo" and rng.random() < 0.06 else None,
    )


def altered(document: Document, rng: Random) -> Document:
    """The same picture with a raised amount or a later date painted over: what a forger sends."""
    if document.kind != "photo" and rng.random() < 0.7:
        decimals = DECIMALS[document.currency]
        step = 10 ** (decimals + len(str(document.total)) - decimals - 1)
        raised = document.total + step * rng.randint(1, 4)
        changed = replace(document, total=raised)
    else:
        later = date.fromisoformat(document.date) + timedelta(days=rng.randint(1, 6))
        changed = replace(document, date=later.isoformat())
    return replace(changed, look=_shot_again(document.look, rng, tilt=0.0))


def rescanned(document: Document, rng: Random) -> Document:
    """The same sheet photographed once more: other light, other compression, a slightly other angle."""
    return replace(document, look=_shot_again(document.look, rng, tilt=0.6))


def reused(document: Document) -> Document:
    """The same file again, byte for byte."""
    return document


def _look(rng: Random) -> Look:
    poor = rng.random() < 0.12
    return Look(
        paper=rng.getrandbits(32),
        shot=rng.getrandbits(32),
        tone=rng.randint(222, 248),
        tilt=round(rng.gauss(0, 1.6), 2),
        light=round(rng.uniform(0.85, 1.08), 3),
        compression=rng.randint(48, 82),
        quality=round(rng.uniform(0.3, 0.6) if poor else rng.uniform(0.72, 0.99), 3),
    )


def _shot_again(look: Look, rng: Random, *, tilt: float) -> Look:
    return replace(
        look,
        shot=rng.getrandbits(32),
        tilt=round(look.tilt + rng.uniform(-tilt, tilt), 2),
        light=round(min(1.1, max(0.75, look.light * rng.uniform(0.88, 1.1))), 3),
        compression=rng.randint(40, 80),
        quality=round(min(0.99, max(0.25, look.quality + rng.uniform(-0.1, 0.06))), 3),
    )


def _lines(rng: Random, merchant: Merchant, kind: Kind) -> tuple[Line, ...]:
    goods = SUPPLIED_GOODS if kind == "invoice" else SHELF_GOODS
    count = 1 if kind == "photo" else rng.choice((1, 2, 2, 3, 3, 4, 5, 6, 8))
    most = {"receipt": 3, "invoice": 12, "photo": 9}[kind]
    return tuple(
        Line(
            item.description,
            rng.choice((1, 1, 1, rng.randint(1, most))),
            _price(rng, item, merchant.currency),
        )
        for item in rng.sample(goods, count)
    )


def _price(rng: Random, item: Goods, currency: str) -> int:
    minor = rng.uniform(item.low, item.high) * RATES[currency]
    return max(1, round(minor / 10) * 10 - (1 if DECIMALS[currency] and rng.random() < 0.5 else 0))


def _number(rng: Random, kind: Kind, year: int) -> str:
    if kind == "invoice":
        return f"{rng.choice(('INV', 'RE', 'FV', 'F'))}-{year}-{rng.randint(1, 99999):05d}"
    return f"{rng.randint(1, 999):04d}-{rng.randint(1, 999999):06d}"
