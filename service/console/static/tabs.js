// Where a row of tabs is wider than the screen, the tab of this page stands in its middle.
for (const row of document.querySelectorAll(".top nav, .tabs")) {
  const tab = row.querySelector("[aria-current]")?.getBoundingClientRect();
  const shown = row.getBoundingClientRect();
  if (tab) row.scrollLeft += (tab.left + tab.right - shown.left - shown.right) / 2;
}
