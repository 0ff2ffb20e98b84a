// Choosing keys: pressing one fills the field, and a key chosen twice is told at once.
// Without this file the letters are typed, and the server tells.
import { letterOf } from "./keymap.js";

const fields = [...document.querySelectorAll("[data-key-choice]")];
const said = document.querySelector(".key-conflict");

function check() {
  const twice = fields.filter((field) => field.value
    && fields.some((other) => other !== field && other.value.toLowerCase() === field.value.toLowerCase()));
  for (const field of fields) field.setAttribute("aria-invalid", String(twice.includes(field)));
  const text = twice.length ? said.dataset.says.replace("{key}", twice[0].value.toUpperCase()) : "";
  if (said.textContent !== text) said.textContent = text;
}

for (const field of fields) {
  field.addEventListener("focus", () => field.select());
  field.addEventListener("input", check);
  field.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[a-z,.;'[\]=-]$/.test(letterOf(event))) return;
    event.preventDefault(); // an input method would begin a syllable
    field.value = letterOf(event).toUpperCase();
    field.select();
    check();
  });
}
