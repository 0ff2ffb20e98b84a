// A video is put to a URL of its own, with a bar that says how far it is; the rest of the form follows.
// Without this file the whole form is sent at once.
import { takeDrops } from "./drop.js";
import { shrink } from "./shrink.js";
import { upload } from "./upload.js";

const form = document.getElementById("ask");
const video = form.elements.video;
const drop = form.querySelector(".drop");
const problem = document.getElementById("problem");
const sending = document.getElementById("sending");
const bar = sending.querySelector("progress");
const button = form.querySelector("button");
const styles = form.querySelector(".styles");

function say(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

async function bodyWith(key) {
  const body = new FormData(form);
  body.delete("video");
  body.set("upload", key);
  for (const name of ["images", "references"]) {
    body.delete(name);
    for (const file of form.elements[name].files) body.append(name, await shrink(file));
  }
  return body;
}

async function ask() {
  say("");
  button.disabled = true;
  try {
    let key = "";
    const [file] = video.files;
    if (file) {
      sending.hidden = false;
      key = await upload(form, file, bar);
    }
    const answer = await fetch(form.action, { method: "POST", body: await bodyWith(key) });
    if (answer.redirected) {
      location.assign(answer.url);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    say((page.getElementById("problem") ?? page.querySelector("h1"))?.textContent || form.dataset.failed);
  } catch (error) {
    say(error.message || form.dataset.failed);
  }
  sending.hidden = true;
  button.disabled = false;
}

function showStyle() {
  for (const part of styles.querySelectorAll(".of-style")) {
    part.classList.toggle("shown", part.dataset.style === form.elements.style.value);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
styles.classList.add("scripted");
styles.addEventListener("change", showStyle);
showStyle();

drop.classList.add("scripted");
video.addEventListener("change", () => {
  drop.querySelector(".chosen").textContent = video.files[0]?.name ?? "";
});
takeDrops(drop, video);
