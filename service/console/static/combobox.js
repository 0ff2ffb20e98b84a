// A combobox and its list box (WAI-ARIA Authoring Practices): the focus stays in the field, the
// arrows mark an option, Enter takes the marked one. Options are {name, key?}.
import { match } from "./fuzzy.js";

function item({ name, key }, id) {
  const row = document.createElement("li");
  row.role = "option";
  row.id = id;
  row.append(Object.assign(document.createElement("span"), { textContent: name }));
  if (key) row.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  return row;
}

// `eager`: the first option is marked before anything is typed. `take` gets the option. `asked` is
// called with what is typed and may put further options under the matching ones with `append`.
export class Combobox {
  constructor({ field, list, none, eager, take, asked = () => {} }) {
    Object.assign(this, { field, list, none, eager, take, asked, options: [], shown: [], current: -1 });
    field.addEventListener("input", () => this.#filter());
    field.addEventListener("keydown", (event) => this.#press(event));
    list.addEventListener("click", (event) => this.#takeAt([...list.children].indexOf(event.target.closest("li"))));
  }

  fill(options) {
    this.options = options;
    this.field.value = "";
    this.#filter();
    this.field.focus();
  }

  #filter() {
    const typed = this.field.value;
    this.shown = this.options
      .map((option) => ({ ...option, points: match(typed, option.name) }))
      .filter(({ points }) => points !== null);
    if (typed.trim()) this.shown.sort((one, other) => other.points - one.points);
    this.#show(this.eager || typed.trim() ? 0 : -1);
    this.asked(typed.trim());
  }

  append(options) {
    this.shown.push(...options);
    this.#show(Math.max(this.current, 0));
  }

  #show(marked) {
    this.list.replaceChildren(...this.shown.map((option, at) => item(option, `${this.list.id}-${at}`)));
    this.none.textContent = this.shown.length ? "" : this.none.dataset.says;
    this.#mark(marked);
  }

  #mark(index) {
    this.current = Math.min(this.shown.length - 1, index);
    [...this.list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === this.current)));
    if (this.current < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", this.list.children[this.current].id);
    this.list.children[this.current]?.scrollIntoView({ block: "nearest" });
  }

  #press(event) {
    const count = this.shown.length;
    const steps = { ArrowDown: () => this.#mark((this.current + 1) % count), ArrowUp: () => this.#mark((Math.max(this.current, 0) + count - 1) % count), Enter: () => this.#takeAt(this.current) };
    if (event.isComposing || !(event.key in steps)) return;
    event.preventDefault();
    if (count) steps[event.key]();
  }

  #takeAt(index) {
    if (this.shown[index]) this.take(this.shown[index]);
  }
}
