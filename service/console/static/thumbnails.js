// A video is put to a URL of its own, with a bar that says how far it is; the rest of the form follows.
// Without this file the whole form is sent at once.
import { shrink } from "./shrink.js";

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

async function begun(file) {
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  body.set("size", file.size);
  body.set("content_type", file.type);
  const answer = await fetch(form.dataset.uploads, { method: "POST", body });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.problem ?? form.dataset.failed);
  return told;
}

// fetch does not tell how much is sent.
function put(url, file) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.addEventListener("progress", (event) => { bar.value = event.loaded / file.size; });
    request.addEventListener("error", () => failed(new Error(form.dataset.failed)));
    request.addEventListener("load", () => {
      if (request.status === 200) return done();
      let detail = form.dataset.failed;
      try { detail = JSON.parse(request.responseText).detail ?? detail; } catch { /* not from the service */ }
      return failed(new Error(detail));
    });
    request.send(file);
  });
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
      const told = await begun(file);
      await put(told.url, file);
      key = told.key;
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
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  if (!event.dataTransfer.files.length) return;
  video.files = event.dataTransfer.files;
  video.dispatchEvent(new Event("change"));
});
