// Where leaving the page would lose what it holds, a link opens beside it.
for (const link of document.querySelectorAll("[data-new-tab]")) {
  link.target = "_blank";
  link.rel = "noopener";
}
