// The meeting room: keeps the case on the table in sight in a long agenda; J and K go to the next and the last case.
"use strict";
function showCurrent() {
  const list = document.querySelector(".agenda");
  const row = list?.querySelector("[aria-current]")?.parentElement;
  if (row) list.scrollTop = row.offsetTop - list.offsetTop - list.clientHeight / 2;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
  const row = document.querySelector(".agenda [aria-current]")?.parentElement;
  const next = { j: row?.nextElementSibling, k: row?.previousElementSibling }[event.key.toLowerCase()];
  next?.querySelector("a").click();
});
document.addEventListener("htmx:afterSettle", showCurrent);
showCurrent();
