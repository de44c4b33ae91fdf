// Keeps one page for the moments without a line: whom to phone. No page about a family is ever kept.

const KEPT = "pluis-offline-1";
const PAGE = "/offline";

async function keep() {
  const answer = await fetch(PAGE, { credentials: "omit" });
  if (!answer.ok) return;
  const text = await answer.clone().text();
  const sheets = [...text.matchAll(/href="(\/static\/[^"]+\.css)"/g)].map((match) => match[1]);
  const kept = await caches.open(KEPT);
  await kept.addAll(sheets);
  await kept.put(PAGE, answer);
  // Only now may what an older version kept go: the line can break at any moment.
  for (const old of await kept.keys()) {
    if (![PAGE, ...sheets].includes(new URL(old.url).pathname)) await kept.delete(old);
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.data === "refresh" && event.waitUntil(keep().catch(() => {})));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const lost = async () => (await caches.match(request.mode === "navigate" ? PAGE : request)) ?? Response.error();
  if (request.mode === "navigate" || (request.destination === "style" && !navigator.onLine)) {
    event.respondWith(fetch(request).catch(lost));
  }
});
