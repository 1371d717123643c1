// What the phone keeps of one's own work until it is sent: entries (forms with their photos) and a short list of what
// was sent. Used by pages and by the service worker. An entry leaves only when the server has it or its author says so.
"use strict";
self.jizhi ??= {};
jizhi.store = (() => {
  const SENT_KEPT = 30;
  const channel = new BroadcastChannel("jizhi-queue");
  let opened = null;

  function open() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("jizhi", 1);
      request.onupgradeneeded = () => {
        for (const name of ["entries", "sent"]) {
          request.result.createObjectStore(name, { keyPath: "id", autoIncrement: true }).createIndex("user", "user");
        }
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  }

  // Resolves when the change is really on the disk, not when it was asked for.
  async function change(name, work) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(name, "readwrite", { durability: "strict" });
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => { tell(); resolve(request?.result); };
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  async function read(name, work) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const request = work(database.transaction(name).objectStore(name));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  // Other pages hear it by the channel, this one by the event.
  function tell() {
    channel.postMessage("changed");
    self.dispatchEvent(new Event("jizhi:queue"));
  }
  channel.onmessage = () => self.dispatchEvent(new Event("jizhi:queue"));

  // Photos are copied byte by byte: a file of the camera may be gone when the browser is closed.
  async function packed(data) {
    const fields = [];
    for (const [name, value] of data) {
      if (typeof value === "string") fields.push([name, value]);
      else if (value.size) fields.push([name, new Blob([await value.arrayBuffer()], { type: value.type }), value.name]);
    }
    return fields;
  }

  return {
    tell,
    packed,
    add: (entry) => change("entries", (entries) => entries.add(entry)),
    put: (entry) => change("entries", (entries) => entries.put(entry)),
    remove: (id) => change("entries", (entries) => entries.delete(id)),
    get: (id) => read("entries", (entries) => entries.get(id)),
    of: (user) => read("entries", (entries) => entries.index("user").getAll(user)),
    sent: async (user) => (await read("sent", (sent) => sent.index("user").getAll(user))).reverse(),
    async noteSent(line) {
      await change("sent", (sent) => sent.add(line));
      const old = (await this.sent(line.user)).slice(SENT_KEPT);
      for (const { id } of old) await change("sent", (sent) => sent.delete(id));
    },
  };
})();
