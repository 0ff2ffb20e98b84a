// The rules are checked while they are written: half a second after the last key.
const WAIT = 500;
const form = document.getElementById("editor");
const text = document.getElementById("text");
const place = document.getElementById("checked");
let waiting = 0;
let asked = 0;

// Put the caret where the fault is. Columns count characters, a textarea counts UTF-16 units.
function goTo(line, column) {
  const lines = text.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const at = before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  text.focus();
  text.setSelectionRange(at, at + 1);
  text.scrollTop = (text.scrollHeight / lines.length) * Math.max(0, line - 5);
}

function offer() {
  const fault = place.querySelector(".fault");
  const button = fault?.querySelector(".go-there");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => goTo(Number(fault.dataset.line), Number(fault.dataset.column)));
}

async function check() {
  const number = ++asked;
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (!answer.ok || number !== asked) return; // a newer text is on its way
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (number !== asked) return;
    place.replaceChildren(...parsed.body.childNodes);
    offer();
  } catch { /* the network is away: the button asks, too */ }
}

text.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(check, WAIT);
});
offer();
