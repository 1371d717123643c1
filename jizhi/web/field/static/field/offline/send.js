// Sends what waits, one entry after the other, in order. A lock keeps two pages, or a page and the service worker, from
// sending at the same time; the entry's own key makes a repeat after a lost answer harmless on the server.
"use strict";
self.jizhi ??= {};
jizhi.send = (() => {
  const { store } = jizhi;
  const FIRST_PAUSE = 15_000, LONGEST_PAUSE = 15 * 60_000, PATIENCE = 60_000;

  const headers = (user) => ({ "X-Jizhi-Queue": "later", "X-Jizhi-User": user });

  // {user, token}, "signed_out", or "unreachable".
  async function session(user) {
    try {
      const asked = { headers: headers(user), cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
      const answer = await fetch("/field/queue/token/", asked);
      if (answer.status === 401 || answer.status === 403) return "signed_out";
      const found = answer.ok ? await answer.json() : "unreachable";
      return found;
    } catch {
      return "unreachable";
    }
  }

  function form(entry) {
    const data = new FormData();
    for (const [name, value, file] of entry.fields) {
      if (file === undefined) data.append(name, value);
      else data.append(name, value, file);
    }
    data.set("request_key", entry.key);
    return data;
  }

  async function post(entry, token, way) {
    const answer = await fetch(entry.url, {
      method: "POST",
      body: form(entry),
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE * 3),
      headers: {
        ...headers(entry.user),
        "X-Jizhi-Queue": way,
        "X-CSRFToken": token,
        "X-Jizhi-Recorded": String(entry.recorded),
        "X-Jizhi-Sent": String(Date.now()),
      },
    });
    const isData = answer.headers.get("Content-Type")?.startsWith("application/json");
    return isData ? answer.json() : { state: "failed", status: answer.status };
  }

  // One entry; returns what became of it: stored, refused, conflict, signed_out, or failed (to be tried again).
  async function one(entry, token, way) {
    // From here on nobody knows whether the server has it, until it answers; a page killed now leaves it so.
    await store.put({ ...entry, state: "sending", unsure: true });
    let said;
    try {
      said = await post(entry, token, way);
    } catch {
      said = { state: "failed", lost: true };
    }
    return settle(entry, said);
  }

  async function settle(entry, said) {
    if (said.state === "stored") {
      const { id, user, title, whose } = entry;
      await store.noteSent({ entry: id, user, title, whose, url: said.url, notes: said.notes, at: Date.now() });
      await store.remove(entry.id);
    } else if (said.state === "refused" || said.state === "conflict") {
      await store.put({ ...entry, state: said.state, said });
    } else if (said.state === "signed_out") {
      await store.put({ ...entry, state: "waiting" });
    } else {
      const tries = (entry.tries ?? 0) + 1;
      const pause = Math.min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE);
      await store.put({ ...entry, state: "waiting", tries, unsure: true, next: Date.now() + pause });
    }
    return said;
  }

  const isDue = (entry, at, eager) => (entry.state === "waiting" || entry.state === "sending")
    && (entry.held ?? 0) <= at && (eager || (entry.next ?? 0) <= at);

  // Everything of this user that is due; with `eager` also what is in a pause. Resolves with
  // {state: done | busy | signed_out | unreachable, next: when to try again}.
  async function all(user, { eager = false } = {}) {
    return navigator.locks.request("jizhi-send", { ifAvailable: true }, async (lock) => {
      if (!lock) return { state: "busy" };
      const waiting = (await store.of(user)).filter((entry) => isDue(entry, Date.now(), eager));
      if (!waiting.length) return { state: "done", next: await nextTry(user) };
      const found = await session(user);
      if (typeof found === "string") return { state: found, next: Date.now() + FIRST_PAUSE };
      for (const { id } of waiting) {
        const entry = await store.get(id);
        if (!entry) continue;
        const said = await one(entry, found.token, "later");
        if (said.state === "signed_out") return { state: "signed_out" };
        if (said.lost) break; // the network is gone again: the others would fare alike
      }
      return { state: "done", next: await nextTry(user) };
    });
  }

  async function nextTry(user) {
    const times = (await store.of(user)).filter((entry) => entry.state === "waiting")
      .map((entry) => Math.max(entry.next ?? 0, entry.held ?? 0));
    return times.length ? Math.max(Math.min(...times), Date.now() + 1000) : 0;
  }

  // The entry just filled in, while its author waits. Waits for its turn behind whatever is being sent; where that took
  // this entry along, its answer is there already.
  async function now(id, user) {
    return navigator.locks.request("jizhi-send", async () => {
      const entry = await store.get(id);
      const sent = entry ? null : (await store.sent(user)).find((line) => line.entry === id);
      if (sent) return { state: "stored", url: sent.url };
      if (!entry) return { state: "gone" };
      if (entry.state === "refused" || entry.state === "conflict") return entry.said;
      const found = await session(user);
      if (found === "signed_out") return { state: "signed_out" };
      if (typeof found === "string") return { state: "failed" };
      return one(entry, found.token, "now");
    });
  }

  return { all, now, session };
})();
