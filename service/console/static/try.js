// Try it without leaving the page. Without this file the form is sent and answered as a page.
import { takeDrops } from "./drop.js";
import { shrink, thumbnail } from "./shrink.js";

const THUMBNAIL_PIXELS = 72;
const form = document.getElementById("try");
const files = document.getElementById("photographs");
const drop = form.querySelector(".drop");
const result = document.getElementById("result");
const button = form.querySelector("button");

function say(text) {
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  result.replaceChildren(notice);
}

// One after the other: ten photographs decoded at once would fill a phone's memory.
async function smaller() {
  const sent = [];
  for (const file of files.files) sent.push(await shrink(file));
  return sent;
}

function bodyOf(sent) {
  const body = new FormData(form);
  body.delete(files.name);
  for (const file of sent) body.append(files.name, file);
  return body;
}

// Whether all of them fit into one request; if not, it is said instead of sent.
function fits(sent) {
  const megabytes = sent.reduce((sum, file) => sum + file.size, 0) / 2 ** 20;
  const most = Number(form.dataset.most);
  const tooMuch = megabytes > most;
  if (tooMuch) say(form.dataset.tooLarge.replace("{size}", Math.ceil(megabytes)).replace("{most}", most));
  return !tooMuch;
}

async function judge() {
  button.disabled = true;
  result.setAttribute("aria-busy", "true");
  const label = button.textContent;
  button.textContent = result.dataset.busy;
  try {
    const sent = await smaller();
    if (!fits(sent)) return;
    const answer = await fetch(form.action, {
      method: "POST",
      body: bodyOf(sent),
      headers: { "X-Requested-With": "fetch" },
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // An error page (signed out, too large) is a whole page: its main part says what happened.
    result.replaceChildren(...(page.getElementById("main") ?? page.body).childNodes);
    document.dispatchEvent(new CustomEvent("drawn", { detail: sent }));
    if (matchMedia("(max-width: 900px)").matches) result.scrollIntoView();
  } catch {
    say(result.dataset.failed);
  } finally {
    button.disabled = false;
    button.textContent = label;
    result.removeAttribute("aria-busy");
  }
}

// The page names what was chosen in its own language; the browser's own control speaks another.
drop.classList.add("scripted");
files.addEventListener("change", async () => {
  const chosen = [...files.files];
  const places = chosen.map((file) => {
    const place = document.createElement("span");
    place.textContent = file.name;
    return place;
  });
  form.querySelector(".chosen").replaceChildren(...places);
  for (const [index, file] of chosen.entries()) {
    if (!places[index].isConnected) return; // others were chosen meanwhile
    const drawn = await thumbnail(file, THUMBNAIL_PIXELS);
    if (drawn) places[index].replaceChildren(drawn);
  }
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  judge();
});

takeDrops(drop, files);
