// The conversation on the page: own words at once, answers when they come.

export class Log {
  constructor(chat, texts) {
    this.chat = chat;
    this.texts = texts;
    this.log = chat.querySelector("[data-log]");
    this.standing = chat.querySelector("[data-standing]");
    this.progress = document.querySelector("[data-progress]");
  }

  bubble(id) {
    return this.log.querySelector(`[data-client-id="${CSS.escape(id)}"]`);
  }

  own(entry) {
    if (this.bubble(entry.id)) return;
    const bubble = document.createElement("div");
    bubble.className = "bubble you";
    bubble.dataset.clientId = entry.id;
    const who = document.createElement("span");
    who.className = "sr";
    who.textContent = this.texts.you;
    const words = document.createElement("span");
    words.className = "words";
    words.textContent = entry.shown;
    bubble.append(who, words);
    this.log.append(bubble);
    this.hideChoices(true);
    this.toEnd();
  }

  fate(entry, text) {
    const bubble = this.bubble(entry.id);
    if (!bubble) return;
    bubble.classList.toggle("waiting", Boolean(text));
    bubble.querySelector(".fate")?.remove();
    if (!text) return;
    const fate = document.createElement("span");
    fate.className = "fate";
    fate.textContent = text;
    bubble.append(fate);
  }

  hideChoices(hidden) {
    for (const form of this.log.querySelectorAll("[data-choices]")) form.hidden = hidden;
  }

  // Adds the messages of an answer under what is there.
  add(html) {
    const part = read(html);
    if (!part) return null;
    const news = [...part.querySelector('[data-part="log"]').children];
    this.log.querySelectorAll("[data-choices]").forEach((form) => form.remove());
    this.log.append(...news);
    this.update(part);
    this.show(news[0]);
    return part;
  }

  // Shows the conversation as the server knows it; words without an answer stay.
  replace(html, waiting) {
    const part = read(html);
    if (!part) return null;
    this.log.replaceChildren(...part.querySelector('[data-part="log"]').children);
    this.update(part);
    waiting.forEach((entry) => this.own(entry));
    this.toEnd();
    return part;
  }

  update(part) {
    if (this.standing) {
      const open = this.standing.querySelector("details[open]") !== null;
      const fresh = part.querySelector('[data-part="standing"]');
      if (fresh.textContent.trim() !== this.standing.textContent.trim()) {
        this.standing.replaceChildren(...fresh.children);
        const details = this.standing.querySelector("details");
        if (details) details.open = open;
      }
    }
    if (this.progress && part.dataset.expected) {
      const { answered, expected } = part.dataset;
      const bar = this.progress.querySelector("progress");
      [bar.max, bar.value] = [Math.max(Number(expected), 1), Number(answered)];
      const words = this.progress.querySelector("[data-words]");
      words.textContent = words.dataset.words.replace("%a", answered).replace("%e", expected);
    }
    const lookback = this.chat.querySelector("[data-lookback]");
    if (lookback) lookback.replaceChildren(...part.querySelector('[data-part="lookback"]').children);
    this.finish(part.dataset.state === "done" && this.progress !== null);
  }

  finish(done) {
    const dock = document.querySelector("[data-dock]");
    if (!dock) return;
    dock.hidden = done;
    this.chat.querySelector("[data-after]").hidden = !done;
  }

  // A colleague answered the alert: said once, in the conversation and at the top.
  seen(html) {
    const part = read(html);
    if (!part) return;
    this.update(part);
    for (const line of part.querySelectorAll("[data-seen].seen-line")) {
      if (this.log.querySelector(`.seen-line[data-seen="${CSS.escape(line.dataset.seen)}"]`)) continue;
      this.log.append(line);
      this.show(line);
    }
  }

  toEnd() {
    window.scrollTo({ top: document.documentElement.scrollHeight });
  }

  // The newest words in view; the first of them when they are more than fits.
  show(first) {
    if (!first || this.log.closest(".home-chat")) return first?.scrollIntoView({ block: "nearest" });
    this.toEnd();
    const top = (this.standing?.firstElementChild ?? document.querySelector(".top")).getBoundingClientRect().bottom;
    if (first.getBoundingClientRect().top < top) first.scrollIntoView({ block: "start" });
  }
}

export function read(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector(".part");
}
