"""What is measured on a page: accessibility rules, overflow, sizes to tap, longer words. Each answer is a list of faults."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAPPED_MINIMUM = 44
LONGER_BY = 0.35

RUN_AXE = "async only => (await axe.run(document, {resultTypes: ['violations'], ...only})).violations"
# What sticks out: nothing that scrolls by itself (a wide table in its box), and nothing for screen readers only.
STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = one => { for (let up = one.parentElement; up; up = up.parentElement)
    if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX) && up !== document.body) return true; };
  const out = [...document.querySelectorAll('body *')].filter(
    one => one.getBoundingClientRect().right > width + 0.5 && !scrolls(one));
  return [`${document.documentElement.scrollWidth} px wide instead of ${width}`, ...out.slice(0, 4).map(
    one => `${one.outerHTML.slice(0, 90)} ends at ${Math.round(one.getBoundingClientRect().right)}`)];
}"""
TOO_SMALL = """minimum => [...document.querySelectorAll('button, .btn, summary, select, nav a, input[type=submit]')]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest('.sr'))
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.height > 0 && (box.height < minimum - 0.5 || box.width < minimum - 0.5))
  .map(([one, box]) => `${one.innerText.trim() || one.outerHTML.slice(0, 80)}: `
       + `${Math.round(box.width)} x ${Math.round(box.height)}`)"""
# As translations do: every text a third longer, in words that can break where words do.
MAKE_LONGER = """share => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) if (walker.currentNode.data.trim()) texts.push(walker.currentNode);
  for (const text of texts) {
    const words = text.data.split(/(\\s+)/);
    text.data = words.map(word => /\\p{L}{3}/u.test(word) && !/[@\\/:]|-\\d/.test(word)
      ? word + 'áéíóúáéíóúáéíóú'.slice(0, Math.round(word.length * share)) : word).join('');
  }
}"""
# A file of ours may add an extra that fails quietly; nothing stands in the page itself.
SCRIPTED = """() => [...document.querySelectorAll('script:not([src^="/static/"]), [style], [onclick], [onchange], [onsubmit]')]
  .map(one => one.outerHTML)"""
CUT_OFF = """() => [...document.querySelectorAll('main button, main .btn, nav a, main .pill, main h1, main th')]
  .filter(one => one.checkVisibility() && !one.closest('.sr') && one.scrollWidth > one.clientWidth + 1
          && getComputedStyle(one).display !== 'inline')
  .map(one => `${one.innerText.trim().slice(0, 60)}: ${one.scrollWidth} in ${one.clientWidth}`)"""

# Everything that is read out or shown, also what is folded away.
TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [document.title];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest('script, style')) texts.push(walker.currentNode.data);
  for (const one of document.querySelectorAll('[aria-label], [title], [alt], [placeholder], input[type=submit]'))
    texts.push(...['aria-label', 'title', 'alt', 'placeholder', 'value'].map(name => one.getAttribute(name) || ''));
  return texts.join(' ');
}"""


def texts(page: Page) -> str:
    """All words of the page: for eyes, for screen readers, and those folded away."""
    found: str = page.evaluate(TEXTS)
    return found


def axe_violations(page: Page, *, only: str | None = None) -> list[str]:
    """The accessibility rules that the page breaks (all rules, or one), each with the first places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE, {"runOnly": [only]} if only else {})
    return [f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]


def sticking_out(page: Page, width: int) -> list[str]:
    """What makes the page scroll sideways at this width."""
    page.set_viewport_size({"width": width, "height": 844})
    return [f"at {width} px: {fault}" for fault in page.evaluate(STICKING_OUT)]


def too_small_to_tap(page: Page) -> list[str]:
    return [f"too small to tap: {fault}" for fault in page.evaluate(TOO_SMALL, TAPPED_MINIMUM)]


def broken_by_longer_words(page: Page, width: int) -> list[str]:
    """Overflow once every text is longer by a third. The page is spoilt afterwards."""
    page.evaluate(MAKE_LONGER, LONGER_BY)
    longer = sticking_out(page, width) + [f"cut off: {fault}" for fault in page.evaluate(CUT_OFF)]
    return [f"with longer words, {fault}" for fault in longer]


def outline(page: Page) -> list[str]:
    """One h1, a title of its own, and nothing that needs scripts."""
    faults = [f"scripted: {one[:120]}" for one in page.evaluate(SCRIPTED)]
    if (count := page.locator("h1").count()) != 1:
        faults.append(f"{count} h1")
    if not page.title().removesuffix(" · Service tracker").removeprefix("Error:").strip():
        faults.append(f"no title: {page.title()}")
    return faults
