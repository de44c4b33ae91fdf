// Hears that something changed; what changed is fetched by whoever listens, as far as they may see it.

export function listen(changed, away = () => {}) {
  let lost = false;
  const source = new EventSource("/live");
  source.addEventListener("changed", () => changed());
  source.addEventListener("open", () => {
    away(false);
    if (lost) changed();
    lost = false;
  });
  source.addEventListener("error", () => {
    lost = true;
    away(true);
    // After an answer that is no stream the browser gives up; an expired sign-in shows on the next fetch.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(changed, away), 10000);
  });
  window.addEventListener("pagehide", () => source.close());
}
