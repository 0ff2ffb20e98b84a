// The keys that are printed on controls. Every control works without this file.
const cards = [...document.querySelectorAll(".card")].filter((card) => card.querySelector("[data-card]"));
let current = Math.max(0, cards.findIndex((card) => card.matches(".uncertain")));
if (!cards.some((card) => card.matches(".uncertain"))) {
  current = Math.max(0, cards.findIndex((card) => card.matches(".irrelevant")));
}

function show(index) {
  cards.forEach((card, at) => card.classList.toggle("now", at === index));
  current = index;
  cards[index]?.scrollIntoView({ block: "nearest" });
}

function answer(code) {
  const radio = cards[current]?.querySelector(`[data-answer="${code}"]`);
  if (!radio) return false;
  radio.checked = true;
  if (current + 1 < cards.length) show(current + 1);
  return true;
}

function press(code) {
  const control = document.querySelector(`[data-key="${code}"]:not(:disabled)`);
  control?.click();
  return Boolean(control);
}

function jump(code) {
  const number = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  const link = document.querySelector(`[data-photograph="${number === "0" ? 10 : number}"]`);
  link?.click();
  return Boolean(link);
}

function move(code) {
  const step = { KeyJ: 1, ArrowDown: 1, KeyK: -1, ArrowUp: -1 }[code];
  if (!step || !cards.length) return false;
  show(Math.min(cards.length - 1, Math.max(0, current + step)));
  return true;
}

function writing(element) {
  return element.matches("textarea, select, [contenteditable], input:not([type=radio])");
}

document.addEventListener("keydown", (event) => {
  // The code is the key's place, so that it works while a Korean input method is on.
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (writing(event.target)) return;
  const saves = event.code === "Enter" && !event.target.matches("a, button, summary");
  if ((saves && press("KeyS")) || answer(event.code) || press(event.code) || jump(event.code) || move(event.code)) {
    event.preventDefault();
  }
});

document.addEventListener("change", (event) => {
  const at = cards.indexOf(event.target.closest(".card"));
  if (at >= 0) show(at);
});

if (cards.length) show(current);
