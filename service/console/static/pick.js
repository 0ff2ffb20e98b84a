// Several posts of a list: ticked by click, with Shift all from the last one on, or by key.
const boxes = [...document.querySelectorAll(".pick input")];
const form = document.getElementById("picked");
let last = null;

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  const output = form.querySelector("output");
  const { none, one, many } = output.dataset;
  output.textContent = { 0: none, 1: one }[ticked] ?? many.replace("{count}", ticked.toLocaleString(document.documentElement.lang));
  form.querySelector(".main").disabled = !ticked;
  form.querySelector("[type=reset]").hidden = !ticked;
  form.classList.toggle("some", ticked > 0);
}

function picked(box, range) {
  if (range && last && last !== box) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
  count();
}

if (form) {
  for (const box of boxes) box.addEventListener("click", (event) => picked(box, event.shiftKey));
  form.addEventListener("reset", () => setTimeout(count));
  document.addEventListener("action", (event) => {
    const box = document.activeElement.closest(".post")?.querySelector(".pick input");
    if (event.detail.action !== "pick" || !box) return;
    event.preventDefault();
    box.checked = !box.checked;
    picked(box, event.detail.all);
  });
  addEventListener("pageshow", count); // a browser that comes back ticks what was ticked
  count();
}
