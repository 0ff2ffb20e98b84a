// Which photograph bears a hashtag out: marked while its card is pointed at, shown by a key.
function point(card) {
  const wanted = new Set([...(card?.querySelectorAll("[data-bears]") ?? [])].map((link) => link.getAttribute("href")));
  for (const link of document.querySelectorAll(".jump [data-photograph]")) {
    link.classList.toggle("bears", wanted.has(link.getAttribute("href")));
  }
  for (const figure of document.querySelectorAll(".photograph")) {
    figure.classList.toggle("bears", wanted.has(`#${figure.id}`));
  }
}

// Again: the next one.
document.addEventListener("action", (event) => {
  if (event.detail.action !== "bears") return;
  const card = document.querySelector(".card.now") ?? document.querySelector(".card:has([data-bears])");
  const links = [...(card?.querySelectorAll("[data-bears]") ?? [])];
  if (!links.length) return;
  event.preventDefault();
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[(at + 1) % links.length].click();
});

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => point(event.target.closest?.(".card")));
}
