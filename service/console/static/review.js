// Case after case without loading a page: an answer is sent while the next post is already shown.
// If it cannot be saved, its post comes back with the answers as they were given.
import * as ahead from "./ahead.js";
import * as kept from "./kept.js";
import * as lease from "./lease.js";
import { send } from "./send.js";
import { elsewhere, say, show } from "./swap.js";
import * as undo from "./undo.js";

const AGAIN_MS = 5000;
let sending = Promise.resolve(); // to whether the answer was saved
let leaving = null;
let waiting = null; // the answer that did not arrive for want of a connection

function form() {
  return document.querySelector("#answers[data-case]");
}

function begin() {
  const answers = form();
  if (!answers) return;
  kept.restore(answers);
  lease.begin(answers);
  ahead.begin(answers, leaving);
}

function succeeded({ done }, answered) {
  kept.forget(answered);
  if (done.undo) undo.put(undo.formIn(done.undo));
  for (const seen of document.querySelectorAll("[data-seen]")) if (done.seen) seen.textContent = done.seen;
}

// A page that was loaded ahead does not know of the answers since: what can be taken back stays.
function goOn(next) {
  const last = undo.current();
  const before = show(next, true);
  undo.put(last);
  return before;
}

function failed({ text, page }, before) {
  if (before) ahead.put(show(before)); // what was shown meanwhile comes next again
  if (page) show({ ...page, address: location.href }); // that of the answer, not of what came next
  else say(text);
}

// It goes out when the network is back, or the service is: with the answers as they stand then.
function wait(answered, button) {
  waiting = { answered, button, timer: setTimeout(() => navigator.onLine && sendAgain(), AGAIN_MS) };
}

function sendAgain() {
  if (!waiting) return;
  const { answered, button } = waiting;
  forgetWaiting();
  if (answered.isConnected && !answered.hasAttribute("aria-busy")) leave(answered, button, true);
}

function forgetWaiting() {
  clearTimeout(waiting?.timer);
  waiting = null;
}

// ``again``: it was sent before and did not arrive, so the next post is shown only when it has.
async function leave(answered, button, again = false) {
  forgetWaiting();
  await sending; // two answers never overtake each other
  const address = button?.hasAttribute("formaction") ? button.formAction : answered.action;
  const body = new FormData(answered, button);
  const next = again ? null : await ahead.takeOver();
  leaving = answered.dataset.case;
  const before = next && goOn(next);
  answered.setAttribute("aria-busy", String(!next));
  sending = send(address, body).then((outcome) => {
    answered.removeAttribute("aria-busy");
    leaving = null;
    if (outcome.waits) wait(answered, button);
    if (outcome.waits && again) return false; // the page says so already
    if (!outcome.done) {
      failed(outcome, before);
      return false;
    }
    succeeded(outcome, answered);
    // The queue may have filled again, or says that it is empty.
    if (!next) location.assign(answered.dataset.ahead);
    return true;
  });
  await sending;
}

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  const leaves = event.submitter?.matches("[data-action=skip], [data-leaves]"); // nothing is answered
  const open = event.target.querySelector(".answer:not(:has(:checked))");
  if (open && !leaves) {
    open.querySelector("input").focus();
    say(document.getElementById("review-words").dataset.open);
    return;
  }
  if (event.target.hasAttribute("aria-busy")) return;
  // It was said that the answer is sent by itself: whoever wants to go on does so with it.
  const answered = waiting?.answered === event.target && !waiting.button?.matches("[data-action=skip]");
  if (answered && event.submitter?.matches("[data-action=skip]")) {
    sendAgain();
    return;
  }
  event.target.setAttribute("aria-busy", "true");
  leave(event.target, event.submitter);
});

// While the last answer is on its way, it is the one to take back: as soon as it is saved.
document.addEventListener("action", async (event) => {
  if (event.detail.action !== "undo" || !leaving) return;
  event.preventDefault();
  if (await sending) undo.current()?.querySelector("button").click();
});

for (const kind of ["change", "input"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.closest("#answers") === form() && form()) kept.keep(form());
  });
}

window.addEventListener("online", sendAgain);
// What is on its way arrives first, so that the page which is gone back to knows of it.
window.addEventListener("popstate", async () => {
  await sending;
  if (elsewhere()) location.reload();
});
document.addEventListener("shown", begin);
begin();
