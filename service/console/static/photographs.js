// One photograph at a time: a key each, and a word where one could not be loaded.
export function currentFigure() {
  const row = document.querySelector(".photographs");
  const figures = [...(row?.querySelectorAll("figure") ?? [])];
  return figures[Math.round(row?.scrollLeft / row?.clientWidth)] ?? figures[0];
}

function show(link) {
  const figure = document.querySelector(link.getAttribute("href"));
  figure.parentElement.scrollTo({ left: figure.offsetLeft, behavior: "instant" });
}

function mark() {
  const id = currentFigure()?.id;
  for (const link of document.querySelectorAll("[data-photograph]")) {
    if (link.getAttribute("href") === `#${id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-photograph]");
  if (!link) return;
  event.preventDefault(); // an address for each photograph would fill the history
  show(link);
});

document.addEventListener("number", (event) => {
  const link = document.querySelector(`[data-photograph="${event.detail === "0" ? 10 : event.detail}"]`);
  if (!link) return;
  event.preventDefault();
  show(link);
});

function step(by) {
  const links = [...document.querySelectorAll("[data-photograph]")];
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  const link = links[Math.max(0, Math.min(links.length - 1, at + by))];
  if (link) show(link);
  return Boolean(link);
}

document.addEventListener("action", (event) => {
  const by = { earlier: -1, later: 1 }[event.detail.action];
  if (by && step(by)) event.preventDefault();
});

function tell(image, missing) {
  const said = image.parentElement.querySelector(".not-loaded");
  if (said) said.textContent = missing ? said.dataset.says : "";
}

// On a phone the first hashtag comes before the figures of what was seen, which open by a touch.
const phone = matchMedia("(max-width: 900px)");

function begin() {
  mark();
  if (phone.matches) for (const seen of document.querySelectorAll(".seen-labels")) seen.open = false;
  for (const image of document.querySelectorAll(".frame > img")) {
    if (image.complete) tell(image, !image.naturalWidth); // it failed before this file was there
  }
}

// None of these bubbles.
document.addEventListener("scroll", (event) => event.target.matches?.(".photographs") && mark(), true);
for (const kind of ["error", "load"]) {
  document.addEventListener(kind, ({ target }) => target.matches?.(".frame > img") && tell(target, kind === "error"), true);
}

document.addEventListener("shown", begin);
begin();
