// The inbox: follows what happens without disturbing somebody who is writing in it.

import { listen } from "./live.js";

const inbox = document.querySelector("[data-inbox]");
const voice = document.querySelector("[data-say]");
const away = document.querySelector("[data-away]");
const options = { headers: { "X-Requested-With": "pluis", Accept: "application/json" } };
const writing = new Set();

async function refresh() {
  try {
    const response = await fetch(inbox.dataset.inbox, options);
    if (response.status === 401) location.reload();
    if (response.ok) put(await response.text());
  } catch {
    away.hidden = false;
  }
}

function put(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.querySelector("[data-waiting]");
  const known = new Map([...inbox.querySelectorAll("[data-alert]")].map((card) => [card.dataset.alert, card]));
  const focus = inbox.contains(document.activeElement) ? document.activeElement : null;
  const focused = focus?.id;
  const news = [];
  for (const card of fresh.querySelectorAll("[data-alert]")) {
    const old = known.get(card.dataset.alert);
    if (!old) news.push(card.dataset.speak);
  }
  for (const name of writing) keepForm(name, fresh);
  const open = [...inbox.querySelectorAll("details[open][data-keep]")].map((details) => details.dataset.keep);
  for (const name of open) fresh.querySelector(`details[data-keep="${CSS.escape(name)}"]`)?.setAttribute("open", "");
  inbox.replaceChildren(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  else if (focus?.isConnected) focus.focus({ preventScroll: true });
  tell(Number(fresh.dataset.waiting), news);
  count();
}

// A form in which somebody is writing moves over as it is.
function keepForm(name, fresh) {
  const [before, after] = [inbox, fresh].map((one) => one.querySelector(`details[data-keep="${CSS.escape(name)}"]`));
  if (before && after) after.replaceWith(before);
}

function tell(waiting, news) {
  document.title = `${waiting ? `(${waiting}) ` : ""}${voice.dataset.title} – Pluis`;
  away.hidden = true;
  if (news.length) voice.textContent = news.map((one) => voice.dataset.new.replace("{alert}", one)).join(". ");
}

function count() {
  for (const one of inbox.querySelectorAll("[data-until]")) {
    const minutes = Math.round((new Date(one.dataset.until) - Date.now()) / 60000);
    const { late, soon, far } = one.dataset;
    const text = minutes < 0 ? late : minutes < 120 ? soon.replace("%m", Math.max(minutes, 1)) : far;
    if (one.textContent !== text) one.textContent = text;
  }
}

inbox.addEventListener("input", (event) => {
  const form = event.target.closest("details[data-keep]");
  if (form) writing.add(form.dataset.keep);
});

inbox.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-acknowledge]")) return;
  event.preventDefault();
  const card = form.closest("[data-alert]").id;
  form.querySelector("button").disabled = true;
  try {
    const response = await fetch(form.action, { ...options, method: "POST" });
    if (!response.ok) return form.submit();
    put(await response.text());
    const next = document.querySelector(`#${card} [data-next], #${card} .decide > summary`);
    next?.focus({ preventScroll: true });
  } catch {
    away.hidden = false;
    form.querySelector("button").disabled = false;
  }
});

listen(refresh, (lost) => (away.hidden = !lost));
setInterval(count, 10000);
setInterval(refresh, 60000);
