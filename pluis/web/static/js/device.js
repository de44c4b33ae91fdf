// What is kept on this device: words that are being typed, and words that have no answer yet.

const DRAFT = "pluis.draft.";
const PENDING = "pluis.pending.";
const memory = new Map();

function get(name) {
  try {
    return localStorage.getItem(name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

function set(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // A full or closed store: this page still remembers.
  }
}

function remove(name) {
  memory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing was kept there either.
  }
}

function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(DRAFT) || name.startsWith(PENDING));
  } catch {
    return [];
  }
}

export const draft = (key) => get(DRAFT + key) ?? "";

export function keepDraft(key, text) {
  if (text) set(DRAFT + key, text);
  else remove(DRAFT + key);
}

export function pending(key) {
  try {
    return JSON.parse(get(PENDING + key) ?? "[]");
  } catch {
    return [];
  }
}

export function keepPending(key, list) {
  if (list.length) set(PENDING + key, JSON.stringify(list));
  else remove(PENDING + key);
}

export const unsent = () => names().some((name) => name.startsWith(PENDING));

export const forget = () => [...names(), ...memory.keys()].forEach(remove);

// randomUUID exists on https and on this computer alone.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
