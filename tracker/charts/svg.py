"""The few pieces of SVG that every chart is made of: escaped elements, tidy numbers, a named picture."""

from collections.abc import Iterable

from markupsafe import Markup, escape

# Average advance of one character of a 12 px semibold system font. Only used to keep labels inside the picture.
CHARACTER_WIDTH = 6.7
PHONE_WIDTH = 400


def element(name: str, content: Markup | str = "", /, **attributes: object) -> Markup:
    """One SVG element, everything in it escaped; ``class_`` becomes class and ``text_anchor`` text-anchor."""
    # Text put together and escaped by hand: Markup.format costs several times as much, and a page draws hundreds of these.
    pairs = "".join(
        [f' {key.rstrip("_").replace("_", "-")}="{escape(shown(value))}"' for key, value in attributes.items()]
    )
    if content == "" and name != "text":
        return Markup(f"<{name}{pairs}/>")  # noqa: S704 - every value in it was escaped above
    return Markup(f"<{name}{pairs}>{escape(content)}</{name}>")  # noqa: S704 - and so is the content


def picture(
    parts: Iterable[Markup], *, prefix: str, title: str, description: str, width: float, height: float
) -> Markup:
    """A large chart: role img, named by a title (what it shows) and a description (the finding in a sentence).

    ``prefix`` must be unique on the page: it begins the ids of title and description.
    """
    return element(
        "svg",
        element("title", title, id=f"{prefix}-title")
        + element("desc", description, id=f"{prefix}-description")
        + Markup("").join(parts),
        viewBox=f"0 0 {shown(width)} {shown(height)}",
        width=width,
        height=height,
        # Text grows with its picture: the stylesheet lets only charts drawn for a laptop's column fill one.
        **({"class_": "full"} if width > PHONE_WIDTH else {}),
        role="img",
        aria_labelledby=f"{prefix}-title {prefix}-description",
    )


def small_picture(parts: Iterable[Markup], *, label: str, width: float, height: float) -> Markup:
    """A chart for a table cell or a list row, named by one sentence."""
    return element(
        "svg",
        Markup("").join(parts),
        class_="mini",
        viewBox=f"0 0 {shown(width)} {shown(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=label,
    )


def label(words: str, *, x: float, y: float, class_: str = "", anchor: str = "start") -> Markup:
    """Words in a chart. ``anchor`` is start, middle or end, as in SVG."""
    return element("text", words, class_=class_ or "t", x=x, y=y, text_anchor=anchor)


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """Coordinates as polyline and polygon want them."""
    return " ".join(f"{shown(x)},{shown(y)}" for x, y in pairs)


def text_width(words: str) -> float:
    """A rough width in pixels, a little generous, so that a label that just fits is moved rather than cut."""
    return len(words) * CHARACTER_WIDTH


def fitting(words: str, room: float) -> str:
    """The words; without their middle where there is no room (in pixels) for all of them. The table under a chart has them whole, and
    names that differ at their end alone still differ here."""
    letters = int(room / CHARACTER_WIDTH)
    if len(words) <= letters:
        return words
    end = letters // 3
    return f"{words[: max(1, letters - end - 1)].rstrip()}…{words[len(words) - end :].lstrip()}"


def beside(labels: Iterable[str], width: float) -> float:
    """How wide the column of names is to the left of the marks, in pixels; 0 where the names stand above them instead: on a phone,
    and where the longest would leave the marks less than half of the width."""
    longest = max(map(text_width, labels), default=0.0)
    return longest if width > PHONE_WIDTH and longest <= width / 2 else 0.0


def inside(length: float, radius: float) -> float:
    """The radius of a disc on its likely range, `length` pixels long: smaller where it would hide that there is one."""
    return max(3.0, min(radius, length / 2 - 3.0))


def within(centre: float, words: str, *, left: float, right: float) -> float:
    """The centre nearest to the wished one that keeps the words between left and right; the middle if none does."""
    half = text_width(words) / 2
    if 2 * half >= right - left:
        return (left + right) / 2
    return min(max(centre, left + half), right - half)


def shown(value: object) -> str:
    """A number with at most one decimal and no trailing zero, so that pictures are short and equal everywhere."""
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)
