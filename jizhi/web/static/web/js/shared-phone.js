// Phones are shared: pages that the field keeps for work without network belong to one user. On whatever page another
// user shows up they are gone, and so they are when their user signs out; who has unsent entries is asked first.
// The entries themselves always stay: they are sent when their author signs in again.
"use strict";
(() => {
  const PAGES = "jizhi-pages-", OWNER = "jizhi-owner", QUEUE = "jizhi";
  const { user, signOut, unsent } = document.currentScript.dataset;
  if (!self.caches) return; // only over https, or on the machine itself

  async function drop(isDropped) {
    const names = await caches.keys();
    const dropped = names.filter((name) => name.startsWith(PAGES) && isDropped(name.slice(PAGES.length)));
    await Promise.all(dropped.map((name) => caches.delete(name)));
    if (dropped.length) await caches.delete(OWNER);
  }

  // Resolves with what `work` asked of the queue's database; with undefined where there is none.
  async function ask(mode, work) {
    if (!(await indexedDB.databases?.() ?? []).some(({ name }) => name === QUEUE)) return undefined;
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open(QUEUE);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const database = opening.result;
        const request = work(database.transaction(["entries", "sent"], mode));
        request.onsuccess = () => { database.close(); resolve(request.result); };
        request.onerror = () => { database.close(); reject(request.error); };
      };
    });
  }

  const waiting = () => ask("readonly", (queue) => queue.objectStore("entries").index("user").count(user));
  const forgetSent = () => ask("readwrite", (queue) => queue.objectStore("sent").clear());

  async function leave() {
    self.dispatchEvent(new Event("jizhi:leaving"));
    await drop(() => true);
    await forgetSent();
  }

  if (user) drop((owner) => owner !== user);
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== signOut || event.defaultPrevented) return;
    event.preventDefault();
    const count = await waiting().catch(() => 0);
    if (count && !confirm(unsent)) return;
    await leave().catch(console.warn);
    form.submit();
  });
})();
