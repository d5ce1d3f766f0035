// Marks in "On this page" the part that is being read.
const links = [...document.querySelectorAll("[data-contents] a")];
const byHeading = new Map(links.map((link) => [document.getElementById(link.hash.slice(1)), link]));
const TOP = 96;

function mark() {
  const passed = [...byHeading.keys()].filter((heading) => heading && heading.getBoundingClientRect().top <= TOP);
  const current = byHeading.get(passed.at(-1)) ?? links[0];
  for (const link of links) {
    if (link === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

const observer = new IntersectionObserver(mark, { rootMargin: `-${TOP}px 0px 0px 0px`, threshold: [0, 1] });
for (const heading of byHeading.keys()) if (heading) observer.observe(heading);
