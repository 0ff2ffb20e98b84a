// How far a run in the background is, asked every two seconds; once it is over the page is new.
const EVERY = 2000;
const place = document.querySelector(".progress[data-address]");
const bar = place.querySelector("progress");
const words = place.querySelector("[role=status]");

async function ask() {
  try {
    const answer = await fetch(place.dataset.address, { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) {
      const now = await answer.json();
      if (now.over) return location.reload();
      bar.max = now.total;
      bar.value = now.seen;
      if (words.textContent !== now.text) words.textContent = now.text;
    }
  } catch { /* the network is away: ask again */ }
  setTimeout(ask, EVERY);
}

setTimeout(ask, EVERY);
