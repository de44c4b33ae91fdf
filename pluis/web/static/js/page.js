// What every page does: menus that close, errors that get the focus, a note that can be copied, signing out.

import { forget, unsent } from "./device.js";

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details[data-menu][open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close-menu]");
  if (!closer) return;
  const menu = closer.closest("details");
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.querySelector("[data-focus]")?.focus();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-sign-out]")) return;
  if (unsent() && !window.confirm(form.dataset.ask)) {
    event.preventDefault();
    return;
  }
  forget();
});

async function copy(text, field) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without https there is no clipboard to write to, but a selected text can still be copied.
  field.hidden = false;
  field.select();
  document.execCommand("copy");
  field.hidden = true;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = button.closest(".note").querySelector(".note-source");
  const title = button.textContent;
  await copy(field.value, field);
  button.textContent = button.dataset.done;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => (button.textContent = title), 2500);
});

// The worker keeps the page for moments without a line; it is told to look for a newer one at each visit.
navigator.serviceWorker?.register("/sw.js").then((at) => at?.active?.postMessage("refresh"), () => {});
