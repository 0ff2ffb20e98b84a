// Why one answers so: a key leads to the fields, and Escape back to the keys of the page.
document.addEventListener("action", (event) => {
  const remark = document.querySelector(".remark");
  if (event.detail.action !== "remark" || !remark) return;
  event.preventDefault();
  remark.open = true;
  remark.querySelector("select").focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.closest?.(".remark-fields")) return;
  event.target.blur();
  event.preventDefault();
});
