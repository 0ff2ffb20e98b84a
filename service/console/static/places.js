// Where a label was seen: its name becomes a button that lays a drawing over the photograph.
"use strict";

function toggle(button) {
  const frame = button.closest("figure").querySelector(".frame");
  const shown = frame.querySelector(".places");
  shown?.remove();
  for (const other of frame.closest("figure").querySelectorAll("[data-where]")) {
    other.setAttribute("aria-pressed", "false");
  }
  if (shown?.dataset.of === button.dataset.where) return;
  const drawing = new Image();
  drawing.className = "places";
  drawing.alt = "";
  drawing.dataset.of = button.dataset.where;
  drawing.src = button.dataset.where;
  frame.append(drawing);
  button.setAttribute("aria-pressed", "true");
}

for (const name of document.querySelectorAll("span[data-where]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `plain ${name.className}`;
  button.textContent = name.textContent;
  button.title = name.title;
  button.dataset.where = name.dataset.where;
  button.setAttribute("aria-pressed", "false");
  name.replaceWith(button);
}

// One key shows label after label, and then the photograph alone again.
function showNext(figure) {
  const buttons = [...figure.querySelectorAll("button[data-where]")];
  const at = buttons.findIndex((button) => button.getAttribute("aria-pressed") === "true");
  toggle(buttons[at + 1] ?? buttons[at]);
}

for (const next of document.querySelectorAll("[data-where-next]")) next.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-where]");
  if (button) toggle(button);
  const next = event.target.closest("[data-where-next]");
  if (next) showNext(next.closest("figure"));
});
