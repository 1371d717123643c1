// Small conveniences on top of pages that work without them. Everything hangs on data- attributes:
// data-toggle="id" opens and closes, data-close removes a message, data-close-dialog closes the dialog,
// data-check-all="name" ticks all boxes of that name, data-preview shows chosen files, data-print prints, data-once
// stops a second press of the same button, data-submit-on-change sends a form when a choice changes, data-with-filters
// lets a link beside a form of filters follow what was chosen since the page came. A row of tabs needs none.
"use strict";
document.documentElement.classList.add("scripted");

const byId = (id) => document.getElementById(id);

// The list is fetched anew when a filter changes, the toolbar above it is not.
function withFilters(link) {
  const form = link.closest("form") ?? document.querySelector("form.toolbar");
  const address = new URL(link.href);
  for (const field of form.elements) if (field.name) address.searchParams.delete(field.name);
  for (const [name, value] of new FormData(form)) if (value) address.searchParams.append(name, value);
  link.href = address.href;
}

function toggle(button) {
  const target = byId(button.dataset.toggle);
  const open = target.classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(open));
}

function checkAll(box) {
  for (const one of document.querySelectorAll(`input[type=checkbox][name="${box.dataset.checkAll}"]`)) {
    one.checked = box.checked;
  }
  countChecked(box.dataset.checkAll);
}

function countChecked(name) {
  const count = document.querySelectorAll(`input[type=checkbox][name="${name}"]:checked`).length;
  for (const place of document.querySelectorAll(`[data-checked-count="${name}"]`)) place.textContent = String(count);
}

function preview(input) {
  let box = input.parentElement.querySelector(".previews");
  if (!box) {
    box = document.createElement("div");
    box.className = "previews";
    input.after(box);
  }
  box.replaceChildren(...Array.from(input.files, (file) => {
    if (!file.type.startsWith("image/")) {
      const line = document.createElement("span");
      line.className = "previews__file";
      line.textContent = `${file.name} · ${Math.ceil(file.size / 1024)} KB`;
      return line;
    }
    const picture = document.createElement("img");
    picture.alt = file.name;
    picture.src = URL.createObjectURL(file);
    picture.onload = () => URL.revokeObjectURL(picture.src);
    return picture;
  }));
}

// A row of tabs that is wider than the screen scrolls sideways; where one stands is in view from the start.
function showCurrent() {
  for (const row of document.querySelectorAll(".tabs, .subnav")) {
    const current = row.querySelector("[aria-current]");
    if (!current) continue;
    const tab = current.getBoundingClientRect();
    const frame = row.getBoundingClientRect();
    if (tab.left >= frame.left && tab.right <= frame.right) continue;
    row.scrollLeft += (tab.left + tab.right - frame.left - frame.right) / 2;
  }
}

function refresh(root) {
  for (const button of root.querySelectorAll("[data-close]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  if (hit("[data-toggle]")) toggle(hit("[data-toggle]"));
  else if (hit("[data-close]")) hit(".message").remove();
  else if (hit("[data-print]")) window.print();
  else if (hit("[data-with-filters]")) withFilters(hit("[data-with-filters]"));
  else if (hit("[data-close-dialog]") && byId("dialog")?.open) {
    event.preventDefault();
    byId("dialog").close();
  }
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.dataset.checkAll) checkAll(input);
  else if (input.type === "checkbox" && input.name) countChecked(input.name);
  if ("preview" in input.dataset) preview(input);
  if ("submitOnChange" in input.dataset) input.form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("once" in form.dataset)) return;
  if (form.dataset.once === "sent") event.preventDefault();
  form.dataset.once = "sent";
});
// Coming back with the browser's back button must not leave the form shut.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) form.dataset.once = "";
});

document.addEventListener("htmx:afterSwap", (event) => {
  refresh(event.target);
  if (event.target.id === "dialog-body") {
    const form = event.target.querySelector("form");
    if (form && !form.getAttribute("action")) form.setAttribute("action", event.detail.pathInfo.requestPath);
    byId("dialog").showModal();
  }
});
document.addEventListener("htmx:afterSettle", () => {
  showCurrent();
  const messages = byId("messages");
  if (messages && messages.childElementCount) messages.scrollIntoView({ block: "nearest" });
});

// No answer, or a broken one: say so, and what to do.
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, () => {
    const words = byId("no-answer");
    const messages = byId("messages");
    if (!words || !messages) return;
    messages.replaceChildren(words.content.cloneNode(true));
    refresh(messages);
    messages.scrollIntoView({ block: "nearest" });
  });
}

refresh(document);
showCurrent();
