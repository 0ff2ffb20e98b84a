// The link from a post back to its list leads to the page and the place where it was opened.
import { wayBack } from "./listplace.js";

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.back");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) link.href = wayBack(link);
});
