// Holding on to a case while somebody looks at it, and saying so when it is somebody else's.
import { held, put } from "./ahead.js";
import { say } from "./swap.js";

const words = document.getElementById("review-words").dataset;
let timer = null;

async function beat() {
  const form = document.querySelector("#answers[data-case]");
  if (!form || document.hidden) return;
  const next = await held();
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  for (const one of [form.dataset.case, next]) if (one) body.append("case", one);
  const answer = await fetch(form.dataset.beat, { method: "POST", body }).catch(() => null);
  if (!answer?.ok) return; // the banner tells of no network, and the answer of a session's end
  const mine = (await answer.json()).held.map(String);
  if (form.isConnected && !mine.includes(form.dataset.case)) say(words.lost);
  if (next && !mine.includes(next)) put(null);
}

export function begin(form) {
  clearInterval(timer);
  timer = setInterval(beat, (form.dataset.lease * 1000) / 3);
}

document.addEventListener("visibilitychange", beat);
