// The check of a vignette while it is being written, line numbers, and a jump to the line of a fault. Without this
// script the check comes with each save.

const WAIT = 700; // milliseconds after the last key
const AGAIN = 5000; // and after a check that got no answer

const form = document.querySelector("[data-live-check]");
const text = form.querySelector("textarea");
const lines = form.querySelector("[data-lines]");
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
    if (mine !== asked) return;
    if (!response.ok) throw new Error(response.statusText);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const old of shown.querySelectorAll("details")) {
      const same = fresh.querySelector(`[data-keep="${old.dataset.keep}"]`);
      if (same) same.open = old.open;
    }
    shown.replaceChildren(...fresh.body.childNodes);
    number();
  } catch {
    // No connection now, or too much asked at once.
    clearTimeout(timer);
    timer = setTimeout(check, AGAIN);
  }
}

/** The same lines behind the field: they carry the numbers, and the mark of a fault, however the text wraps. */
function number() {
  const wrong = new Set([...shown.querySelectorAll("[data-line]")].map((one) => Number(one.dataset.line)));
  const drawn = text.value.split("\n").map((words, at) => {
    const line = document.createElement("div");
    line.textContent = words;
    line.classList.toggle("wrong", wrong.has(at + 1));
    return line;
  });
  lines.replaceChildren(...drawn);
  lines.scrollTop = text.scrollTop;
}

function jump(line) {
  const before = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const end = text.value.indexOf("\n", before);
  text.focus({ preventScroll: true });
  text.setSelectionRange(before, end < 0 ? text.value.length : end);
  text.scrollTop = lines.children[line - 1].offsetTop - text.clientHeight / 3;
  text.scrollIntoView({ block: "nearest" });
}

function indent(event) {
  if (event.key !== "Enter" || event.isComposing) return;
  const before = text.value.slice(0, text.selectionStart);
  const space = /^ */.exec(before.slice(before.lastIndexOf("\n") + 1))[0];
  event.preventDefault();
  text.setRangeText(`\n${space}`, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input"));
}

text.addEventListener("input", () => {
  number();
  clearTimeout(timer);
  timer = setTimeout(check, WAIT);
});
text.addEventListener("keydown", indent);
text.addEventListener("scroll", () => (lines.scrollTop = text.scrollTop));
shown.addEventListener("click", (event) => {
  const line = event.target.closest("[data-line]");
  if (line) jump(Number(line.dataset.line));
});
number();
// Somebody may have written before this script was there, and a browser brings back what was written before a reload.
if (text.value !== text.defaultValue) text.dispatchEvent(new Event("input"));
