// What each post gets is shown anew with every answer, and the button says how many posts take it.
// Without this file a button shows the page anew.
const form = document.getElementById("choose");
form.querySelector("button").hidden = true;
form.addEventListener("change", () => form.requestSubmit());

const boxes = [...document.querySelectorAll('.takers input[name="post"]')];
const text = document.getElementById("how-many");

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  const { one, many } = text.dataset;
  text.textContent = ticked === 1 ? one : many.replace("{count}", ticked.toLocaleString(document.documentElement.lang));
  text.closest("button").disabled = !ticked;
}

if (text) {
  for (const box of boxes) box.addEventListener("change", count);
  count();
}
