// A veiled photograph, shown while a key or its button is held, and veiled again on release.
import { currentFigure } from "./photographs.js";

let held = null;

export function reveal(image) {
  if (!image?.dataset.revealed || held) return;
  held = { image, veiled: image.getAttribute("src") };
  image.src = image.dataset.revealed;
}

export function cover() {
  if (held) held.image.src = held.veiled;
  held = null;
}

function imageOf(button) {
  return button.closest(".frame").querySelector("img");
}

function offer() {
  for (const button of document.querySelectorAll(".photograph [data-hold]")) button.hidden = false;
}

document.addEventListener("action", (event) => {
  if (event.detail.action !== "reveal") return;
  event.preventDefault();
  reveal(currentFigure()?.querySelector("img[data-revealed]"));
});
document.addEventListener("pointerdown", (event) => {
  const button = event.target.closest("[data-hold]");
  if (button) reveal(imageOf(button));
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("[data-hold]") && [" ", "Enter"].includes(event.key)) reveal(imageOf(event.target));
});
for (const kind of ["keyup", "pointerup", "pointercancel", "visibilitychange", "shown"]) {
  document.addEventListener(kind, cover);
}
window.addEventListener("blur", cover);
document.addEventListener("shown", offer);
offer();
