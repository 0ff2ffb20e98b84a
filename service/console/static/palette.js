// The command palette: every page and action by name. A dialog with a combobox and its list box
// (WAI-ARIA Authoring Practices): the focus stays in the field, the arrows choose.
import { match } from "./fuzzy.js";
import { perform } from "./shortcuts.js";

const dialog = document.getElementById("palette");
const field = document.getElementById("palette-text");
const list = document.getElementById("palette-list");
const none = dialog.querySelector(".palette-none");
let commands = [];
let shown = [];
let current = 0;

function nameOf(element) {
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll("kbd, svg, .count")) part.remove();
  return (element.getAttribute("aria-label") ?? copy.textContent).replace(/\s+/g, " ").trim();
}

function fromPage(selector) {
  return [...document.querySelectorAll(selector)]
    .filter((control) => control.checkVisibility() && !control.closest("dialog"))
    .filter((control) => !control.matches("[data-action], [data-where-next]")) // listed as actions
    .map((control) => ({ name: nameOf(control), key: control.querySelector("kbd")?.textContent, run: () => control.click() }));
}

function links() {
  const hidden = document.getElementById("palette-pages").content.querySelectorAll("a");
  return [...hidden, ...document.querySelectorAll(".top nav a")]
    .map((link) => ({ name: nameOf(link), run: () => location.assign(link.href) }));
}

function actions() {
  if (!document.querySelector(".card")) return [];
  return [...document.querySelectorAll("#keys [data-perform]")]
    .filter((row) => row.dataset.perform !== "reveal") // a key that is held
    .map((row) => ({
      name: nameOf(row.querySelector("dt")),
      key: row.querySelector("kbd")?.textContent,
      run: () => perform(row.dataset.perform),
    }));
}

function gather() {
  const all = [...actions(), ...fromPage("main a.button, main button, main [data-photograph]"), ...links(), ...fromPage(".who .button, .who button")];
  const times = new Map();
  for (const { name } of all) times.set(name, (times.get(name) ?? 0) + 1);
  // A list's own buttons are all called alike: which one is meant cannot be said here.
  const seen = new Set();
  return all.filter(({ name }) => name && times.get(name) < 4 && !seen.has(name) && seen.add(name));
}

function row({ name, key }, index) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `palette-${index}`;
  item.append(Object.assign(document.createElement("span"), { textContent: name }));
  if (key) item.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  return item;
}

function mark(index) {
  current = Math.min(shown.length - 1, Math.max(0, index));
  [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === current)));
  if (shown.length) field.setAttribute("aria-activedescendant", `palette-${current}`);
  else field.removeAttribute("aria-activedescendant");
  list.children[current]?.scrollIntoView({ block: "nearest" });
}

function filter() {
  shown = commands
    .map((command) => ({ ...command, points: match(field.value, command.name) }))
    .filter(({ points }) => points !== null);
  if (field.value.trim()) shown.sort((one, other) => other.points - one.points);
  list.replaceChildren(...shown.map(row));
  none.textContent = shown.length ? "" : none.dataset.says;
  mark(0);
}

function run(index) {
  const command = shown[index];
  if (!command) return;
  dialog.close(); // gives the focus back to where it was
  command.run();
}

const STEPS = { ArrowDown: () => mark((current + 1) % shown.length), ArrowUp: () => mark((current + shown.length - 1) % shown.length), Enter: () => run(current) };

dialog.addEventListener("opened", () => {
  commands = gather();
  field.value = "";
  filter();
  field.focus();
});
field.addEventListener("input", filter);
field.addEventListener("keydown", (event) => {
  if (event.isComposing || !(event.key in STEPS)) return;
  event.preventDefault();
  STEPS[event.key]();
});
list.addEventListener("click", (event) => run([...list.children].indexOf(event.target.closest("li"))));
