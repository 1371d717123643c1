// One entry whose record was changed meanwhile: what is there now beside what was entered, and the three ways on.
"use strict";
(async () => {
  const { store, send, page } = jizhi;
  const root = document.getElementById("conflict");
  const part = (name, within = root) => within.querySelector(`[data-${name}]`);
  const entry = page.works ? await store.get(Number(location.hash.slice(1))) : null;

  if (entry?.user !== page.user || entry.state !== "conflict") {
    document.getElementById("conflict-none").hidden = false;
    return;
  }
  const { said } = entry;
  part("text").textContent = said.text;
  part("by").textContent = said.changed_by;
  part("at").textContent = said.changed_at;
  part("title").textContent = [entry.title, entry.whose].filter(Boolean).join(" · ");
  part("recorded").textContent = page.moment(entry.recorded);
  part("photos").hidden = !entry.photos;
  part("photos-count").textContent = String(entry.photos);
  part("rows").replaceChildren(...said.rows.map(({ label, now, yours, differs }) => {
    const row = document.getElementById("versus-row").content.firstElementChild.cloneNode(true);
    for (const [name, words] of Object.entries({ label, now, yours })) part(name, row).textContent = words;
    row.classList.toggle("versus__row--differs", differs);
    return row;
  }));
  const open = said.version !== null;
  part("mine").hidden = part("edit").hidden = !open;
  part("closed").hidden = open;
  part("edit").href = `${entry.page}#queue=${entry.id}`;
  root.hidden = false;

  // Mine on top: the same entry under the version that is there now, and a new key, for it is a new attempt.
  part("mine").addEventListener("click", async (event) => {
    event.currentTarget.disabled = true;
    const fields = entry.fields.map((field) => (field[0] === "version" ? ["version", String(said.version)] : field));
    const key = crypto.randomUUID().replaceAll("-", "");
    await store.put({ ...entry, fields, key, state: "waiting", unsure: false, next: 0, said: null });
    const answer = navigator.onLine ? await send.now(entry.id, page.user) : {};
    if (answer.state === "stored") location.assign(answer.url);
    else if (answer.state === "conflict") location.reload();
    else location.assign("/field/queue/#kept");
  });
  const ask = (asks) => { part("sure").hidden = !asks; };
  part("theirs").addEventListener("click", () => { ask(true); part("sure").scrollIntoView({ block: "nearest" }); });
  part("stay").addEventListener("click", () => ask(false));
  part("theirs-sure").addEventListener("click", async () => {
    await store.remove(entry.id);
    location.assign("/field/queue/");
  });
})();
