"""Open a page and write down everything that it does."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

__all__ = ["MATHJAX", "Visit", "mathjax_files", "visit"]

#: The address of MathJax in nbgrader's own templates; the same version from the disk answers it.
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/"

#: The file of that name on that server looks for the newest version; in the end it does this.
_LATEST = """
const made = document.createElement("script");
made.src = document.currentScript.src.replace("latest.js", "MathJax.js").replace("TeX-AMS_CHTML-full", "CONFIG");
document.head.append(made);
"""
#: nbgrader's choice, and the one in the package of MathJax for Jupyter, which reads the same and typesets otherwise.
_CONFIGS = ("TeX-AMS_CHTML-full", "TeX-AMS-MML_HTMLorMML-full")

#: Everything live within an element, and everything painted outside its box, as text.
_SWEEP = r"""
([root, box, allowed]) => {
  const found = [];
  const name = e => e.tagName.toLowerCase() + (e.className && e.className.slice ? "." + e.className : "");
  const within = document.querySelector(root);
  if (!within) return ["there is no " + root];
  const live = "script:not([type^='math/']),style,link,meta,base,iframe,frame,frameset,object,embed,applet,portal," +
    "form,button,textarea,select,input,video,audio,source,track,svg,math,dialog,details,template,noscript,plaintext";
  for (const e of within.querySelectorAll(live))
    if (!(allowed && e.matches(allowed)) && !e.closest(".MJX_Assistive_MathML")) found.push("the element " + name(e));
  const addresses = ["href", "src", "srcset", "action", "formaction", "data", "poster", "ping", "background"];
  for (const e of within.querySelectorAll("*")) {
    if (e.shadowRoot) found.push("a shadow root in " + name(e));
    for (const a of e.attributes) {
      if (a.name.startsWith("on")) found.push(`${a.name} on ${name(e)}`);
      if (a.name === "style" && /url|expression|@/i.test(a.value)) found.push(`style ${a.value} on ${name(e)}`);
      if (!addresses.includes(a.name) && a.name !== "xlink:href") continue;
      const plain = a.value.replace(/[\x00-\x20]/g, "").toLowerCase();
      const image = e.tagName === "IMG" && /^data:image\/(png|jpeg|gif|svg\+xml);base64,/.test(plain);
      const link = e.tagName === "A" && /^(#|https?:|mailto:)/.test(plain) && a.name === "href";
      const own = e.tagName === "A" && a.name === "href" && e.matches("[data-own], .foreign[href^='../']");
      if (!image && !link && !own) found.push(`${a.name}=${a.value.slice(0, 80)} on ${name(e)}`);
    }
  }
  const cut = (r, e) => {
    // What an ancestor clips or scrolls is not painted outside of it.
    let [l, t, rr, b] = [r.left, r.top, r.right, r.bottom];
    for (let p = e; p && p !== within.parentElement; p = p.parentElement) {
      const s = getComputedStyle(p), q = p.getBoundingClientRect();
      const paint = s.contain.includes("paint") || s.contain.includes("strict") || s.contain.includes("content");
      if (s.overflowX !== "visible" || paint) { l = Math.max(l, q.left); rr = Math.min(rr, q.right); }
      if (s.overflowY !== "visible" || paint) { t = Math.max(t, q.top); b = Math.min(b, q.bottom); }
    }
    return [l, t, rr, b];
  };
  const inside = (r, from, what) => {
    if (r.width === 0 || r.height === 0) return;
    const around = from.closest(box);
    if (!around) return;
    const q = around.getBoundingClientRect(), [l, t, rr, b] = cut(r, from);
    if (rr - l < 1 || b - t < 1) return;
    if (l < q.left - 4 || t < q.top - 4 || rr > q.right + 4 || b > q.bottom + 4)
      found.push(`${what} at ${[l, t, rr, b].map(Math.round)} outside of ${name(around)} at ` +
        [q.left, q.top, q.right, q.bottom].map(Math.round));
  };
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const range = document.createRange();
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    if (n.nodeType === Node.ELEMENT_NODE) {
      const s = getComputedStyle(n);
      if (s.position === "fixed" || s.position === "sticky") found.push(`${s.position} ${name(n)}`);
      if (s.clipPath === "none" && s.clip === "auto") inside(n.getBoundingClientRect(), n, name(n));
    } else if (n.data.trim() && !n.parentElement.closest(".hidden, .MJX_Assistive_MathML, script")) {
      range.selectNodeContents(n);
      for (const r of range.getClientRects()) inside(r, n.parentElement, `“${n.data.trim().slice(0, 40)}”`);
    }
  }
  const all = document.documentElement;
  if (all.scrollWidth > all.clientWidth) found.push(`the page is ${all.scrollWidth} wide, ${all.clientWidth} are seen`);
  return found.slice(0, 40);
}
"""


@dataclass
class Visit:
    """What a page did while it was open."""

    page: Page
    fired: set[str] = field(default_factory=set)
    leaks: set[str] = field(default_factory=set)
    events: list[str] = field(default_factory=list)

    def acted(self) -> list[str]:
        """Return everything that no page may do; a harmless page returns nothing."""
        return [
            *(f"ran {name}" for name in sorted(self.fired)),
            *(f"asked for {url}" for url in sorted(self.leaks)),
            *self.events,
        ]

    def fires(self, *names: str) -> bool:
        """Whether all of these call the canary within some seconds, also on a busy machine."""
        for _ in range(100):
            if self.fired.issuperset(names):
                return True
            self.page.wait_for_timeout(100)
        return False

    def sweep(self, root: str, box: str, allowed: str = "") -> list[str]:
        """Return what is live within `root`, and what is drawn outside the next `box` around it."""
        found: list[str] = self.page.evaluate(_SWEEP, [root, box, allowed])
        return found

    def text(self, root: str = "body") -> str:
        """Return the text on the page, with white space joined, including the text in form fields."""
        text = self.page.evaluate("root => document.querySelector(root).textContent", root)
        return " ".join(str(text).split())


@contextmanager
def visit(
    browser: Browser,
    url: str,
    may_ask: Callable[[str], bool],
    width: int = 1000,
    key: str = "",
    *,
    may_write: Callable[[str], bool] = lambda _: False,
) -> Iterator[Visit]:
    """Open a page in its own browser; refuse every request except its own and the allowed ones.

    Args:
        browser: a running browser.
        url: the page.
        may_ask: which other addresses the page may ask for.
        width: of the window, in pixels.
        key: the token of a Jupyter server, which goes with every request.
        may_write: to which addresses it may send something.
    """
    mathjax = mathjax_files()
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        service_workers="block",
        extra_http_headers={"Authorization": f"token {key}"} if key else {},
    )
    page = context.new_page()
    seen = Visit(page)
    own = url.partition("#")[0]

    def answer(route: Route) -> None:
        request = route.request
        if request.url.startswith(MATHJAX) and mathjax is not None:
            _mathjax(route, mathjax)
        elif (request.method == "GET" and (request.url == own or may_ask(request.url))) or (
            request.method == "PUT" and may_write(request.url)
        ):
            route.continue_()
        else:
            seen.leaks.add(f"{request.method} {request.url}")
            route.abort()

    def popup(opened: Page) -> None:
        seen.events.append(f"opened {opened.url}")

    def dialog(shown: Any) -> None:
        seen.events.append(f"asked {shown.message!r}")
        shown.dismiss()

    context.expose_function("__canary", lambda name="?": seen.fired.add(str(name)))
    context.route("**/*", answer)
    page.on("popup", popup)
    page.on("dialog", dialog)
    page.on("download", lambda loaded: seen.events.append(f"downloads {loaded.url}"))
    page.on("websocket", lambda socket: seen.events.append(f"talks to {socket.url}"))
    response = page.goto(url, wait_until="load")
    if response is not None and response.status >= 400:
        seen.events.append(f"is an error: {response.status}")
    page.wait_for_timeout(300)
    _typeset(page)
    if urlsplit(page.url)[:3] != urlsplit(url)[:3] and unquote(page.url) != unquote(url):
        seen.events.append(f"went to {page.url}")
    try:
        yield seen
    finally:
        context.close()


def _typeset(page: Page) -> None:
    """Wait for MathJax if the page has it."""
    from playwright.sync_api import Error

    # A page that has just gone to another address has shown enough.
    with suppress(Error):
        page.evaluate("() => window.MathJax && MathJax.Hub && new Promise(done => MathJax.Hub.Queue(done))")


def _mathjax(route: Route, found: Path) -> None:
    """Answer with the real MathJax from the disk."""
    name = urlsplit(route.request.url).path.removeprefix(urlsplit(MATHJAX).path)
    path = (found / name).resolve()
    if name == "latest.js":
        config = next(c for c in _CONFIGS if (found / "config" / f"{c}.js").is_file())
        route.fulfill(body=_LATEST.replace("CONFIG", config), content_type="text/javascript")
    elif path.is_relative_to(found) and path.is_file():
        route.fulfill(path=path)
    else:
        route.fulfill(status=404)


def mathjax_files() -> Path | None:
    """Return where MathJax 2 is: Debian's package libjs-mathjax, or Python's jupyter-server-mathjax; else None."""
    spec = importlib.util.find_spec("jupyter_server_mathjax")
    places = [Path("/usr/share/javascript/mathjax")]
    if spec is not None and spec.origin is not None:
        places.append(Path(spec.origin).parent / "static")
    return next((place.resolve() for place in places if (place / "MathJax.js").is_file()), None)
