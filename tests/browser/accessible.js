/* What axe finds on a page, as `[rule, [where, …]]` for each rule that is broken.

   Most of axe's time goes into contrast, which it works out for each text anew. Here it does so for
   two of all texts that have the same look: the same elements and classes around them, colours,
   size and weight, on the same grounds. It is these that contrast is made of. Every other rule
   looks at the whole page. */
async () => {
  const TYPED = "input, select, textarea"; // their text is no node of the page
  const LOOK = ["color", "fontSize", "fontWeight", "textShadow", "backgroundColor",
    "backgroundImage", "opacity", "filter", "mixBlendMode", "position", "overflow", "visibility"];

  const chains = new Map([[null, ""]]);
  const chain = (element) => {
    if (!chains.has(element)) {
      const style = getComputedStyle(element);
      const own = [element.localName, element.className.baseVal ?? element.className,
        ...LOOK.map((name) => style[name])];
      chains.set(element, `${chain(element.parentElement)}/${own.join()}`);
    }
    return chains.get(element);
  };
  // What nobody can use may be pale, so it does not speak for what one can.
  const off = (element) => [element, element.closest("label")?.control].some(
    (one) => one?.closest(":disabled, [aria-disabled=true]"));
  const written = (element) => [...element.childNodes].filter(
    (node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("").trim();

  const alike = new Map(); // the first with a look, and that with the longest text
  for (const element of document.querySelectorAll("body, body *")) {
    const length = written(element).length;
    if (!length && !element.matches(TYPED)) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const look = `${chain(element)} ${off(element)}`;
    const [first, longest] = alike.get(look) ?? [element, element];
    alike.set(look, [first, length > written(longest).length ? element : longest]);
  }
  const texts = [...new Set([...alike.values()].flat())];

  const options = { resultTypes: ["violations"] };
  const found = [await axe.run({ ...options, rules: { "color-contrast": { enabled: false } } })];
  if (texts.length) {
    found.push(await axe.run({ include: texts }, { ...options, runOnly: ["color-contrast"] }));
  }
  return found.flatMap((one) => one.violations).map(
    (rule) => [rule.id, rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]);
}
