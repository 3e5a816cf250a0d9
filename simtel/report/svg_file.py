"""A picture as an SVG file that stands alone: in one language, with its colours on each part, on white."""

from markupsafe import Markup, escape

from simtel.core.i18n import pick
from simtel.report.sheet import look
from simtel.report.svg import Bit, Drawing, num
from simtel.report.words import plain

TOP = 34  # units above the picture for its title
_FONTS = "Noto Sans, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, DejaVu Sans, sans-serif"


def svg_file(drawing: Drawing, lang: str) -> bytes:
    """The file, in UTF-8."""
    title = drawing.label if isinstance(drawing.label, str) else pick(drawing.label, lang)
    shape = Markup(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xml:lang="{lang}" width="{w}" height="{h}" viewBox="0 -{top} {w} {h}" '
        'font-family="{fonts}">\n<title>{title}</title>\n'
        '<path fill="#fff" d="M0 -{top}h{w}v{h}h-{w}z"/>\n{parts}\n</svg>\n'
    )
    head = Bit("title", words=title, at=(12, 22 - TOP))
    parts = Markup("\n").join(_part(bit, lang) for bit in (head, *drawing.bits))
    return str(
        shape.format(
            lang=lang, w=drawing.width, h=drawing.height + TOP, top=TOP, fonts=_FONTS, title=plain(title), parts=parts
        )
    ).encode()


def _part(bit: Bit, lang: str) -> Markup:
    style = dict(look(bit.kind, is_text=not bit.path))
    if bit.path:
        if bit.stroke is not None:
            style["stroke-width"] = num(bit.stroke)
        style.setdefault("fill", "none")
        return Markup('<path style="{}" d="{}"/>').format(_style(style), bit.path)
    words = bit.words if isinstance(bit.words, str) else pick(bit.words, lang)
    return Markup('<text style="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        _style(style), num(bit.at[0]), num(bit.at[1]), bit.anchor, escape(plain(words))
    )


def _style(look_: dict[str, str]) -> str:
    return ";".join(f"{name}:{value}" for name, value in look_.items())
