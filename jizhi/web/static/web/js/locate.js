// The button that adds the place where one stands to a report. Nothing is asked of the phone before it is pressed.
"use strict";
for (const button of document.querySelectorAll("[data-locate]")) {
  if (!navigator.geolocation) {
    button.hidden = true;
    continue;
  }
  const form = button.closest("form");
  const say = (text) => { button.querySelector("span").textContent = text; };
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition((found) => {
      form.elements.latitude.value = found.coords.latitude.toFixed(5);
      form.elements.longitude.value = found.coords.longitude.toFixed(5);
      say(button.dataset.found);
    }, () => say(button.dataset.failed), { timeout: 15000 });
  });
}
