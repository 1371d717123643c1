// Keeps the pages of a day's work on the phone: once a day by itself when the first page is opened, or on the button.
// Stopped half-way (page left, network gone) it goes on where it was.
"use strict";
jizhi.prepare = (() => {
  const { keep, page } = jizhi;
  const NOTE = "jizhi-prepare", AT_ONCE = 2, CALM = 1500;

  const note = () => { try { return JSON.parse(localStorage.getItem(NOTE)) ?? {}; } catch { return {}; } };
  const write = (state) => localStorage.setItem(NOTE, JSON.stringify(state));
  const sameDay = (time) => new Date(time).toDateString() === new Date().toDateString();

  function tell(detail) {
    self.dispatchEvent(new CustomEvent("jizhi:prepare", { detail }));
  }

  async function wantedPages() {
    const asked = { headers: { "X-Jizhi-Queue": "later", "X-Jizhi-User": page.user }, cache: "no-store" };
    const answer = await fetch(keep.LIST, asked);
    if (!answer.ok) throw new Error(`no list: ${answer.status}`);
    const found = await answer.json();
    await keep.takeList(found);
    return found.pages;
  }

  async function run(since) {
    return navigator.locks.request("jizhi-prepare", { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      write({ user: page.user, since, done: false });
      try {
        const pages = await wantedPages();
        const left = [...pages];
        let count = 0;
        const work = async () => {
          for (let address = left.shift(); address; address = left.shift()) {
            if (await keep.savedAt(address) < since) await takeOne(address);
            count += 1;
            tell({ count, of: pages.length });
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, work));
        write({ user: page.user, since, done: true, pages: pages.length });
        tell({ done: true, count, of: pages.length });
      } catch (failure) {
        tell({ stopped: true });
        console.warn(failure);
      }
    });
  }

  async function takeOne(address) {
    const answer = await fetch(address, { headers: { "X-Jizhi-Keep": "1" }, cache: "no-store" });
    const user = await keep.take(address, answer);
    if (user && user !== page.user) throw new Error("somebody else has signed in");
    if (!user && answer.redirected) throw new Error("signed out");
  }

  async function resume() {
    const state = note();
    const mine = state.user === page.user && sameDay(state.since) && await keep.list() !== null;
    const first = location.pathname === "/field/";
    if (!navigator.onLine || navigator.connection?.saveData || (mine && state.done) || (!mine && !first)) return;
    await run(mine ? state.since : Date.now());
  }

  if (page.works) {
    setTimeout(resume, CALM);
    self.addEventListener("online", () => setTimeout(resume, CALM));
  }
  return { run: () => run(Date.now()), note };
})();
