// Windows over the page: opened by a control that names them, or by their key.
function open(id) {
  if (document.querySelector("dialog[open]")) return;
  const dialog = document.getElementById(id);
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("opened"));
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    open(opener.dataset.opens);
  }
  if (event.target.matches("dialog")) event.target.close(); // beside the window
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  const writes = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  const palette = ((event.ctrlKey || event.metaKey) && event.code === "KeyK") || (event.key === "/" && !writes);
  const help = event.key === "?" && !writes;
  if (!palette && !help) return;
  event.preventDefault();
  open(palette ? "palette" : "keys");
});

for (const opener of document.querySelectorAll("[data-opens][hidden]")) opener.hidden = false;
