// What stands beside a post comes after the post. Without this file it is a link to a page.
const PAUSE_MS = 150; // who goes on at once asks for nothing

class Beside extends HTMLElement {
  async connectedCallback() {
    const link = this.querySelector("a");
    if (!link || this.dataset.asked) return;
    this.dataset.asked = "yes";
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (!this.isConnected) return;
    try {
      const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) return; // the link is still there
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (this.isConnected) this.replaceChildren(...page.body.childNodes);
    } catch {
      // Offline, or on to the next post already: the link is still there.
    }
  }
}

// Answers that were chosen already go along, and the filter of the queue.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-action=together]");
  const answers = document.getElementById("answers");
  if (!link || !answers) return;
  const address = new URL(link.href);
  for (const [name, value] of new URLSearchParams(location.search)) address.searchParams.set(name, value);
  for (const [name, value] of new FormData(answers)) {
    if (name.startsWith("verdict-")) address.searchParams.set(name, value);
  }
  link.href = address;
});

customElements.define("load-beside", Beside);
