"""Notices when a page runs what it must not: by what it calls, where it leads, what it asks for."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Dialog, Page, Request

# In every frame before anything else of it.
TELLS = """
window.hit = () => window.tellTheTest("a script ran");
window.print = () => window.tellTheTest("the page was printed");
"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))"
# What of a page could run, whether or not it did: none of it is ours.
COULD_RUN = """() => {
    const found = [];
    const bad = /^\\s*(javascript|vbscript|data|blob):/i;
    const addresses = ["href", "src", "action", "formaction", "data", "xlink:href", "ping", "poster"];
    for (const element of document.querySelectorAll("*")) {
        for (const { name, value } of element.attributes) {
            const is = /^(data-)?hx-(on|vals|headers|vars|ext)|^on|^srcdoc$/.test(name)
                || (addresses.includes(name) && bad.test(value))
                || (name === "style" && /url|expression|import/i.test(value));
            if (is) found.push(`${element.localName} ${name}=${value}`.slice(0, 200));
        }
    }
    const strange = "base, object, embed, iframe, frame, math, foreignObject, style, marquee,"
        + "meta[http-equiv], script:not([src^='/static/']), template[shadowrootmode],"
        + "[data-hx-get], [data-hx-post], [hx-trigger*='[']";
    for (const element of document.querySelectorAll(strange)) found.push(element.outerHTML.slice(0, 200));
    for (const link of document.querySelectorAll("link[href]")) {
        if (new URL(link.href).origin !== location.origin) found.push(link.outerHTML.slice(0, 200));
    }
    return found;
}"""


class Watch:
    """What was noticed in a browser context that may only talk to `host`."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.noticed: list[str] = []
        self.host = host
        context.expose_binding("tellTheTest", lambda _source, said: self.noticed.append(said))
        context.add_init_script(TELLS)
        context.on("request", self._asks)
        context.on("page", self._opens)
        context.route(self._is_outside, lambda route: route.abort())

    def _is_outside(self, url: str) -> bool:
        return urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != self.host

    def _asks(self, request: Request) -> None:
        if self._is_outside(request.url):
            self.noticed.append(f"asked {request.url}")

    def _opens(self, page: Page) -> None:
        page.on("dialog", self._says)

    def _says(self, dialog: Dialog) -> None:
        self.noticed.append(f"dialog {dialog.message}")
        dialog.dismiss()
