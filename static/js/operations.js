// Shows the API's operations and sends what is tried out with the session of who looks, as a form would.
const place = document.querySelector("[data-operations]");
const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const SAFE = ["GET", "HEAD", "OPTIONS"];

function follow() {
  const chosen = root.dataset.theme;
  root.classList.toggle("dark-mode", chosen ? chosen === "dark" : dark.matches);
}

function carry(request) {
  const isOurs = new URL(request.url, location.href).origin === location.origin;
  if (isOurs && !SAFE.includes((request.method || "GET").toUpperCase())) {
    request.headers["X-CSRFToken"] = place.dataset.token;
  }
  return request;
}

// The browser sends its session by itself and lets no page write that cookie: asking for it helps nobody.
async function described() {
  const answer = await fetch(place.dataset.operations, { headers: { Accept: "application/json" } });
  const description = await answer.json();
  delete description.components.securitySchemes.cookieAuth;
  return description;
}

// The viewer's own <main> would be the second on this page, inside of the first.
function inThePage({ React }) {
  const known = new Map();
  const within = (Layout) => {
    if (!known.has(Layout)) known.set(Layout, class extends Layout { render() { return swapped(super.render()); } });
    return known.get(Layout);
  };
  const swapped = (element) => {
    if (!React.isValidElement(element)) return element;
    const { type, props } = element;
    if (type === "main") return React.createElement("div", props);
    if (type.name === "BaseLayout") return React.createElement(within(type), props);
    const children = React.Children.toArray(props.children).map(swapped);
    return children.length ? React.cloneElement(element, {}, ...children) : element;
  };
  return { wrapComponents: { BaseLayout: within } };
}

// What the viewer leaves without a name; its words are English, like these.
const UNNAMED = { ".close-modal": "Close", "textarea": "Request body" };

function nameAll() {
  for (const [selector, name] of Object.entries(UNNAMED)) {
    for (const element of place.querySelectorAll(`${selector}:not([aria-label])`)) element.setAttribute("aria-label", name);
  }
}

new MutationObserver(nameAll).observe(place, { childList: true, subtree: true });
follow();
dark.addEventListener("change", follow);
new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
window.SwaggerUIBundle({
  spec: await described(),
  plugins: [inThePage],
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  syntaxHighlight: false,
  validatorUrl: null,
  requestInterceptor: carry,
});
