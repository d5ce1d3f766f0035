// After a swap, says the new count to screen readers; when a request fails, keeps the page and offers it again.
const line = document.querySelector("[data-status]");
const failed = document.querySelector("[data-failed-request]");

function dropNotice() {
  document.querySelector("[data-failed-notice]")?.remove();
}

function showNotice(event) {
  dropNotice();
  const notice = failed.content.cloneNode(true);
  const config = event.detail.requestConfig;
  const again = notice.querySelector("[data-again]");
  again.href = config.verb === "get" ? event.detail.pathInfo?.finalRequestPath || config.path : window.location.href;
  const element = event.detail.elt;
  if (config.verb !== "get" && element.requestSubmit) {
    again.addEventListener("click", (click) => { click.preventDefault(); element.requestSubmit(); });
  }
  document.getElementById("main").before(notice);
}

document.addEventListener("htmx:afterSettle", () => {
  const said = document.querySelector("#main [role=status]");
  if (said) line.textContent = said.textContent;
});
document.addEventListener("htmx:beforeRequest", dropNotice);
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, showNotice);
