// A click on a card without leaving the page: the shelves come back as they are now. Without this
// file the form is sent and answered as a page.
const shelves = document.getElementById("shelves");
const said = document.getElementById("said");

function say(text, isSeen = false) {
  said.className = isSeen ? "notice" : "unseen";
  said.textContent = text;
}

function put(html, place) {
  shelves.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  // Whoever goes from card to card by keyboard stays at the place of the one that went.
  const buttons = shelves.querySelectorAll("button[value]");
  buttons[Math.min(place, buttons.length - 1)]?.focus({ preventScroll: true });
}

async function send(form, button) {
  const body = new FormData(form, button);
  const place = [...shelves.querySelectorAll("button[value]")].indexOf(button);
  shelves.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(answer.statusText);
    put(await answer.text(), place);
    say(said.dataset.changed);
  } catch {
    say(said.dataset.failed, true);
  } finally {
    shelves.removeAttribute("aria-busy");
  }
}

shelves.addEventListener("submit", (event) => {
  event.preventDefault();
  if (shelves.hasAttribute("aria-busy")) return; // the click before is not answered yet
  send(event.target, event.submitter);
});
