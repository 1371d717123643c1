// Pages kept for a day without network, and whose they are. One owner at a time: as soon as a page of another user
// comes by, everything kept for the first is gone. Used by pages and by the service worker.
"use strict";
self.jizhi ??= {};
jizhi.keep = (() => {
  const PREFIX = "jizhi-pages-", STATIC = "jizhi-static", OWNER = "jizhi-owner";
  const DAYS_KEPT = 7;
  const LIST = "/field/queue/pages/", OFFLINE = "/field/offline/";

  // Whoever signs out takes the pages along; none may come back behind them.
  let left = false;
  self.addEventListener("jizhi:leaving", () => { left = true; });

  async function owner() {
    const kept = await caches.match("/owner", { cacheName: OWNER });
    return kept ? kept.text() : "";
  }

  async function belongTo(user) {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== PREFIX + user) await caches.delete(name);
    }
    if (await owner() !== user) await (await caches.open(OWNER)).put("/owner", new Response(user));
  }

  async function wipe() {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) || name === OWNER) await caches.delete(name);
    }
  }

  async function mine() {
    const user = await owner();
    return user ? caches.open(PREFIX + user) : null;
  }

  const whose = (html) => /<meta name="jizhi-user" content="([^"]+)">/.exec(html)?.[1] ?? "";
  const key = (address) => { const url = new URL(address, location.origin); return url.pathname + url.search; };
  const isKept = (url) => url.pathname.startsWith("/field/") && !url.searchParams.has("q");

  const isYoung = (kept) => Date.now() - Number(kept.headers.get("X-Saved")) < DAYS_KEPT * 86_400_000;

  function dated(body, type) {
    return new Response(body, { headers: { "Content-Type": type, "X-Saved": String(Date.now()) } });
  }

  // What was just done is told once, not on every later look at the kept page.
  const withoutBanners = (html) => html.replace(/(<div id="messages"[^>]*>)[\s\S]*?(<\/div>\s*<main )/, "$1$2");

  // Keeps an answer if it is a page of the field that says whose it is; returns that user.
  async function take(address, answer) {
    const html = answer.headers.get("Content-Type")?.startsWith("text/html");
    if (left || answer.status !== 200 || answer.redirected || !html) return "";
    const text = withoutBanners(await answer.text());
    const user = whose(text);
    if (!user) return "";
    await belongTo(user);
    if (isKept(new URL(address, location.origin))) {
      const pages = await caches.open(PREFIX + user);
      await pages.put(key(address), dated(text, "text/html; charset=utf-8"));
    }
    await takeParts(text);
    return user;
  }

  // Styles, scripts and pictures of our own that a page names.
  async function takeParts(html) {
    const shelf = await caches.open(STATIC);
    for (const [, part] of html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)) {
      if (!await shelf.match(part)) await shelf.add(part).catch(() => undefined);
    }
  }

  async function savedAt(address) {
    const kept = await (await mine())?.match(key(address));
    return kept ? Number(kept.headers.get("X-Saved")) : 0;
  }

  async function list() {
    const kept = await (await mine())?.match(LIST);
    return kept && isYoung(kept) ? kept.json() : null;
  }

  async function takeList(found) {
    await belongTo(found.user);
    await (await caches.open(PREFIX + found.user)).put(LIST, dated(JSON.stringify(found), "application/json"));
  }

  // The page itself, or the same page of another household of the village with number and name exchanged.
  async function find(address) {
    const pages = await mine();
    if (!pages) return null;
    const kept = await pages.match(key(address));
    if (kept) return marked(kept, (html) => html);
    const plain = /^([^?]+)\?household=\d+$/.exec(key(address))?.[1]; // form.js names the household in it
    const unnamed = plain && await pages.match(plain);
    if (unnamed) return marked(unnamed, (html) => html);
    const [, id, rest] = /^\/field\/households\/(\d+)\/(.+)$/.exec(key(address)) ?? [];
    const found = id && await list();
    const household = found?.households.find((one) => one.id === Number(id));
    const sample = household && found.samples[household.village];
    const alike = sample && await pages.match(`/field/households/${sample}/${rest}`);
    return alike ? marked(alike, (html) => exchanged(html, sample, household)) : null;
  }

  function exchanged(html, sample, household) {
    const name = household.name.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
    return html.replaceAll(`/field/households/${sample}/`, `/field/households/${household.id}/`)
      .replace(/(<bdi data-household>)[^<]*/g, (_, mark) => mark + name)
      .replace(/(data-offline-whose=")[^"]*/g, (_, mark) => mark + name);
  }

  // The page knows then that it is a kept one, and since when.
  async function marked(kept, changed) {
    if (!isYoung(kept)) return null;
    const saved = kept.headers.get("X-Saved");
    const html = changed(await kept.text()).replace("<html ", `<html data-saved="${saved}" `);
    return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  }

  async function dropOld() {
    const pages = await mine();
    for (const request of await pages?.keys() ?? []) {
      const kept = await pages.match(request);
      if (kept && !isYoung(kept)) await pages.delete(request);
    }
  }

  return { STATIC, OFFLINE, LIST, owner, belongTo, wipe, take, takeParts, savedAt, list, takeList, find, dropOld };
})();
