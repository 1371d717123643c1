// The form of an item shows what its kind and its way of pricing need. Without scripts everything is shown.
"use strict";
function showParts(form) {
  const kind = form.elements.kind.value;
  const pricing = form.elements.form.value;
  for (const part of form.querySelectorAll("[data-kinds]")) part.hidden = !part.dataset.kinds.split(" ").includes(kind);
  for (const part of form.querySelectorAll("[data-form]")) part.hidden = !part.dataset.form.split(" ").includes(pricing);
}
for (const form of document.querySelectorAll("[data-points-form]")) {
  form.addEventListener("change", () => showParts(form));
  showParts(form);
}
