// Move what is larger than its window by dragging it; a press that moves nothing is a click.
const STILL = 4; // pixels within which a hand is still

export function drag(view, clicked) {
  let from = null;

  view.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return; // a finger scrolls by itself
    event.preventDefault(); // else the browser drags a copy of the picture
    view.focus();
    view.setPointerCapture(event.pointerId);
    from = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop, moved: false };
  });
  view.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    from.moved ||= Math.hypot(x, y) > STILL;
    if (from.moved) view.scrollTo(from.left - x, from.top - y);
  });
  view.addEventListener("pointerup", () => {
    const still = from && !from.moved;
    from = null;
    if (still) clicked();
  });
  view.addEventListener("pointercancel", () => { from = null; });
}
