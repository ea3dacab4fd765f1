"""Charts to SVG for a page: an image with a name, in the page's colours; and to PNG for use elsewhere."""

import os
import re
from functools import cache
from html import escape
from pathlib import Path
from types import ModuleType

from pipelines.reports.charts.style import LIGHT, Chart

#: Names no folder of fonts; the variable by which the library that draws is told of it.
_FONTS, _FONTS_VARIABLE = Path(__file__).with_name("fonts.conf"), "FONTCONFIG_FILE"


@cache
def _drawing() -> ModuleType:
    """The library that draws, with only the fonts that are in it (Liberation Sans, as wide as Arial).

    So a chart is the same on every machine. A font of the machine would be opened for each letter that is measured,
    which takes longer than everything else in a chart. The fonts are found once, at the first text; the variable is
    then as before, for browsers that this process starts.
    """
    import vl_convert  # noqa: PLC0415  (starts a JavaScript engine)

    before = os.environ.get(_FONTS_VARIABLE)
    os.environ[_FONTS_VARIABLE] = str(_FONTS)
    try:
        vl_convert.vegalite_to_svg({"data": {"values": [{}]}, "mark": "text", "encoding": {"text": {"value": "a"}}})
    finally:
        if before is None:
            del os.environ[_FONTS_VARIABLE]
        else:
            os.environ[_FONTS_VARIABLE] = before
    return vl_convert


def svg(chart: Chart, title: str, description: str, identity: str, kind: str) -> str:
    """A chart as an SVG element for a page: named for screen readers, in the page's colours.

    `identity` is unique on the page, `kind` is `wide` or `narrow`. Text from data is escaped. Needs no network.
    """
    return themed(_drawing().vegalite_to_svg(chart), title, description, identity, kind)


def png(chart: Chart, title: str, source: str) -> bytes:
    """A chart as PNG of twice the size of the page, on white ground, under its title and where it is from."""
    heading = {"text": title, "subtitle": source, "subtitleColor": LIGHT["muted"], "subtitleFontSize": 11}
    framed = {**chart, "background": LIGHT["page"], "padding": 16, "title": heading}
    made: bytes = _drawing().vegalite_to_png(framed, scale=2)
    return made


_ROOT = re.compile(r"<svg\b[^>]*?\bwidth=\"(?P<width>[\d.]+)\" height=\"(?P<height>[\d.]+)\"[^>]*>")
_GROUND = re.compile(r"^<rect width=\"[\d.]+\" height=\"[\d.]+\" fill=\"[^\"]*\"/>")
_ROLES = re.compile(r" (?:role|aria-[a-z]+|pointer-events|class)=\"[^\"]*\"")
_COLOUR = re.compile("|".join(LIGHT.values()))
_NAMES = {colour: name for name, colour in LIGHT.items()}


def themed(drawn: str, title: str, description: str, identity: str, kind: str) -> str:
    """An SVG of Vega made part of a page: an image with a name, colours as CSS variables, ids of its own."""
    root = _ROOT.match(drawn)
    if root is None:
        raise ValueError(f"no SVG of known size: {drawn[:200]!r}")
    width, height = root["width"], root["height"]
    body = _GROUND.sub("", drawn[root.end() :], count=1)
    body = _ROLES.sub("", body)
    body = in_css(body)
    body = re.sub(r"\b(id=\"|url\(#)(clip|gradient)", rf"\1{identity}-\2", body)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" role="img" '
        f'aria-labelledby="{identity}-t {identity}-d" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<title id="{identity}-t">{escape(title)}</title><desc id="{identity}-d">{escape(description)}</desc>'
    )
    return opening + body


def in_css(text: str) -> str:
    """Text of a drawing, or of a chart that a page draws by itself, with its colours as CSS variables."""
    return _COLOUR.sub(lambda found: f"var(--{_NAMES[found[0]]}, {found[0]})", text)
