// The marked hashtag, and the window in which its meaning is chosen and then confirmed: a mapping
// holds in production at once, so no single key makes one. Every row's form works without this.
import { Combobox } from "./combobox.js";

const rows = [...document.querySelectorAll(".tag-row")];
const dialog = document.getElementById("meaning");
const form = dialog?.querySelector("form.confirm");
let current = 0;

function show(index) {
  current = Math.min(rows.length - 1, Math.max(0, index));
  rows.forEach((row, at) => row.classList.toggle("now", at === current));
  rows[current].scrollIntoView({ block: "nearest" });
}

function move(step) {
  show(current + step);
  rows[current].querySelector("a").focus(); // so that it is read aloud
}

function choose(option) {
  form.elements.category.value = option.value;
  const button = form.querySelector("button");
  button.querySelector("span").textContent = button.dataset.says
    .replace("{tag}", rows[current].dataset.tag)
    .replace("{claim}", option.name);
  form.hidden = false;
  button.focus();
}

const combobox = dialog && new Combobox({
  field: document.getElementById("meaning-text"),
  list: document.getElementById("meaning-list"),
  none: dialog.querySelector(".palette-none"),
  eager: false,
  take: choose,
});

// The options of the row's own select: each with its value, the guess already chosen.
function openWindow() {
  const select = rows[current].querySelector("select");
  form.hidden = true;
  form.elements.tag.value = rows[current].dataset.tag;
  form.elements.at.value = current;
  dialog.querySelector("h2 bdi").textContent = `#${rows[current].dataset.tag}`;
  dialog.showModal();
  combobox.fill([...select.options].map((option) => ({ name: option.textContent, value: option.value })));
  const guess = select.selectedOptions[0];
  if (select.dataset.guess) choose({ name: guess.textContent, value: guess.value });
}

const ACTIONS = { down: () => move(1), up: () => move(-1), save: openWindow };

document.addEventListener("action", (event) => {
  const act = ACTIONS[event.detail.action];
  if (!act || !rows.length) return;
  event.preventDefault();
  act();
});

rows.forEach((row, at) => {
  row.addEventListener("focusin", () => show(at));
  row.addEventListener("click", () => show(at));
  row.querySelector("button.opens").addEventListener("click", () => {
    show(at);
    openWindow();
  });
});

if (rows.length) {
  document.body.classList.add("scripted");
  show(Number(form.elements.at.value)); // where the one mapped last stood
}
