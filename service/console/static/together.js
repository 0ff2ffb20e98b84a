// What each post gets is shown anew with every answer. Without this file a button does it.
const form = document.getElementById("choose");
form.querySelector("button").hidden = true;
form.addEventListener("change", () => form.requestSubmit());
