// The command palette: every page and action by name, and posts by what somebody remembers of them.
import { Combobox } from "./combobox.js";
import { perform } from "./shortcuts.js";

const PAUSE_MS = 150;
const dialog = document.getElementById("palette");
let waiting = 0;
let asking = null;

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

const combobox = new Combobox({
  field: document.getElementById("palette-text"),
  list: document.getElementById("palette-list"),
  none: dialog.querySelector(".palette-none"),
  eager: true,
  take: (command) => {
    dialog.close(); // gives the focus back to where it was
    command.run();
  },
  asked: (typed) => {
    clearTimeout(waiting);
    asking?.abort();
    if (typed) waiting = setTimeout(() => find(typed), PAUSE_MS);
  },
});

// Asked after a pause in typing; what was typed meanwhile makes an older answer void.
async function find(typed) {
  asking = new AbortController();
  const { finds, says } = dialog.dataset;
  try {
    const answer = await fetch(`${finds}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
    const posts = answer.ok ? await answer.json() : [];
    const all = { name: says.replace("{text}", typed), url: `${dialog.dataset.page}?q=${encodeURIComponent(typed)}` };
    combobox.append([...posts, all].map(({ name, url }) => ({ name, run: () => location.assign(url) })));
  } catch (error) {
    if (error.name !== "AbortError") console.warn(error); // offline: pages and actions are still listed
  }
}

dialog.addEventListener("opened", () => combobox.fill(gather()));
