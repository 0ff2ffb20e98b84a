// The seconds until the platform hears of the last answer. Undo itself is a form.
function tick() {
  const form = document.querySelector("form.undo[data-seconds]");
  if (!form) return;
  form.dataset.until ??= Date.now() + form.dataset.seconds * 1000;
  const left = Math.max(0, Math.ceil((form.dataset.until - Date.now()) / 1000));
  const said = form.querySelector("small");
  const text = left ? said.dataset.says.replace("{seconds}", left) : said.dataset.late;
  if (said.textContent !== text) said.textContent = text;
}

export function current() {
  return document.querySelector("form.undo");
}

// In place of the one before: only the last answer is taken back by one key.
export function put(form) {
  current()?.remove();
  if (form) document.getElementById("main").prepend(form);
  tick();
}

export function formIn(html) {
  return new DOMParser().parseFromString(html, "text/html").querySelector("form.undo");
}

setInterval(tick, 1000);
document.addEventListener("shown", tick);
tick();
