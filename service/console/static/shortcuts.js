// Single keys, on every page. A page's own file may answer to the event "action"; where none does,
// the control that is marked with the action is pressed. Every control works without this file.
import { actionOf, letterOf, writing } from "./keymap.js";

export function perform(action, all = false) {
  const asked = new CustomEvent("action", { cancelable: true, detail: { action, all } });
  if (!document.dispatchEvent(asked)) return true;
  const control = document.querySelector(`[data-action="${action}"]:not(:disabled)`);
  control?.click();
  return Boolean(control);
}

function number(letter) {
  return /^\d$/.test(letter)
    && !document.dispatchEvent(new CustomEvent("number", { cancelable: true, detail: letter }));
}

// Enter and arrows mean what they always mean to a control that has the focus.
function belongsToControl(event) {
  if (event.key === "Enter") return event.target.matches("a, button, summary");
  return event.key.startsWith("Arrow") && event.target.matches("input, [role=tab]");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (document.querySelector("dialog[open]") || writing(event.target) || belongsToControl(event)) return;
  const action = actionOf(event);
  const acted = action ? perform(action, event.shiftKey) : number(letterOf(event));
  if (acted) event.preventDefault();
});
