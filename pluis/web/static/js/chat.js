// A conversation without reloading. Everything here also works as plain forms; this keeps words safe on the way.

import { newId } from "./device.js";
import { Composer } from "./composer.js";
import { listen } from "./live.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";

const chat = document.querySelector("[data-chat]");
const texts = JSON.parse(chat.dataset.texts);
const key = chat.dataset.chat;
const log = new Log(chat, texts);
const fateBar = chat.querySelector("[data-fate]");
const typing = chat.querySelector("[data-typing]");
const told = new Set();
let byKeyboard = false;

const others = "BroadcastChannel" in window ? new BroadcastChannel(`pluis.${key}`) : null;

const outbox = new Outbox(key, chat.dataset.say, {
  sending() {
    typing.hidden = false;
  },
  answered(html, entry) {
    settle(entry);
    const part = log.add(html);
    if (part && document.documentElement.lang !== part.lang && chat.dataset.live) location.reload();
    if (byKeyboard) focusChoices();
    others?.postMessage("changed");
  },
  trouble(kind, html, entry) {
    typing.hidden = true;
    log.fate(entry, texts[kind === "kept" ? "waiting" : "unsent"]);
    if (html && !told.has(entry.id)) log.add(html);
    told.add(entry.id);
    showFate(texts[{ offline: "kept_here", kept: "kept", sign_in: "sign_in" }[kind]], kind);
  },
  refused(entry, detail) {
    settle(entry);
    log.bubble(entry.id)?.remove();
    log.hideChoices(false);
    if (entry.typed) composer.giveBack(entry.shown);
    showFate(detail || texts.refused, "refused");
    if (chat.dataset.partAt) refresh();
  },
});

const composer = new Composer(document.querySelector("[data-composer]"), key, (text) => {
  byKeyboard = false;
  const question = [...log.log.querySelectorAll("[data-key]")].at(-1)?.dataset.key;
  send([["text", text], ...(question ? [["question", question]] : [])], text, true);
});

function send(fields, shown, typed = false) {
  const entry = { id: newId(), fields, shown, typed };
  fateBar.hidden = true;
  log.own(entry);
  outbox.add(entry);
}

function settle(entry) {
  typing.hidden = true;
  fateBar.hidden = true;
  log.fate(entry, "");
}

function showFate(text, kind) {
  fateBar.querySelector("[data-fate-text]").textContent = text;
  fateBar.querySelector("[data-retry]").hidden = kind !== "offline" && kind !== "kept";
  fateBar.querySelector("[data-sign-in]").hidden = kind !== "sign_in";
  fateBar.hidden = false;
  log.toEnd();
}

function focusChoices() {
  const form = log.log.querySelector("[data-choices]");
  if (!form) return composer.field.focus({ preventScroll: true });
  form.tabIndex = -1;
  form.focus({ preventScroll: true });
}

function spoken(form, button) {
  const picked = [...form.querySelectorAll("input:checked")];
  if (!picked.length) return button.textContent.trim();
  return picked
    .map((input) => {
      const title = input.nextElementSibling.textContent.trim();
      const legend = input.type === "radio" ? input.closest("fieldset").querySelector("legend").firstChild : null;
      return legend ? `${legend.textContent.trim()}: ${title}` : title;
    })
    .join(form.querySelector('input[type="radio"]') ? "\n" : ", ");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-choices], [data-tools], [data-danger]")) return;
  event.preventDefault();
  const button = event.submitter;
  if (form.querySelector('input[name="pick"]') && !form.querySelector("input:checked")) {
    showFate(texts.empty, "refused");
    return;
  }
  byKeyboard = button.matches(":focus-visible");
  const fields = [...new FormData(form, button)];
  const words = form.matches("[data-tools], [data-danger]") ? button.value : spoken(form, button);
  form.closest("details[data-menu]")?.removeAttribute("open");
  send(fields, words);
});

async function refresh(apply = (html) => log.replace(html, outbox.waiting)) {
  if (!chat.dataset.partAt) return;
  try {
    const response = await fetch(chat.dataset.partAt, { headers: { "X-Requested-With": "pluis", Accept: "application/json" } });
    if (response.ok) apply(await response.text());
  } catch {
    // No connection now: the next event or reload brings it.
  }
}

fateBar.querySelector("[data-retry]").addEventListener("click", () => outbox.now());
others?.addEventListener("message", () => outbox.busy || refresh());
window.addEventListener("pageshow", (event) => event.persisted && refresh());
if (chat.dataset.live) listen(() => refresh((html) => log.seen(html)));

for (const bubble of log.log.querySelectorAll(".bubble.you.waiting")) {
  // Kept by the server and not answered, perhaps from another device: asked once more, as the same message.
  const shown = bubble.querySelector(".words").textContent;
  outbox.add({ id: bubble.dataset.clientId, fields: [["text", shown]], shown });
}
outbox.waiting.forEach((entry) => log.own(entry));
outbox.now();
if (chat.dataset.live) log.toEnd();
