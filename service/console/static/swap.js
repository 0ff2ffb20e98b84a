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

// Put a page in place of the one that is shown, and keep that one as it stands, answers and all.
export function show(page) {
  const before = { title: document.title, address: location.href, nodes: [...main.childNodes] };
  main.replaceChildren(...page.nodes);
  document.title = page.title;
  history.replaceState(null, "", page.address);
  document.dispatchEvent(new CustomEvent("shown"));
  // A screen reader goes on from the post's name.
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
  return before;
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
