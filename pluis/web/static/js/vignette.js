// The check of a vignette while it is being written; without this script it comes with each save.

const WAIT = 700; // milliseconds after the last key

const form = document.querySelector("[data-live-check]");
const text = form.querySelector("textarea");
const shown = form.querySelector("[data-check]");
let timer = 0;
let asked = 0;

async function check() {
  const mine = ++asked;
  try {
    const response = await fetch("/vignettes/check", {
      method: "POST",
      headers: { "X-Requested-With": "pluis" },
      body: new URLSearchParams({ text: text.value }),
    });
    if (!response.ok || mine !== asked) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const open = shown.querySelector("details")?.open;
    shown.replaceChildren(...fresh.body.childNodes);
    const preview = shown.querySelector("details");
    if (preview && open !== undefined) preview.open = open;
  } catch {
    // No connection now: the next key or the next save checks again.
  }
}

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(check, WAIT);
});
