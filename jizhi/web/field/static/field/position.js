// Notes where the visit takes place, only when the button is pressed; pressed again it forgets. Nothing is sent by itself.
"use strict";

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-position]");
  if (!box || !event.target.closest("button")) return;
  const form = box.closest("form");
  const [latitude, longitude] = ["latitude", "longitude"].map((name) => form.elements[name]);
  const help = box.querySelector("p");
  if (latitude.value) {
    latitude.value = longitude.value = "";
    help.textContent = "";
    return;
  }
  const failed = () => { help.textContent = box.dataset.failed; };
  if (!navigator.geolocation) { failed(); return; }
  navigator.geolocation.getCurrentPosition((found) => {
    latitude.value = found.coords.latitude.toFixed(6);
    longitude.value = found.coords.longitude.toFixed(6);
    help.textContent = box.dataset.saved;
  }, failed, { enableHighAccuracy: true, timeout: 8000 });
});
