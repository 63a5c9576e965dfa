"""Documents as pictures: receipts and shelf photographs in grey, at full size or as a quick sketch."""

import io
from random import Random

from PIL import Image, ImageChops

from review_tui.sandbox.documents.ink import Ink
from review_tui.sandbox.documents.merchants import TAX_PERCENT, TAX_WORD, ascii_only
from review_tui.sandbox.documents.paper import Document, Look, printed_amount

WIDTH = 440
MARK = b"review-tui sandbox document "
"""What the JPEG comment begins with; the document as JSON follows."""
_COMMENT_HEAD = 4

# A sketch shows what a perceptual hash sees (light and dark), drawn some thirty times as fast.
SKETCH = 0.22


def jpeg(document: Document) -> bytes:
    """The document as a JPEG file that carries its own JSON as a comment, and spaces up to its size."""
    drawn, comment = picture(document), MARK + document.to_json().encode("ascii")
    room = document.size_bytes - _COMMENT_HEAD
    data = b""
    for quality in range(document.look.compression, 0, -5):
        out = io.BytesIO()
        drawn.save(out, "JPEG", quality=quality)
        data = out.getvalue()
        if len(data) + len(comment) <= room:
            break
    comment = comment.ljust(room - len(data))
    behind_head = 4 + int.from_bytes(data[4:6], "big")
    segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
    return data[:behind_head] + segment + data[behind_head:]


def picture(document: Document, scale: float = 1.0) -> Image.Image:
    """The document as the camera saw it: a sheet (or a shelf) on a desk, tilted, lit and grainy."""
    look = document.look
    sheet = _shelf(document, scale) if document.kind == "photo" else _receipt(document, scale)
    seen = _folded(sheet, Random(look.paper))
    seen = _on_desk(seen, look, scale)
    # On a sketch light and grain would be even all over, and nothing compares them.
    return seen if scale < 1 else _shot(seen, look)


def _receipt(document: Document, scale: float) -> Image.Image:
    rng = Random(f"{document.merchant.tax_id}")
    width = WIDTH - 90
    gap = 21
    rows = len(document.lines) + sum(line.quantity > 1 for line in document.lines) + bool(document.tip)
    height = 376 + gap * rows + rng.choice((0, 10, 40))
    sheet = Image.new("L", (round(width * scale), round(height * scale)), document.look.tone)
    ink = Ink(sheet, scale)
    y = _letterhead(ink, document, rng, width)
    y = _positions(ink, document, y, width, gap)
    y = _sums(ink, document, y, width, gap)
    _foot(ink, document, y, width)
    return sheet


def _letterhead(ink: Ink, document: Document, rng: Random, width: int) -> float:
    """The merchant's own head: the same on every sheet of that merchant; returns where it ends."""
    shop = document.merchant
    middle = width / 2
    dark = rng.randint(20, 90)
    match rng.randrange(5):
        case 0:
            ink.disc(middle, 42, 26, dark)
        case 1:
            ink.box(24, 18, width - 24, 64, dark)
        case 2:
            ink.shape([(middle, 14), (middle - 34, 66), (middle + 34, 66)], dark)
        case 3:
            ink.disc(48, 40, 24, dark)
            ink.box(88, 34, width - 24, 44, dark)
        case _:
            for step in range(4):
                ink.box(middle - 60 + step * 32, 20 + step * 8, middle - 36 + step * 32, 64, dark)
    size = 27 if len(shop.printed) < 18 else 21
    ink.text(middle, 74, shop.printed.upper(), size, align="middle")
    ink.text(middle, 108, ascii_only(shop.street), 15, align="middle")
    ink.text(middle, 127, ascii_only(f"{shop.city}, {shop.country}"), 15, align="middle")
    ink.text(middle, 146, shop.tax_id, 14, align="middle")
    ink.text(20, 176, f"{document.date} {document.time}", 15)
    ink.text(width - 20, 176, f"No {document.number}", 15, align="right")
    ink.box(20, 200, width - 20, 202, 90)
    return 210


def _positions(ink: Ink, document: Document, y: float, width: int, gap: int) -> float:
    for line in document.lines:
        ink.text(20, y, line.description, 16)
        ink.text(width - 20, y, printed_amount(line.amount, document.currency), 16, align="right")
        y += gap
        if line.quantity > 1:
            each = printed_amount(line.price, document.currency)
            ink.text(36, y, f"{line.quantity} x {each}", 14, grey=80)
            y += gap
    ink.box(20, y + 4, width - 20, y + 6, 90)
    return y + 12


def _sums(ink: Ink, document: Document, y: float, width: int, gap: int) -> float:
    country = document.merchant.country
    rows = [(f"{TAX_WORD[country]} {TAX_PERCENT[country]}%", document.tax)]
    if document.tip:
        rows.append(("Tip", document.tip))
    for word, amount in rows:
        ink.text(20, y, word, 15, grey=60)
        ink.text(width - 20, y, printed_amount(amount, document.currency), 15, grey=60, align="right")
        y += gap
    ink.text(20, y + 4, "TOTAL", 24, grey=10)
    total = f"{document.currency} {printed_amount(document.total, document.currency)}"
    ink.text(width - 20, y + 4, total, 24, grey=10, align="right")
    return y + 44


def _foot(ink: Ink, document: Document, y: float, width: int) -> None:
    ink.text(20, y, document.card or "CASH", 15, grey=60)
    bars = Random(document.number)
    x = 50.0
    if ink.sketching:
        ink.box(x, y + 30, width - x, y + 66, 128)
        x = width
    while x < width - 50:
        thick = bars.choice((1.5, 3, 4.5))
        ink.box(x, y + 30, x + thick, y + 66, 25)
        x += thick + bars.choice((1.5, 3, 4.5))
    ink.text(width / 2, y + 70, "* THANK YOU *", 14, grey=60, align="middle")


def _shelf(document: Document, scale: float) -> Image.Image:
    """A shelf with the price tag of the goods to be proven, and as many labelled packages as are counted."""
    rng = Random(document.look.paper ^ 0x5E1F)
    width, height = WIDTH - 20, 380
    wall = rng.randint(120, 210)
    shelf = Image.new("L", (round(width * scale), round(height * scale)), wall)
    ink = Ink(shelf, scale)
    line = document.lines[0]
    boards = (150, 290)
    for board in boards:
        ink.box(0, board, width, board + 14, rng.randint(50, 90))
    room = (width - 40) / 5
    for place in range(10):
        if place >= line.quantity and rng.random() < 0.35:
            continue
        left = 20 + (place % 5) * room + rng.uniform(0, 6)
        floor = boards[place // 5 % 2]
        tall = rng.uniform(62, 112)
        ink.box(left, floor - tall, left + room * rng.uniform(0.6, 0.85), floor, rng.randint(40, 230))
        if place < line.quantity:
            ink.box(
                left + 6, floor - tall * 0.7, left + room * 0.5, floor - tall * 0.4, rng.randint(150, 250)
            )
    ink.box(20, 312, 260, 362, 245)
    ink.text(30, 316, line.description, 18)
    ink.text(30, 338, f"{document.currency} {printed_amount(line.price, document.currency)}", 18)
    ink.text(width - 12, 318, document.merchant.printed, 16, grey=15, align="right")
    ink.text(width - 12, 340, f"{document.date} {document.time}", 15, grey=15, align="right")
    return shelf


def _folded(sheet: Image.Image, rng: Random) -> Image.Image:
    """Soft shadows of a sheet that was in a pocket; they belong to the sheet, not to the photograph."""
    shades = Image.frombytes("L", (5, 7), bytes(rng.randint(200, 255) for _ in range(35)))
    return ImageChops.multiply(sheet, shades.resize(sheet.size, Image.Resampling.BICUBIC))


def _on_desk(sheet: Image.Image, look: Look, scale: float) -> Image.Image:
    rng = Random(look.paper ^ 0xDE5C)
    margin = round(26 * scale)
    width = round(WIDTH * scale)
    height = sheet.height + 2 * margin
    dark = rng.randint(35, 150)
    grain = Image.frombytes("L", (3, 24), bytes(dark + rng.randint(0, 40) for _ in range(72)))
    desk = grain.resize((width, height), Image.Resampling.BICUBIC)
    left = round((width - sheet.width) * rng.uniform(0.2, 0.8))
    if scale < 1:
        # The desk's grain in the four corners is too little to be seen: no mask is needed.
        turned, mask = sheet.rotate(look.tilt, expand=True, fillcolor=dark + 20), None
    else:
        turned = sheet.rotate(look.tilt, Image.Resampling.BILINEAR, expand=True)
        mask = Image.new("1", sheet.size, 1).rotate(look.tilt, expand=True)
    aside, above = (turned.width - sheet.width) // 2, (turned.height - sheet.height) // 2
    desk.paste(turned, (left - aside, margin - above), mask)
    return desk


def _shot(scene: Image.Image, look: Look) -> Image.Image:
    """Light and grain of one photograph."""
    rng = Random(look.shot)
    half = (max(1, scene.width // 2), max(1, scene.height // 2))
    grain = Image.frombytes("L", half, rng.randbytes(half[0] * half[1])).resize(scene.size)
    strength = 0.04 + 0.12 * (1 - look.quality)
    lit = scene.point([min(255, round(value * look.light)) for value in range(256)])
    return Image.blend(lit, grain, strength)
