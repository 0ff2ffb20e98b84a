// The cards of hashtags: which one is being answered, and the answer that a key gives it.
const ANSWERS = ["relevant", "irrelevant", "unverifiable"];
const STEPS = { down: 1, up: -1 };
let cards = [];
let current = 0;

function mark(index) {
  current = Math.min(cards.length - 1, Math.max(0, index));
  cards.forEach((card, at) => card.classList.toggle("now", at === current));
}

function show(index, focus = false) {
  mark(index);
  cards[current].scrollIntoView({ block: "nearest" });
  // The focus follows, so that the hashtag and its answer are read aloud.
  if (focus) (cards[current].querySelector("input:checked") ?? cards[current].querySelector("input")).focus();
}

function choose(card, answer) {
  const radio = card.querySelector(`input[value="${answer}"]`);
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function answerAll(answer) {
  const doubtful = cards.filter((card) => card.matches(".uncertain"));
  for (const card of doubtful) choose(card, answer);
}

function answerOne(answer) {
  const at = current; // the change below moves the mark to this card first
  choose(cards[at], answer);
  const waiting = cards.findIndex((card, index) => index > at && !card.querySelector("input:checked"));
  show(waiting >= 0 ? waiting : at + 1);
}

// What is folded away is neither stepped to nor answered by a key.
function find() {
  cards = [...document.querySelectorAll(".card:has([data-card])")].filter((card) => !card.closest("details:not([open])"));
  document.querySelector(".cards")?.classList.toggle("dense", cards.length > 5);
}

function refold(fold) {
  const before = cards[current];
  before?.classList.remove("now");
  find();
  if (!cards.length) return;
  if (fold.open) show(cards.findIndex((card) => fold.contains(card)), fold.contains(document.activeElement));
  else mark(cards.indexOf(before));
}

function begin() {
  find();
  if (cards.length) mark(0); // without scrolling: on a phone the photograph comes first
}

document.addEventListener("action", (event) => {
  const { action, all } = event.detail;
  if (!cards.length || !(ANSWERS.includes(action) || action in STEPS)) return;
  event.preventDefault();
  if (action in STEPS) show(current + STEPS[action], true);
  else if (all) answerAll(action);
  else answerOne(action);
});

// Agreeing keeps every verdict, so it is no choice any more once an answer differs.
document.addEventListener("change", () => {
  const agree = document.querySelector("[data-action=agree]");
  const differs = [...document.querySelectorAll(".answer input")].some((radio) => radio.checked !== radio.defaultChecked);
  if (agree) agree.disabled = differs || Boolean(document.querySelector(".card.uncertain [data-card]"));
});

for (const kind of ["change", "focusin", "click"]) {
  document.addEventListener(kind, (event) => {
    const at = cards.indexOf(event.target.closest?.(".card"));
    if (at >= 0 && at !== current) show(at);
  });
}

// Does not bubble.
document.addEventListener("toggle", (event) => event.target.matches(".folded") && refold(event.target), true);
document.addEventListener("shown", begin);
begin();
