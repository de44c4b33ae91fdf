// Own alerts on the first page: who has seen them, as soon as somebody has.

import { listen } from "./live.js";

const alerts = document.querySelector("[data-alerts]");

listen(async () => {
  try {
    const response = await fetch("/", { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-alerts]");
    if (fresh && fresh.innerHTML !== alerts.innerHTML) alerts.replaceChildren(...fresh.children);
  } catch {
    // No connection now: the next change or reload brings it.
  }
});
