// The marked hashtag and the palette of categories. Every row has a form that works without this.
const rows = [...document.querySelectorAll(".tag-row")];
const palette = document.querySelector(".palette");
let current = 0;

function show(index) {
  current = Math.min(rows.length - 1, Math.max(0, index));
  rows.forEach((row, at) => row.classList.toggle("now", at === current));
  palette.elements.tag.value = rows[current].dataset.tag;
  palette.elements.at.value = current;
  palette.querySelector(".palette-tag").textContent = `#${rows[current].dataset.tag}`;
  rows[current].scrollIntoView({ block: "nearest" });
}

function move(code) {
  const step = { KeyJ: 1, ArrowDown: 1, KeyK: -1, ArrowUp: -1 }[code];
  if (!step || !rows.length) return false;
  show(current + step);
  rows[current].querySelector("a").focus(); // so that it is read aloud, and Enter opens it
  return true;
}

function press(code) {
  const control = document.querySelector(`[data-key="${code}"]`);
  control?.click();
  return Boolean(control);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (event.target.matches("textarea, select, input")) return;
  if (move(event.code) || press(event.code)) event.preventDefault();
});

rows.forEach((row, at) => row.addEventListener("focusin", () => show(at)));
rows.forEach((row, at) => row.addEventListener("click", () => show(at)));

if (palette && rows.length) {
  palette.hidden = false;
  document.body.classList.add("scripted");
  show(Number(palette.elements.at.value)); // where the one mapped last stood
}
