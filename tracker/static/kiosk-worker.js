/* Keeps the kiosk's page and what it is made of on the tablet, so that it opens without a network. Only beneath /kiosk/:
   a worker serves what lies under its own address. The network always comes first; what it answers is kept for the next time,
   in every language that the page links to, all of them at once: so none is kept that is made of parts which are gone.
   Nothing is sent from here: the queue belongs to the page (kiosk.js). */
const CACHE = "kiosk";
const PAGE = "/kiosk/";
const PATIENCE = 5_000;

addEventListener("install", (event) => {
  event.waitUntil(fetch(PAGE).then(keep).then(() => skipWaiting()));
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate" || pathname === PAGE) event.respondWith(page(request, event));
  else if (pathname.startsWith("/static/")) event.respondWith(part(request));
});

/* A page of the kiosk. Without a network, whatever was asked for is answered with the question, in the language of its address
   or else the kiosk's own: also a form that was just sent, the PIN among them. So a tablet that is offline stays locked. */
async function page(request, event) {
  const { pathname, search } = new URL(request.url), isQuestion = request.method === "GET" && pathname === PAGE;
  const known = (isQuestion && (await caches.match(PAGE + search, { cacheName: CACHE }))) || (await caches.match(PAGE, { cacheName: CACHE }));
  try {
    const asked = fetch(request);
    const answer = await (isQuestion && known ? Promise.race([asked, giveUp()]) : asked);
    if (answer.status >= 500 && known) return known;
    if (isQuestion && !search) event.waitUntil(keep(answer.clone()).catch(() => {}));
    return answer;
  } catch {
    return known || Response.error();
  }
}

function giveUp() {
  return new Promise((_resolve, reject) => setTimeout(reject, PATIENCE));
}

/* A stylesheet or script. Its address carries a fingerprint, so a copy is never out of date. */
async function part(request) {
  return (await caches.match(request, { cacheName: CACHE })) || fetch(request);
}

/* The question with its parts; and nothing at all once the tablet is a kiosk no longer, since the page holds first names. */
async function keep(answer) {
  if (!answer.ok) return;
  const text = await answer.clone().text();
  if (text.includes("data-unpaired")) await caches.delete(CACHE);
  if (!text.includes("data-kiosk=")) return;
  const cache = await caches.open(CACHE);
  const parts = [...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => found[1]);
  const others = [...text.matchAll(/href="(\/kiosk\/\?language=[^"]+)"/g)].map((found) => found[1]);
  await Promise.all(parts.map(async (address) => (await cache.match(address)) || cache.add(address)));
  await cache.addAll(others);
  await cache.put(PAGE, answer);
  const kept = [PAGE, ...others, ...parts];
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (!kept.includes(pathname + search)) await cache.delete(request);
  }
}
