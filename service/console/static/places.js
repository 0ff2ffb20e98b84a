// Where a label was seen: its name becomes a button that lays a drawing over the photograph.
// Try it keeps nothing: the browser sends the photograph again to have it drawn upon.
import { currentFigure } from "./photographs.js";

let files = [];

async function source(button) {
  const form = document.getElementById("try");
  if (!form) return button.dataset.where;
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("photograph", files[button.closest("figure").id.split("-")[1] - 1]);
  const answer = await fetch(button.dataset.where, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.statusText);
  const reader = new FileReader();
  return answer.blob().then((blob) => new Promise((resolve) => {
    reader.addEventListener("load", () => resolve(reader.result));
    reader.readAsDataURL(blob);
  }));
}

async function toggle(button) {
  const figure = button.closest("figure");
  const shown = button.getAttribute("aria-pressed") === "true";
  figure.querySelector(".places")?.remove();
  for (const other of figure.querySelectorAll("[aria-pressed]")) {
    other.setAttribute("aria-pressed", "false");
  }
  if (shown) return;
  button.setAttribute("aria-pressed", "true");
  const drawing = new Image();
  drawing.className = "places";
  drawing.alt = "";
  try {
    drawing.src = await source(button);
  } catch {
    button.setAttribute("aria-pressed", "false");
    return;
  }
  // Another label may have been asked for in the meantime.
  if (button.getAttribute("aria-pressed") === "true") figure.querySelector(".frame").append(drawing);
}

// One key shows label after label, and then the photograph alone again.
function showNext(figure) {
  const buttons = [...figure.querySelectorAll("button[data-where]")];
  const at = buttons.findIndex((button) => button.getAttribute("aria-pressed") === "true");
  toggle(buttons[at + 1] ?? buttons[at]);
}

function draw() {
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
  for (const next of document.querySelectorAll("[data-where-next]")) next.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-where]");
  if (button) toggle(button);
  const next = event.target.closest("[data-where-next]");
  if (next) showNext(next.closest("figure"));
});

document.addEventListener("action", (event) => {
  const figure = currentFigure();
  if (event.detail.action !== "where" || !figure?.querySelector("button[data-where]")) return;
  event.preventDefault();
  showNext(figure);
});

document.addEventListener("shown", draw);
document.addEventListener("drawn", (event) => {
  files = event.detail;
  draw();
});

draw();
