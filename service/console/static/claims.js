// Whoever ticks a category means that the hashtag claims it, whichever meaning was chosen before.
document.addEventListener("change", ({ target }) => {
  if (target.matches("[name=category]:checked")) document.querySelector("[name=meaning][value=claims]").checked = true;
});
