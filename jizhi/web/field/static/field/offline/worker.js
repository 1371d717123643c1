// The service worker of the field pages: network first, then what the phone has. It answers reading only; what is
// filled in goes through the queue (send.js), also from here when the network comes back and no page is open.
"use strict";
const PATIENCE = 4000;
const { keep, send } = jizhi;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    // Without a user, for a phone on which nobody is signed in; replaced by the user's own when pages are kept.
    const answer = await fetch(keep.OFFLINE, { credentials: "omit", headers: { "Accept-Language": navigator.language } });
    const shelf = await caches.open(keep.STATIC);
    await shelf.put(keep.OFFLINE, answer.clone());
    await keep.takeParts(await answer.text());
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
  else if (request.mode === "navigate" && url.pathname.startsWith("/field/")) {
    const network = fetch(request);
    event.waitUntil(network.then((answer) => keep.take(url, answer.clone())).catch(() => undefined));
    event.respondWith(page(url, network));
  }
});

// A name with a digest never changes its content; others are asked for while there is a network.
async function part(request) {
  const shelf = await caches.open(keep.STATIC);
  const kept = await shelf.match(request);
  if (kept && /\.[0-9a-f]{12}\./.test(request.url)) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await shelf.put(request, answer.clone());
    return answer;
  } catch (failure) {
    if (kept) return kept;
    throw failure;
  }
}

async function page(url, network) {
  const slow = new Promise((resolve) => { setTimeout(() => resolve("slow"), PATIENCE); });
  const first = await Promise.race([network.catch(() => "gone"), slow]);
  const isAnswer = first instanceof Response;
  if (isAnswer && first.status < 500) return first;
  const kept = await keep.find(url);
  if (kept) return kept;
  if (isAnswer) return first;
  const late = first === "slow" ? await network.catch(() => null) : null;
  return late ?? await keep.find(keep.OFFLINE) ?? await caches.match(keep.OFFLINE, { cacheName: keep.STATIC });
}

self.addEventListener("sync", (event) => {
  if (event.tag === "jizhi-queue") event.waitUntil(sendInBackground());
});

// Failing tells the browser to wake us again later.
async function sendInBackground() {
  const user = await keep.owner();
  const said = user ? await send.all(user, { eager: true }) : null;
  if (said?.state === "unreachable") throw new Error("no network yet");
}
