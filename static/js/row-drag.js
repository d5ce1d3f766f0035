// Moving a row by its handle, with a mouse or a finger: a line shows where it goes, Escape leaves it where it was.
const EDGE = 72;
const STEP = 12;

const rowsOf = (list) => [...list.children].filter((row) => row.matches("[data-row]") && !row.hidden);

// What stands under the pointer, and whether the upper half of it does.
function placeAt(rows, y) {
  const below = rows.find((row) => { const box = row.getBoundingClientRect(); return y < box.top + box.height / 2; });
  return below ? { row: below, side: "before" } : { row: rows.at(-1), side: "after" };
}

class Drag {
  constructor(handle, event, moved) {
    Object.assign(this, { handle, moved, row: handle.closest("[data-row]"), y: event.clientY, place: null });
    this.rows = rowsOf(this.row.parentElement);
    this.ending = new AbortController();
    const { signal } = this.ending;
    handle.setPointerCapture(event.pointerId);
    this.row.classList.add("dragged");
    handle.addEventListener("pointermove", ({ clientY }) => { this.y = clientY; this.hasMoved = true; }, { signal });
    handle.addEventListener("pointerup", () => this.drop(), { signal });
    handle.addEventListener("lostpointercapture", () => this.end(), { signal });
    document.addEventListener("keydown", (key) => this.onKey(key), { signal, capture: true });
    this.look();
  }

  // Each frame anew: the page scrolls on under a pointer that rests at an edge.
  look() {
    if (this.ending.signal.aborted) return;
    if (this.hasMoved) {
      if (this.y < EDGE) window.scrollBy(0, -STEP);
      else if (this.y > window.innerHeight - EDGE) window.scrollBy(0, STEP);
      this.point(placeAt(this.rows, this.y));
    }
    requestAnimationFrame(() => this.look());
  }

  point({ row, side }) {
    if (this.place?.row === row && this.place.side === side) return;
    this.clear();
    this.place = { row, side };
    row.classList.add(`drop-${side}`);
  }

  clear() {
    this.place?.row.classList.remove("drop-before", "drop-after");
  }

  drop() {
    // The pointer may have moved since the last frame.
    const place = this.hasMoved && placeAt(this.rows, this.y);
    this.end();
    if (place && !this.isHere(place)) this.moved(this.row, place.row, place.side);
  }

  isHere({ row, side }) {
    return row === this.row || (side === "before" && this.rows[this.rows.indexOf(row) - 1] === this.row);
  }

  onKey(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.end();
  }

  end() {
    this.ending.abort();
    this.clear();
    this.row.classList.remove("dragged");
  }
}

// `moved(row, other, side)` is called once a row was dropped before or after another.
export function draggable(editor, moved) {
  editor.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-drag]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.focus();
    new Drag(handle, event, moved);
  });
}
