// The part of a page that differs from post to post: taken from an answer, put in another's place.
const main = document.getElementById("main");

// A page that was fetched, ready to be shown. Nothing in it is loaded or run yet.
export function pageOf(html, address) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return { title: parsed.title, address, nodes: [...(parsed.getElementById("main")?.childNodes ?? [])] };
}

export function formOf(page) {
  return page.nodes.find((node) => node.querySelector?.("#answers"))?.querySelector("#answers");
}

let shown = location.href;

// Put a page in place of the one that is shown, and keep that one as it stands, answers and all.
// ``onward``: the browser's Back leads to the one before; else that is as if it had not been shown.
export function show(page, onward = false) {
  const before = { title: document.title, address: shown, nodes: [...main.childNodes] };
  main.replaceChildren(...page.nodes);
  document.title = page.title;
  if (onward) history.pushState(null, "", page.address);
  else history.replaceState(null, "", page.address);
  shown = location.href;
  document.dispatchEvent(new CustomEvent("shown"));
  // A screen reader goes on from the post's name.
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
  return before;
}

// Back or Forward went to an address whose page is not the one that is shown.
export function elsewhere() {
  return location.href.split("#")[0] !== shown.split("#")[0];
}

export function say(text, kind = "bad") {
  for (const old of main.querySelectorAll(".said, .notice.good")) old.remove();
  if (!text) return;
  const notice = document.createElement("p");
  notice.className = `notice said ${kind}`;
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  main.prepend(notice);
}
