// Every field page: installs the service worker, shows below the title bar what the network and the queue are like, and
// sends what waits when the page opens, when the network comes back, and after a pause.
"use strict";
jizhi.page = (() => {
  const { store, keep, send } = jizhi;
  const user = document.querySelector('meta[name="jizhi-user"]')?.content ?? "";
  const strip = document.getElementById("strip");
  const works = Boolean(
    user && navigator.serviceWorker && navigator.locks && self.caches && self.indexedDB && self.crypto?.randomUUID,
  );
  const saved = document.documentElement.dataset.saved;
  let timer = null;
  let signedOut = false;

  function show(name, on, count) {
    const line = strip?.querySelector(`[data-strip="${name}"]`);
    if (!line) return;
    line.hidden = !on;
    if (count !== undefined) line.querySelector("[data-strip-count]").textContent = String(count);
  }

  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const moment = (milliseconds) => clock.format(new Date(milliseconds));

  async function refresh() {
    const entries = await store.of(user);
    const trouble = entries.filter((entry) => entry.state === "refused" || entry.state === "conflict").length;
    show("waiting", entries.length > trouble, entries.length - trouble);
    show("trouble", trouble > 0, trouble);
    show("offline", !navigator.onLine);
    show("signed-out", signedOut && entries.length > trouble);
  }

  function insert(id, before) {
    const messages = document.getElementById("messages");
    messages.replaceChildren(document.getElementById(id).content.cloneNode(true));
    before?.(messages);
    messages.scrollIntoView({ block: "nearest" });
  }

  async function flush(options = {}) {
    if (!works || !navigator.onLine) return { state: "unreachable" };
    const said = await send.all(user, options);
    signedOut = said.state === "signed_out";
    clearTimeout(timer);
    if (said.next) timer = setTimeout(flush, Math.max(1000, said.next - Date.now()));
    await refresh();
    return said;
  }

  // Where the browser can, it wakes the service worker when the network is back, even with no page open.
  async function askForWakeUp() {
    const registration = await navigator.serviceWorker.ready;
    await registration.sync?.register("jizhi-queue").catch(() => undefined);
  }

  // A kept page holds an old token; its ordinary forms get a fresh one as soon as there is a network.
  async function renewTokens() {
    const found = await send.session(user);
    if (!found.token) return;
    for (const input of document.getElementsByName("csrfmiddlewaretoken")) input.value = found.token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": found.token }));
  }

  async function start() {
    if (!works) return;
    await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" });
    await keep.belongTo(user);
    await keep.dropOld();
    navigator.storage?.persist?.().catch(() => undefined);
    await refresh();
    if (saved && navigator.onLine) await renewTokens();
    await flush({ eager: true });
  }

  if (saved) {
    show("kept", true);
    strip?.querySelector("[data-strip-saved]")?.replaceChildren(moment(Number(saved)));
  }
  self.addEventListener("jizhi:queue", () => refresh());
  self.addEventListener("online", () => flush({ eager: true }));
  self.addEventListener("offline", () => refresh());

  // What needs the server at once says so instead of losing what was typed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const isPost = form.getAttribute("method")?.toLowerCase() === "post";
    if (!isPost || "offline" in form.dataset || navigator.onLine) return;
    event.preventDefault();
    if ("once" in form.dataset) form.dataset.once = "";
    insert("not-online");
  });

  // Searching without network finds among the households that the phone has.
  document.addEventListener("htmx:sendError", (event) => {
    const path = event.detail?.pathInfo?.requestPath ?? "";
    const words = new FormData(event.target.closest("form") ?? undefined).get("q");
    if (path.startsWith("/field/households/") && words !== null) {
      location.assign(`${keep.OFFLINE}?q=${encodeURIComponent(words)}`);
    }
  });

  start();
  return { user, works, moment, flush, refresh, insert, askForWakeUp };
})();
