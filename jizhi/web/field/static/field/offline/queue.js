// The list of what waits on this phone: what it is, how far it got, and what its author can do with it.
"use strict";
(() => {
  const { store, page, prepare } = jizhi;
  const root = document.getElementById("queue");
  const part = (name, within = root) => within.querySelector(`[data-${name}]`);
  const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

  if (!page.works) {
    document.getElementById("queue-none").hidden = false;
    return;
  }
  root.hidden = false;

  function card(entry) {
    const box = copy("queue-entry");
    const waits = entry.state === "waiting" || entry.state === "sending";
    part("title", box).textContent = [entry.title, entry.whose].filter(Boolean).join(" · ");
    box.querySelector(`[data-state=${entry.state}]`).hidden = false;
    part("recorded", box).textContent = page.moment(entry.recorded);
    part("photos", box).hidden = !entry.photos;
    part("photos-count", box).textContent = String(entry.photos);
    part("summary", box).replaceChildren(...entry.summary.flatMap(([name, words]) => [line("dt", name), line("dd", words)]));
    part("unsure", box).hidden = !(waits && entry.unsure);
    part("sure-unsure", box).hidden = !entry.unsure;
    errors(part("errors", box), entry);
    choices(box, entry, waits);
    return box;
  }

  function line(tag, words) {
    const element = document.createElement(tag);
    element.textContent = words;
    return element;
  }

  function errors(list, entry) {
    const said = entry.state === "refused" ? entry.said.errors : [];
    list.hidden = !said.length;
    list.replaceChildren(...said.map(({ label, texts }) => line("li", (label ? `${label}：` : "") + texts.join(" "))));
  }

  function choices(box, entry, waits) {
    const resolve = part("resolve", box), edit = part("edit", box), sure = part("sure", box), actions = part("actions", box);
    resolve.hidden = entry.state !== "conflict";
    resolve.href = `/field/queue/conflict/#${entry.id}`;
    edit.hidden = entry.state === "conflict" || (waits && entry.unsure);
    edit.href = `${entry.page}#queue=${entry.id}`;
    const ask = (asks) => { sure.hidden = !asks; actions.hidden = asks; };
    part("delete", box).addEventListener("click", () => ask(true));
    part("stay", box).addEventListener("click", () => ask(false));
    part("delete-sure", box).addEventListener("click", () => store.remove(entry.id));
  }

  function sentLine(one) {
    const cell = copy("queue-sent");
    cell.href = one.url;
    part("title", cell).textContent = [one.title, one.whose].filter(Boolean).join(" · ");
    part("at", cell).textContent = page.moment(one.at);
    part("notes", cell).textContent = (one.notes ?? []).filter(({ kind }) => kind !== "success").map(({ text }) => text).join(" ");
    return cell;
  }

  async function draw() {
    const entries = await store.of(page.user);
    const sent = await store.sent(page.user);
    part("entries").replaceChildren(...entries.map(card));
    part("empty").hidden = entries.length > 0;
    part("send").hidden = !entries.some((entry) => entry.state === "waiting");
    part("sent-section").hidden = !sent.length;
    part("sent").replaceChildren(...sent.map(sentLine));
    if (!entries.length) note("kept", false);
  }

  function note(name, on = true) {
    const place = root.querySelector(`[data-note="${name}"]`);
    if (place) place.hidden = !on;
  }

  function drawPrepared() {
    const state = prepare.note();
    const done = state.user === page.user && state.done;
    part("prepared").hidden = !done;
    if (done) part("prepared-at").textContent = page.moment(state.since);
  }

  part("send").querySelector("button").addEventListener("click", async (event) => {
    event.currentTarget.disabled = true;
    const said = await page.flush({ eager: true });
    note("unreachable", said.state === "unreachable");
    part("send").querySelector("button").disabled = false;
  });
  part("prepare-run").addEventListener("click", () => prepare.run());
  self.addEventListener("jizhi:prepare", ({ detail }) => {
    part("progress").hidden = Boolean(detail.done || detail.stopped);
    note("prepare-stopped", Boolean(detail.stopped));
    if (detail.of) {
      Object.assign(part("progress").querySelector("progress"), { max: detail.of, value: detail.count });
      part("progress").querySelector(".progress__text").textContent = `${detail.count} / ${detail.of}`;
    }
    drawPrepared();
  });
  self.addEventListener("jizhi:queue", draw);
  note(location.hash.slice(1));
  draw();
  drawPrepared();
})();
