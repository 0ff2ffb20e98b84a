// A form sent without leaving the page. What goes wrong comes back as words or as a page.
import { pageOf } from "./swap.js";

const words = document.getElementById("review-words").dataset;

export async function freshToken() {
  const page = await fetch(words.token, { headers: { Accept: "text/html" } });
  const parsed = new DOMParser().parseFromString(await page.text(), "text/html");
  return parsed.querySelector('input[name="csrf_token"]')?.value;
}

async function post(address, body) {
  const headers = { Accept: "application/json, text/html;q=0.5" };
  return fetch(address, { method: "POST", body, headers, redirect: "manual", keepalive: true });
}

async function explain(answer) {
  if (answer.status === 401) return { text: words.signedOut };
  const html = await answer.text();
  const page = pageOf(html, location.href);
  if (page.nodes.some((node) => node.querySelector?.(".card, .photographs"))) return { page };
  const said = page.nodes.find((node) => node.querySelector?.("h1"));
  return { text: [...(said?.querySelectorAll("h1, h1 ~ p:not(:has(a))") ?? [])].map((part) => part.textContent).join(". ") || words.failed };
}

// {done} with what the server says, or {text} or {page} with what went wrong. ``waits``: it did not
// arrive for want of a connection, so it can be sent again as it is.
export async function send(address, body) {
  try {
    let answer = await post(address, body);
    if (answer.status === 400) { // signed in again since: the form's token is of the session before
      body.set("csrf_token", (await freshToken()) ?? "");
      answer = await post(address, body);
    }
    if (answer.type === "opaqueredirect") return { done: {} };
    return answer.ok ? { done: await answer.json() } : await explain(answer);
  } catch {
    return { text: words.waits, waits: true };
  }
}
