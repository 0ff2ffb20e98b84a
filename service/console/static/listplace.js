// The list from which a post was opened, so that the way back leads to the same page and place.
const PLACE = "tagsift.list";

// Two addresses are the same list whichever page of it they show, and whether filters are open.
function listOf(address) {
  const asked = new URL(address, location.href);
  for (const name of ["after", "filters", "handed"]) asked.searchParams.delete(name);
  if (!asked.searchParams.has("tab")) asked.searchParams.set("tab", "review");
  asked.searchParams.sort();
  return `${asked.pathname}?${asked.searchParams}`;
}

function remembered() {
  return JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
}

export function rememberList(post) {
  const place = { address: location.pathname + location.search, post, scrolled: scrollY };
  sessionStorage.setItem(PLACE, JSON.stringify(place));
}

// The address that a link to the list leads to instead; the link's own where it is another list.
export function wayBack(link) {
  const place = remembered();
  return place && listOf(place.address) === listOf(link.href) ? `${place.address}#${place.post}` : link.href;
}

// The browser gives the post the focus, as the address names it. Where the post has left the list,
// the page stands as far down as it did.
export function returnToPlace() {
  const place = remembered();
  if (!place || location.hash !== `#${place.post}` || document.getElementById(place.post)) return;
  scrollTo({ top: place.scrolled, behavior: "instant" });
}
