// A photograph over the whole window. What is veiled on the page is veiled here, until it is revealed.
import { actionOf } from "./keymap.js";
import { drag } from "./drag.js";
import { currentFigure } from "./photographs.js";
import { cover, reveal } from "./reveal.js";

const STEP = 120; // pixels an arrow moves by
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = { "+": "larger", "=": "larger", "-": "fit", PageUp: "before", PageDown: "next" };
let at = 0;

function parts() {
  const dialog = document.getElementById("closer");
  return { dialog, view: dialog.querySelector(".closer-view"), image: dialog.querySelector("img") };
}

function sources() {
  return [...document.querySelectorAll(".photograph .frame > img")];
}

function size(full) {
  const { dialog, view } = parts();
  view.classList.toggle("full", full);
  dialog.querySelector("[data-closer=larger]").setAttribute("aria-pressed", String(full));
  dialog.querySelector("[data-closer=fit]").setAttribute("aria-pressed", String(!full));
  view.scrollTo((view.scrollWidth - view.clientWidth) / 2, (view.scrollHeight - view.clientHeight) / 2);
}

function put(index) {
  const { dialog, image } = parts();
  const all = sources();
  if (!all[index]) return;
  cover(); // what was held for one photograph is not shown of another
  at = index;
  image.src = all[at].getAttribute("src");
  image.alt = all[at].alt;
  if (all[at].dataset.revealed) image.dataset.revealed = all[at].dataset.revealed;
  else delete image.dataset.revealed;
  dialog.querySelector("[data-hold]").hidden = !all[at].dataset.revealed;
  dialog.querySelector(".closer-which").textContent = dialog.dataset.which
    .replace("{number}", all[at].closest("figure").id.split("-")[1])
    .replace("{count}", document.querySelectorAll(".photograph").length);
  for (const [name, other] of [["before", at - 1], ["next", at + 1]]) {
    dialog.querySelector(`[data-closer=${name}]`).disabled = !all[other];
  }
  size(false);
}

function open(image) {
  const { dialog, view } = parts();
  if (!image || dialog.open) return;
  put(sources().indexOf(image));
  dialog.showModal();
  view.focus();
}

// The page behind shows the photograph that was looked at last.
function closed() {
  cover();
  if (document.fullscreenElement) document.exitFullscreen();
  const figure = sources()[at]?.closest("figure");
  document.querySelector(`.jump [href="#${figure?.id}"]`)?.click();
}

function whole() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {}); // the window is filled anyway
}

const DO = {
  larger: () => size(true),
  fit: () => size(false),
  before: () => put(at - 1),
  next: () => put(at + 1),
  whole,
  close: () => parts().dialog.close(),
};

function key(event) {
  const { view, image } = parts();
  const arrow = ARROWS[event.key];
  if (arrow && view.matches(".full")) return view.scrollBy(arrow[0] * STEP, arrow[1] * STEP);
  if (arrow) return put(at + arrow[0]);
  if (/^\d$/.test(event.key)) return put((Number(event.key) || 10) - 1);
  if (KEYS[event.key]) return DO[KEYS[event.key]]();
  const action = actionOf(event);
  if (action === "closer") return whole();
  if (action === "reveal" && !event.repeat) return reveal(image);
  return false;
}

document.addEventListener("keydown", (event) => {
  if (!document.getElementById("closer")?.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key(event) !== false) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-closer]");
  if (button) DO[button.dataset.closer]();
  const opener = event.target.closest("[data-closer-open], .photograph .frame > img");
  if (opener) open(opener.closest(".frame").querySelector("img"));
});

document.addEventListener("action", (event) => {
  const image = currentFigure()?.querySelector(".frame > img");
  if (event.detail.action !== "closer" || !image) return;
  event.preventDefault();
  open(image);
});

function begin() {
  const { dialog, view } = parts();
  if (dialog.dataset.ready) return; // a page that comes back has been here before
  dialog.dataset.ready = "1";
  dialog.addEventListener("close", closed);
  drag(view, () => size(!view.matches(".full")));
  for (const button of document.querySelectorAll("[data-closer-open]")) button.hidden = false;
}

for (const kind of ["shown", "drawn"]) document.addEventListener(kind, () => document.getElementById("closer") && begin());
if (document.getElementById("closer")) begin();
