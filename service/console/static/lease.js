// Holding on to a case while somebody looks at it, and saying so when it is somebody else's.
import { held, put } from "./ahead.js";
import { freshToken } from "./send.js";
import { formOf, pageOf, say } from "./swap.js";

const words = document.getElementById("review-words").dataset;
let timer = null;

// The cases that are still this person's; null where the service could not be asked.
async function renew(form, cases) {
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  for (const one of cases) if (one) body.append("case", one);
  const answer = await fetch(form.dataset.beat, { method: "POST", body }).catch(() => null);
  // Signed in again since: the next beat carries the token of the new session.
  if (answer?.status === 400) form.elements.csrf_token.value = (await freshToken().catch(() => null)) ?? "";
  return answer?.ok ? (await answer.json()).held.map(String) : null;
}

// A machine that slept lets go of its case. If nobody has it since, opening it takes it again.
async function takeAgain() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  return answer?.ok && Boolean(formOf(pageOf(await answer.text(), answer.url))?.dataset.case);
}

async function beat() {
  const form = document.querySelector("#answers[data-case]");
  if (!form || document.hidden) return;
  const next = await held();
  const mine = await renew(form, [form.dataset.case, next]);
  if (!mine || !form.isConnected) return; // the banner tells of no network
  if (next && !mine.includes(next)) put(null);
  if (mine.includes(form.dataset.case) || (await takeAgain())) return;
  if (form.isConnected) say(words.lost);
}

export function begin(form) {
  clearInterval(timer);
  timer = setInterval(beat, (form.dataset.lease * 1000) / 3);
}

document.addEventListener("visibilitychange", beat);
