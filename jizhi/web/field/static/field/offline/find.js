// Finds a household among those that the phone keeps, while there is no network to ask.
"use strict";
(async () => {
  const { keep, page } = jizhi;
  const root = document.getElementById("find");
  const kept = page.works ? await keep.list() : null;
  if (!kept?.households.length) return;
  const box = root.querySelector("[data-find]");
  const SHOWN = 50;

  function line(household) {
    const cell = document.getElementById("find-line").content.firstElementChild.cloneNode(true);
    cell.href = household.url;
    cell.querySelector("[data-name]").textContent = household.name;
    cell.querySelector("[data-no]").textContent = household.no;
    cell.querySelector("[data-place]").textContent = [household.address, household.grid].filter(Boolean).join(" · ");
    return cell;
  }

  function draw() {
    const words = box.elements.q.value.trim().toLowerCase();
    const found = kept.households.filter(({ no, name, address }) => `${no} ${name} ${address}`.toLowerCase().includes(words));
    root.querySelector("[data-found]").replaceChildren(...found.slice(0, SHOWN).map(line));
    root.querySelector("[data-nothing]").hidden = found.length > 0;
  }

  box.elements.q.value = new URLSearchParams(location.search).get("q") ?? "";
  box.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("input", draw);
  root.hidden = false;
  draw();
})();
