// What each post gets is shown anew with every answer, and the button says how many posts take it.
// Without this file a button shows the page anew.
const form = document.getElementById("choose");
form.querySelector("button").hidden = true;
form.addEventListener("change", () => form.requestSubmit());

// Why: written before an answer is chosen, it is still there when the page comes back with what
// each post gets. It never travels in an address.
const REMARK = "tagsift.remark";
const why = document.getElementById("give")?.elements;
const written = JSON.parse(sessionStorage.getItem(REMARK) ?? "null");
sessionStorage.removeItem(REMARK);
if (why && written?.path === location.pathname) {
  why.reason.value ||= written.reason;
  why.note.value ||= written.note;
  why.note.closest("details").open ||= Boolean(written.reason || written.note);
}
form.addEventListener("submit", () => {
  if (!why) return;
  const { reason, note } = why;
  sessionStorage.setItem(REMARK, JSON.stringify({ path: location.pathname, reason: reason.value, note: note.value }));
});

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
