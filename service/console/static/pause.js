// A gentle word after long work without a pause. The times are kept between pages and windows.
const PAUSE = 5 * 60 * 1000; // so long without a touch is a break
const AGAIN = 10 * 60 * 1000;
const notice = document.querySelector(".pause");
const minutes = Number(notice.dataset.minutes);

function read(name) {
  return Number(localStorage.getItem(`tagsift.${name}`) ?? 0);
}

function write(name, value) {
  localStorage.setItem(`tagsift.${name}`, String(value));
}

function touch() {
  const now = Date.now();
  if (now - read("touched") > PAUSE) {
    write("since", now);
    write("quiet-until", 0);
    notice.replaceChildren();
  }
  write("touched", now);
}

function remind() {
  const now = Date.now();
  const worked = Math.floor((now - read("since")) / 60_000);
  const pausing = now - read("touched") > PAUSE;
  if (worked < minutes || pausing || now < read("quiet-until") || notice.childNodes.length) return;
  const later = document.createElement("button");
  later.type = "button";
  later.textContent = notice.dataset.later;
  later.addEventListener("click", () => {
    write("quiet-until", Date.now() + AGAIN);
    notice.replaceChildren();
  });
  notice.append(notice.dataset.says.replace("{minutes}", worked), " ", later);
}

if (minutes) {
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, touch);
  setInterval(remind, 15_000);
  touch();
  remind();
}
