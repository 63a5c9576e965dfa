"""Invoices as small PDF files with real text, written by hand: one A4 page in a standard font."""

from review_tui.sandbox.documents.merchants import TAX_PERCENT, TAX_WORD, ascii_only
from review_tui.sandbox.documents.paper import Document, printed_amount

MARK = b"/ReviewTuiSandboxDocument <"
"""What stands before the document's JSON (in hexadecimal, ended by `>`) in the file's information."""

_WIDTH, _HEIGHT = 595, 842
_COLOURS = ("0.16 0.24 0.40", "0.35 0.16 0.20", "0.14 0.34 0.28", "0.25", "0.42 0.30 0.10")
# Widths of Helvetica's digits, point and dash in thousandths, enough to set numbers flush right.
_DIGIT = 556
_NARROW = {".": 278, ",": 278, " ": 278, "-": 333}


def pdf(document: Document) -> bytes:
    """The document as a PDF 1.4 file whose information carries its own JSON, and spaces up to its size."""
    content = _page(document)
    info = (
        b"<< /Producer (review-tui sandbox) "
        + MARK
        + document.to_json().encode("ascii").hex().encode()
        + b">"
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources"
        b" << /Font << /F1 5 0 R /F2 6 0 R >> >> >>" % (_WIDTH, _HEIGHT),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        font % b"Helvetica",
        font % b"Helvetica-Bold",
    )
    missing = document.size_bytes - len(_file((*objects, info + b" >>")))
    return _file((*objects, info + b" " * missing + b" >>"))


def _file(objects: tuple[bytes, ...]) -> bytes:
    """The objects as a file; the first one is the catalogue, the last one the information."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def _page(document: Document) -> bytes:
    pen = _Pen()
    supplier = document.merchant
    pen.box(0, 790, _WIDTH, 52, _COLOURS[document.look.paper % len(_COLOURS)])
    pen.text(48, 808, supplier.name, 18, bold=True, colour="1", fallback=supplier.printed)
    pen.text(48, 762, f"{supplier.street}, {supplier.city}, {supplier.country}", 9)
    pen.text(48, 750, supplier.tax_id, 9)
    pen.text(48, 700, f"Invoice {document.number}", 16, bold=True)
    pen.text(48, 680, f"Date {document.date}", 10)
    pen.text(380, 700, "Bill to", 9, colour="0.4")
    pen.text(380, 686, "Nordwind Retail Group", 10)
    pen.text(380, 673, "12 Harbour Row, Dublin, IE", 10)
    y = 630
    pen.box(48, y - 6, 499, 18, "0.90")
    for x, word in ((54, "Description"), (330, "Qty")):
        pen.text(x, y, word, 9, bold=True)
    pen.right(470, y, "Price", 9, bold=True)
    pen.right(541, y, "Amount", 9, bold=True)
    for line in document.lines:
        y -= 20
        pen.text(54, y, line.description, 10)
        pen.text(330, y, str(line.quantity), 10)
        pen.right(470, y, printed_amount(line.price, document.currency), 10)
        pen.right(541, y, printed_amount(line.amount, document.currency), 10)
    pen.box(48, y - 10, 499, 0.7, "0.5")
    y -= 28
    country = supplier.country
    pen.text(330, y, f"{TAX_WORD[country]} {TAX_PERCENT[country]}%", 10)
    pen.right(541, y, printed_amount(document.tax, document.currency), 10)
    y -= 24
    pen.text(330, y, "Total", 13, bold=True)
    total = f"{document.currency} {printed_amount(document.total, document.currency)}"
    pen.right(541, y, total, 13, bold=True)
    pen.text(48, 60, f"Payable within 14 days. Please quote {document.number}.", 9, colour="0.35")
    return bytes(pen.marks)


class _Pen:
    """Writes the operators of one page's content."""

    def __init__(self) -> None:
        self.marks = bytearray()

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.marks += f"{_colour(colour)} {x} {y} {width} {height} re f\n".encode("ascii")

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = "0.1",
        fallback: str = "",
    ) -> None:
        try:
            shown = words.encode("cp1252")
        except UnicodeEncodeError:
            shown = (fallback or ascii_only(words)).encode("ascii")
        shown = shown.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        font = f"/F{2 if bold else 1} {size} Tf"
        self.marks += f"BT {_colour(colour)} {font} {x:.1f} {y:.1f} Td (".encode("ascii")
        self.marks += shown + b") Tj ET\n"

    def right(self, x: float, y: float, words: str, size: float, *, bold: bool = False) -> None:
        wide, usual = (722, 600) if bold else (680, 556)
        length = 0
        for sign in words:
            known = _DIGIT if sign.isdigit() else _NARROW.get(sign)
            length += known or (usual if sign.islower() else wide)
        self.text(x - length * size / 1000, y, words, size, bold=bold)


def _colour(colour: str) -> str:
    return f"{colour} {'rg' if ' ' in colour else 'g'}"
