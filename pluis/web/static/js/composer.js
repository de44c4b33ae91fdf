// The field to type in: grows with the words, keeps them on this device, sends with Enter where there is a keyboard.

import { draft, keepDraft } from "./device.js";

const KEYBOARD = window.matchMedia("(hover: hover) and (pointer: fine)");

export class Composer {
  constructor(form, key, send) {
    this.form = form;
    this.field = form.querySelector("textarea");
    this.key = key;
    if (!this.field.value) this.field.value = draft(key);
    this.grow();
    this.field.addEventListener("input", () => {
      keepDraft(key, this.field.value);
      this.grow();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || !KEYBOARD.matches) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.field.value;
      if (!text.trim()) return this.field.focus();
      this.fill("");
      send(text);
    });
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  fill(text) {
    this.field.value = text;
    keepDraft(this.key, text);
    this.grow();
  }

  // Words that were refused come back, in front of what was typed meanwhile.
  giveBack(text) {
    this.fill([text, this.field.value].filter(Boolean).join("\n"));
  }
}
