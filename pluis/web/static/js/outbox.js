// Sends messages one by one, in order, and keeps each on this device until it has its answer.
// The same message sent twice has the same id, and is then one turn.

import { keepPending, pending } from "./device.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const PATIENCE = 25000;

export class Outbox {
  #key;
  #url;
  #on;
  #busy = false;
  #wait = FIRST_WAIT;
  #timer = 0;

  // on: sending(), answered(html, entry), trouble(kind, html, entry), refused(entry, detail)
  // kind: "offline" | "kept" | "sign_in"
  constructor(key, url, on) {
    [this.#key, this.#url, this.#on] = [key, url, on];
    window.addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
    window.addEventListener("focus", () => this.now());
  }

  get waiting() {
    return pending(this.#key);
  }

  get busy() {
    return this.#busy;
  }

  add(entry) {
    if (!this.waiting.some((one) => one.id === entry.id)) keepPending(this.#key, [...this.waiting, entry]);
    this.now();
  }

  now() {
    clearTimeout(this.#timer);
    if (!this.#busy && this.waiting.length) this.#send(this.waiting[0]);
  }

  async #send(entry) {
    this.#busy = true;
    this.#on.sending();
    const outcome = await this.#post(entry);
    this.#busy = false;
    if (outcome.done) {
      keepPending(this.#key, this.waiting.filter((one) => one.id !== entry.id));
      this.#wait = FIRST_WAIT;
    }
    outcome.tell();
    if (outcome.done) this.now();
    else if (outcome.again) {
      this.#timer = setTimeout(() => this.now(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    }
  }

  async #post(entry) {
    let response, body;
    try {
      response = await fetch(this.#url, {
        method: "POST",
        body: new URLSearchParams([...entry.fields, ["client_id", entry.id]]),
        headers: { "X-Requested-With": "pluis", Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      body = await response.text();
    } catch {
      return { again: true, tell: () => this.#on.trouble("offline", "", entry) };
    }
    const html = (response.headers.get("content-type") ?? "").startsWith("text/html") ? body : "";
    if (response.ok) return { done: true, tell: () => this.#on.answered(html, entry) };
    if (response.status === 401) return { tell: () => this.#on.trouble("sign_in", "", entry) };
    const problem = html ? { kept: true } : parse(body);
    if (response.status >= 500 || response.status === 429 || response.status === 408) {
      return { again: true, tell: () => this.#on.trouble(problem.kept ? "kept" : "offline", html, entry) };
    }
    return { done: true, tell: () => this.#on.refused(entry, problem.detail ?? "") };
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
