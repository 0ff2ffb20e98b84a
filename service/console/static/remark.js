// Fields beside the answers: a key leads to each, and Escape back to the keys of the page.
document.addEventListener("action", (event) => {
  const aside = document.querySelector(`.remark:has(> [data-action="${event.detail.action}"])`);
  if (!aside) return;
  event.preventDefault();
  aside.open = true;
  aside.querySelector("select").focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || !event.target.closest?.(".remark-fields")) return;
  event.target.blur();
  event.preventDefault();
});
