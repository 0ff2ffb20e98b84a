// Answers that are not sent yet, kept in the browser: neither a crash nor a sign-in loses them.
const DAY = 24 * 3600 * 1000;

function nameOf(form) {
  return `tagsift.answers.${form.dataset.person}.${form.dataset.case}`;
}

export function keep(form) {
  const answers = [...form.querySelectorAll(".answer input:checked")].map((radio) => radio.id);
  const { reason, note } = form.elements;
  localStorage.setItem(nameOf(form), JSON.stringify({ at: Date.now(), answers, reason: reason.value, note: note.value }));
}

export function forget(form) {
  localStorage.removeItem(nameOf(form));
}

export function restore(form) {
  const { answers = [], reason, note } = JSON.parse(localStorage.getItem(nameOf(form)) ?? "{}");
  for (const id of answers) {
    const radio = document.getElementById(id);
    if (!radio) continue;
    radio.checked = true;
    const fold = radio.closest("details");
    if (fold && !radio.defaultChecked) fold.open = true; // an answer that was changed is in view
  }
  if (reason) form.elements.reason.value = reason;
  if (note) form.elements.note.value = note;
  if (reason || note) form.querySelector(".remark").open = true;
}

for (const name of Object.keys(localStorage).filter((key) => key.startsWith("tagsift.answers."))) {
  if (Date.now() - JSON.parse(localStorage.getItem(name)).at > DAY) localStorage.removeItem(name);
}
