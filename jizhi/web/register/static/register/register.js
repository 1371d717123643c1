// The counter's stepper and running total. Without scripts the number fields work alone and the server does the sums.
"use strict";
const counter = document.querySelector("[data-counter]");

function words(hundredths) {
  return (hundredths / 100).toLocaleString("en", { maximumFractionDigits: 2 }).replace("-", "−");
}

function reckon() {
  const balance = Number(counter.dataset.counter);
  let total = 0;
  for (const field of counter.querySelectorAll("input[data-price]")) {
    total += Number(field.dataset.price) * Math.max(0, Math.floor(Number(field.value)));
  }
  const short = total > balance;
  counter.querySelector("[data-total]").textContent = words(total);
  counter.querySelector("[data-rest]").textContent = words(balance - total);
  counter.querySelector("[data-short]").hidden = !short;
  counter.classList.toggle("is-short", short);
  const button = counter.querySelector("[data-hand-out]");
  if (button) button.disabled = short || total === 0;
}

function step(button) {
  const field = button.parentElement.querySelector("input");
  const wanted = Number(field.value || 0) + Number(button.dataset.step);
  const value = Math.min(Number(field.max), Math.max(0, wanted));
  field.value = value ? String(value) : "";
  reckon();
}

if (counter) {
  counter.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(button);
  });
  counter.addEventListener("input", reckon);
  window.addEventListener("pageshow", reckon);
  for (const button of counter.querySelectorAll("[data-step]")) button.disabled = false; // now somebody listens
  reckon();
}
