// A picture is put to a URL of its own while the words are written. Without this file it is sent with
// the form.
import { takeDrops } from "./drop.js";
import { RefusedError, upload } from "./upload.js";

const form = document.getElementById("produce");
const picture = form.elements.picture;
const drop = form.querySelector(".drop");
const problem = document.getElementById("problem");
const sending = document.getElementById("sending");
const bar = sending.querySelector("progress");
const status = sending.querySelector("[role=status]");
const button = form.querySelector("button");
const chosen = form.querySelector(".chosen");

function say(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

// What was refused is no longer chosen: it would be sent with the form, past what the page says.
function unchoose() {
  picture.value = "";
  chosen.textContent = "";
}

async function send(file) {
  button.disabled = true;
  sending.hidden = false;
  bar.value = 0;
  status.textContent = form.dataset.sending;
  try {
    const key = await upload(form, file, bar);
    if (picture.files[0] !== file) return; // another was chosen meanwhile
    form.elements.upload.value = key;
    bar.value = 1;
    status.textContent = form.dataset.sent;
  } catch (error) {
    if (picture.files[0] !== file) return;
    sending.hidden = true;
    say(error.message || form.dataset.failed);
    if (error instanceof RefusedError) unchoose();
  } finally {
    if ([file, undefined].includes(picture.files[0])) button.disabled = false;
  }
}

drop.classList.add("scripted");
picture.addEventListener("change", () => {
  const [file] = picture.files;
  chosen.textContent = file?.name ?? "";
  form.elements.upload.value = "";
  sending.hidden = true;
  say("");
  if (file) send(file);
});

// What was uploaded is not sent with the form once more.
form.addEventListener("formdata", (event) => {
  if (form.elements.upload.value) event.formData.delete("picture");
});

takeDrops(drop, picture);
