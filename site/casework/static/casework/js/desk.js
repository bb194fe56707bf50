// Keys in the list of requests, while one of its rows has the focus and never elsewhere: arrows go
// from row to row, Home and End to the ends, x ticks the row, Enter opens it as any link.
// Without this script the list is walked with Tab.
(() => {
  const body = document.querySelector("[data-desk-rows]");
  if (!body) return;
  const links = [...body.querySelectorAll("th a")];
  const go = (number) => links[Math.max(0, Math.min(number, links.length - 1))]?.focus();
  body.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = event.target.closest("tr");
    const here = links.findIndex((link) => row && row.contains(link));
    if (here < 0) return;
    const moves = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: links.length - 1 };
    if (event.key in moves) {
      event.preventDefault();
      go(moves[event.key]);
    } else if (event.key === "x" || event.key === "X") {
      const box = row.querySelector("input[type=checkbox]");
      if (box && event.target !== box) {
        event.preventDefault();
        box.checked = !box.checked;
      }
    }
  });
})();
