// A banner while the browser has no network. A form that is sent then stays as it was filled in; the
// page of a case keeps its answers and sends them by itself (review.js), and its banner says so.
const banner = document.querySelector(".offline");

function say() {
  const own = document.getElementById("review-words")?.dataset.offline;
  const text = navigator.onLine ? "" : own ?? banner.dataset.says;
  if (banner.textContent !== text) banner.textContent = text;
}

document.addEventListener("submit", (event) => {
  if (navigator.onLine || event.target.matches("[data-case], [method=dialog]")) return;
  event.preventDefault(); // the browser would show a page of its own in place of what was typed
  say();
}, true);

for (const kind of ["online", "offline"]) window.addEventListener(kind, say);
document.addEventListener("shown", say);
say();
