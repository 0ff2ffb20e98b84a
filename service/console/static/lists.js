// The keys of a list of posts: the focus moves, and Enter opens what has it.
import { rememberList, returnToPlace } from "./listplace.js";

const STEPS = { down: 1, up: -1 };

document.addEventListener("action", (event) => {
  const step = STEPS[event.detail.action];
  const posts = [...document.querySelectorAll(".cover")];
  if (!step || !posts.length) return;
  event.preventDefault();
  const at = posts.indexOf(document.activeElement);
  const next = posts[Math.min(posts.length - 1, Math.max(0, at + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
});

document.addEventListener("click", (event) => {
  const cover = event.target.closest(".cover");
  if (cover) rememberList(cover.id);
});
returnToPlace();
