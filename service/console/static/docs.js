// Searching the page of the API, and copying its examples.
const form = document.getElementById("docs-search");
const wanted = document.getElementById("wanted");
const none = document.getElementById("docs-none");
const operations = [...document.querySelectorAll(".operation")].map((section) => ({
  section,
  text: section.textContent.toLowerCase(),
}));

function show() {
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { section, text } of operations) {
    section.hidden = !words.every((word) => text.includes(word));
    found += !section.hidden;
  }
  none.hidden = found > 0;
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
wanted.addEventListener("input", show);
show(); // a browser that comes back fills the field in by itself

for (const button of document.querySelectorAll("[data-copies]")) {
  if (!navigator.clipboard) continue; // only where the page came over TLS or from this machine
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.classList.add("done");
    button.textContent = "✓";
  });
}
