// A banner while the browser has no network.
const banner = document.querySelector(".offline");

function say() {
  const text = navigator.onLine ? "" : banner.dataset.says;
  if (banner.textContent !== text) banner.textContent = text;
}

for (const kind of ["online", "offline"]) window.addEventListener(kind, say);
say();
