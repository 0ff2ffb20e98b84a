// The link from a page back to its list leads to the list as it was left: its order, its filters,
// and as far down as it was scrolled. Lists of posts remember more (listplace.js).
import { wayBack } from "./listplace.js";

const LEFT = "tagsift.left:";
const RETURNING = "tagsift.returning";

// The address of a list that was left; the link's own where it says itself what is to be listed.
function asItWasLeft(link) {
  const left = JSON.parse(sessionStorage.getItem(LEFT + link.pathname) ?? "null");
  if (!left || link.search) return link.href;
  sessionStorage.setItem(RETURNING, JSON.stringify(left));
  return left.address;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("main a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!link.classList.contains("back")) {
    const left = { address: location.pathname + location.search, scrolled: scrollY };
    sessionStorage.setItem(LEFT + location.pathname, JSON.stringify(left));
    return;
  }
  const list = wayBack(link);
  link.href = list === link.href ? asItWasLeft(link) : list;
});

const returning = JSON.parse(sessionStorage.getItem(RETURNING) ?? "null");
sessionStorage.removeItem(RETURNING);
if (returning?.address === location.pathname + location.search) scrollTo({ top: returning.scrolled, behavior: "instant" });
