// Which action a key stands for. The server prints everybody's own keys into the page.
const actions = JSON.parse(document.body.dataset.keys ?? "{}");
const byKey = new Map(Object.entries(actions).filter(([, key]) => key).map(([action, key]) => [key, action]));

// The letter of a key: what it types, or what is printed on it while a Korean input method is on.
export function letterOf(event) {
  if (/^[\x21-\x7e]$/.test(event.key)) return event.key.toLowerCase();
  return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1].toLowerCase() ?? event.key;
}

const ARROWS = { ArrowDown: "down", ArrowUp: "up", Enter: "save" };

export function actionOf(event) {
  return byKey.get(letterOf(event)) ?? ARROWS[event.key];
}

// Whether what has the focus needs the key itself.
export function writing(element) {
  return element.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
}
