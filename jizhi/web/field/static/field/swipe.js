// Cards that carry data-swipe can be swept: to the right presses their [data-swipe-right], to the left follows their
// [data-swipe-left]. Without scripts, or with a mouse, the buttons do the same.
"use strict";
const FAR = 96;
let held = null;

document.addEventListener("touchstart", (event) => {
  const card = event.target.closest("[data-swipe]");
  held = card && event.touches.length === 1
    ? { card, x: event.touches[0].clientX, y: event.touches[0].clientY, far: 0, sideways: null } : null;
}, { passive: true });

document.addEventListener("touchmove", (event) => {
  if (!held) return;
  const dx = event.touches[0].clientX - held.x;
  const dy = event.touches[0].clientY - held.y;
  if (held.sideways === null && Math.hypot(dx, dy) > 12) held.sideways = Math.abs(dx) > 2 * Math.abs(dy);
  if (!held.sideways) return;
  held.far = dx;
  held.card.style.transform = `translateX(${dx}px)`;
  held.card.classList.toggle("is-right", dx > FAR);
  held.card.classList.toggle("is-left", dx < -FAR);
}, { passive: true });

document.addEventListener("touchend", () => {
  if (!held) return;
  const { card, far } = held;
  held = null;
  card.style.transform = "";
  card.classList.remove("is-right", "is-left");
  if (far > FAR) card.querySelector("[data-swipe-right]").click();
  else if (far < -FAR) card.querySelector("[data-swipe-left]").click();
});
