// The next case, taken and loaded while the moderator looks at this one.
import { formOf, pageOf } from "./swap.js";

async function load(source) {
  const image = new Image();
  image.src = source;
  try {
    await image.decode();
  } catch { /* the page itself says that it could not be loaded */ }
  return image;
}

// The next page with its photographs; null where the queue has no other case for this person.
async function take(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const page = pageOf(await answer.text(), answer.url);
  const form = formOf(page);
  if (!answer.ok || !form?.dataset.case) return null;
  const [first, ...rest] = page.nodes.flatMap((node) => [...(node.querySelectorAll?.(".frame > img") ?? [])]);
  // Held on to: the browser shows from memory what this document has loaded already.
  page.images = first ? [await load(first.getAttribute("src"))] : [];
  for (const image of rest) page.images.push(Object.assign(new Image(), { src: image.getAttribute("src") }));
  return page;
}

let next = null;

// ``leaving`` is the case whose answer is on its way: until it arrives, the queue still has it.
export function begin(form, leaving) {
  const address = leaving ? `${form.dataset.ahead}&besides=${leaving}` : form.dataset.ahead;
  next ??= take(address).catch(() => null);
}

export function put(page) {
  next = page && Promise.resolve(page);
}

export async function takeOver() {
  const page = await next;
  next = null;
  return page;
}

export async function held() {
  const page = await next;
  return page ? formOf(page).dataset.case : null;
}
