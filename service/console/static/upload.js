// A file that will never be taken, however often it is sent.
export class RefusedError extends Error {}

// A file is put to a URL of its own, which the form's data-uploads gives, and the bar says how far it is.
async function begun(form, file) {
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  body.set("size", file.size);
  body.set("content_type", file.type);
  const answer = await fetch(form.dataset.uploads, { method: "POST", body });
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 422) throw new RefusedError(told.problem);
  if (!answer.ok) throw new Error(told.problem ?? form.dataset.failed);
  return told;
}

// fetch does not tell how much is sent.
function put(url, file, bar, { failed: away, refused }) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.addEventListener("progress", (event) => { bar.value = event.loaded / file.size; });
    request.addEventListener("error", () => failed(new Error(away)));
    request.addEventListener("load", () => {
      if (request.status === 200) done();
      else failed(request.status === 415 ? new RefusedError(refused) : new Error(away));
    });
    request.send(file);
  });
}

// The key of the upload; or an error that says what went wrong.
export async function upload(form, file, bar) {
  const told = await begun(form, file);
  await put(told.url, file, bar, form.dataset);
  return told.key;
}
