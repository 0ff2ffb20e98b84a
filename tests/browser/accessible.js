/* What axe finds on a page: `broken` as `[rule, [where, …]]` for each rule that is broken, and
   `good`, the numbers of the looks that axe found legible.

   Most of axe's time goes into contrast, which it works out for each text anew. Here it does so for
   two of all texts that have the same look: the same elements and classes around them, colours,
   size and weight, on the same grounds. It is these that contrast is made of. A look that is among
   `known`, a list as JSON, was legible on another page. Every other rule looks at the whole page;
   without `everything` only the rules run that depend on colours. All rules run at once, because
   axe finds out anew for each run what can be seen where. */
async ({ known, everything }) => {
  const TYPED = "input, select, textarea"; // their text is no node of the page
  const LOOK = ["color", "fontSize", "fontWeight", "textShadow", "backgroundColor",
    "backgroundImage", "opacity", "filter", "mixBlendMode", "position", "overflow", "visibility"];

  // 53 bits for a text and what it follows: FNV-1a, twice with other factors.
  const number = (before, text) => {
    let [high, low] = [0x811c9dc5, 0x9747b28c];
    for (const letter of `${before} ${text}`) {
      high = Math.imul(high ^ letter.codePointAt(), 0x01000193);
      low = Math.imul(low ^ letter.codePointAt(), 0x5bd1e995);
    }
    return (high >>> 0) * 2 ** 21 + (low >>> 11);
  };
  const chains = new Map([[null, 0]]);
  const chain = (element) => {
    if (!chains.has(element)) {
      const style = getComputedStyle(element);
      const own = [element.localName, element.className.baseVal ?? element.className,
        ...LOOK.map((name) => style[name])];
      chains.set(element, number(chain(element.parentElement), own.join()));
    }
    return chains.get(element);
  };
  // What nobody can use may be pale, so it does not speak for what one can.
  const off = (element) => [element, element.closest("label")?.control].some(
    (one) => one?.closest(":disabled, [aria-disabled=true]"));
  const written = (element) => [...element.childNodes].filter(
    (node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("").trim();

  const legible = new Set(JSON.parse(known));
  const alike = new Map(); // the first with a look, and that with the longest text
  for (const element of document.querySelectorAll("body, body *")) {
    const length = written(element).length;
    if (!length && !element.matches(TYPED)) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const look = number(chain(element), `${off(element)}`);
    if (legible.has(look)) continue;
    const [first, longest] = alike.get(look) ?? [element, element];
    alike.set(look, [first, length > written(longest).length ? element : longest]);
  }
  const looks = new Map([...alike].flatMap(([look, texts]) => texts.map((text) => [text, look])));

  const contrast = axe._audit.rules.find((rule) => rule.id === "color-contrast");
  contrast.everywhere ??= contrast.matches;
  contrast.matches = (element, ...more) => looks.has(element) && contrast.everywhere(element, ...more);
  axe.configure({ noHtml: true }); // of each element that a rule looks at, which nobody reads here
  axe.addReporter("as they are", (results, options, done) => done(results));
  const options = { reporter: "as they are", preload: { assets: ["media"] } }; // no style sheets
  let found = [];
  if (everything) {
    found = await axe.run(options);
  } else if (looks.size) {
    const runOnly = ["color-contrast", "link-in-text-block"];
    found = await axe.run({ include: [...looks.keys()] }, { ...options, runOnly });
  }

  const good = new Set();
  const looksOf = (results) => results.map((one) => looks.get(one.node.element));
  for (const { id, passes, violations } of found) {
    if (id !== "color-contrast") continue;
    looksOf(passes).forEach((look) => good.add(look));
    looksOf(violations).forEach((look) => good.delete(look));
  }
  const html = ({ node }) => node.element.outerHTML.slice(0, 200);
  const broken = found.filter((rule) => rule.violations.length).map(
    (rule) => [rule.id, rule.violations.slice(0, 3).map(html)]);
  return { broken, good: [...good] };
}
