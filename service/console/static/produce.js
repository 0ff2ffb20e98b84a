// A picture is put to a URL of its own while the words are written. Without this file it is sent with
// the form.
const form = document.getElementById("produce");
const picture = form.elements.picture;
const drop = form.querySelector(".drop");
const problem = document.getElementById("problem");
const sending = document.getElementById("sending");
const bar = sending.querySelector("progress");
const status = sending.querySelector("[role=status]");
const button = form.querySelector("button");

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
    request.addEventListener("load", () => (request.status === 200 ? done() : failed(new Error(form.dataset.failed))));
    request.send(file);
  });
}

async function send(file) {
  say("");
  form.elements.upload.value = "";
  button.disabled = true;
  sending.hidden = false;
  bar.value = 0;
  status.textContent = form.dataset.sending;
  try {
    const told = await begun(file);
    await put(told.url, file);
    if (picture.files[0] !== file) return; // another was chosen meanwhile
    form.elements.upload.value = told.key;
    bar.value = 1;
    status.textContent = form.dataset.sent;
  } catch (error) {
    if (picture.files[0] !== file) return;
    sending.hidden = true;
    say(error.message || form.dataset.failed);
  } finally {
    if (picture.files[0] === file) button.disabled = false;
  }
}

drop.classList.add("scripted");
picture.addEventListener("change", () => {
  const [file] = picture.files;
  form.querySelector(".chosen").textContent = file?.name ?? "";
  if (file) send(file);
});

// What was uploaded is not sent with the form once more.
form.addEventListener("formdata", (event) => {
  if (form.elements.upload.value) event.formData.delete("picture");
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
  picture.files = event.dataTransfer.files;
  picture.dispatchEvent(new Event("change"));
});
