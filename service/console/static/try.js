// Try it without leaving the page. Without this file the form is sent and answered as a page.
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

async function judge() {
  const shown = [...files.files];
  button.disabled = true;
  result.setAttribute("aria-busy", "true");
  const label = button.textContent;
  button.textContent = result.dataset.busy;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "fetch" },
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // An error page (signed out, too large) is a whole page: its main part says what happened.
    result.replaceChildren(...(page.getElementById("main") ?? page.body).childNodes);
    document.dispatchEvent(new CustomEvent("drawn", { detail: shown }));
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
files.addEventListener("change", () => {
  const names = [...files.files].map((file) => file.name);
  form.querySelector(".chosen").textContent = names.join(", ");
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  judge();
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
  files.files = event.dataTransfer.files;
  files.dispatchEvent(new Event("change"));
});
