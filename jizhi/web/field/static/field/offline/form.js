// A form with data-offline="kind" is kept on the phone first and sent then, at once if there is a network. Also gives a
// kept entry back to its form (#queue=number) to be edited. Without scripts the same form is an ordinary one.
//   data-offline-title, data-offline-whose: what the list of waiting entries says of it.
"use strict";
(() => {
  const { store, send, page } = jizhi;
  const PATIENCE = 20_000, HELD = 15 * 60_000;
  const OWN = new Set(["csrfmiddlewaretoken", "request_key"]);
  let edited = null;

  const newKey = () => crypto.randomUUID().replaceAll("-", "");
  const wait = (time) => new Promise((resolve) => { setTimeout(() => resolve({ state: "slow" }), time); });
  const label = (input) => input.closest("fieldset")?.querySelector("legend") ?? input.labels?.[0] ?? null;

  // A label without its mark that the field may stay empty.
  function wordsOf(element) {
    const copy = element?.cloneNode(true);
    copy?.querySelector(".field__optional")?.remove();
    return copy?.textContent.trim() ?? "";
  }

  function said(input) {
    if (input.type === "radio" || input.type === "checkbox") return input.checked ? wordsOf(input.labels?.[0]) : "";
    if (input.type === "select-one") return input.value ? input.selectedOptions[0].textContent.trim() : "";
    return input.type === "file" ? "" : input.value.trim();
  }

  // A button that says something by itself (data-label) comes first.
  function summary(form, submitter) {
    const pressed = submitter?.dataset.label ? [[submitter.dataset.label, submitter.textContent.trim()]] : [];
    return pressed.concat([...form.elements]
      .filter((input) => input.name && input.type !== "hidden" && input.type !== "submit")
      .map((input) => [wordsOf(label(input)), said(input)]).filter(([, words]) => words));
  }

  async function entryOf(form, submitter) {
    const data = new FormData(form, submitter?.name ? submitter : null);
    for (const name of OWN) data.delete(name);
    const url = new URL(form.getAttribute("action") || location.href, location.href);
    return {
      user: page.user,
      kind: form.dataset.offline,
      title: form.dataset.offlineTitle || document.title,
      whose: form.dataset.offlineWhose || "",
      url: url.pathname + url.search,
      page: location.pathname + location.search,
      summary: summary(form, submitter),
      photos: [...data.values()].filter((value) => value instanceof File && value.size).length,
      fields: await store.packed(data),
      key: edited?.unsure ? edited.key : newKey(),
      unsure: edited?.unsure ?? false,
      recorded: Date.now(),
      state: "waiting",
    };
  }

  async function submit(form, submitter) {
    const button = submitter ?? form.querySelector("button:not([type=button])");
    button?.classList.add("is-busy");
    try {
      if (edited && await isGone(edited)) return void location.assign("/field/queue/#gone");
      const entry = await entryOf(form, submitter);
      const id = edited ? await store.put({ ...entry, id: edited.id }) : await store.add(entry);
      page.askForWakeUp();
      const answer = navigator.onLine ? await Promise.race([send.now(id, page.user), wait(PATIENCE)]) : { state: "slow" };
      await follow(form, id, answer);
    } catch (failure) {
      page.insert("not-kept");
      console.warn(failure);
    } finally {
      button?.classList.remove("is-busy");
      if ("once" in form.dataset) form.dataset.once = "";
    }
  }

  // Sent from another tab, or deleted there, while it was being edited: what is typed now would be a second one.
  async function isGone({ id, key }) {
    const there = await store.get(id);
    return there?.key !== key || there.state === "sending";
  }

  async function follow(form, id, answer) {
    if (answer.state === "stored") location.assign(answer.url);
    else if (answer.state === "conflict") location.assign(`/field/queue/conflict/#${id}`);
    else if (answer.state === "refused") {
      if (!edited) await store.remove(id); // it stands in the form, its author before it
      showErrors(form, answer.errors);
    } else location.assign("/field/queue/#kept");
  }

  function showErrors(form, errors) {
    for (const old of form.querySelectorAll("[data-refusal]")) old.remove();
    const loose = errors.filter(({ name, texts }) => !name || !atField(form, name, texts));
    page.insert("form-refused", (place) => {
      const text = loose.flatMap(({ label: of, texts }) => texts.map((one) => (of ? `${of}：${one}` : one))).join(" ");
      place.querySelector(".message__more").textContent = text;
    });
    form.querySelector("[aria-invalid=true]")?.focus();
  }

  function atField(form, name, texts) {
    const input = form.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`);
    const field = input?.closest(".field");
    if (!field) return false;
    const line = document.createElement("div");
    line.className = "field__error";
    line.dataset.refusal = "";
    line.textContent = texts.join(" ");
    field.classList.add("has-error");
    field.append(line);
    input.setAttribute("aria-invalid", "true");
    return true;
  }

  // Gives an entry back to its form.
  async function refill(id) {
    const entry = await store.get(id);
    const form = entry?.user === page.user && document.querySelector(`form[data-offline="${CSS.escape(entry.kind)}"]`);
    if (!form) return void location.replace("/field/queue/#no-form");
    const given = Map.groupBy ? Map.groupBy(entry.fields, ([name]) => name) : grouped(entry.fields);
    for (const input of form.elements) {
      if (input.name && !OWN.has(input.name) && input.name !== "version") fill(input, given.get(input.name) ?? []);
    }
    keepMoment(form, entry);
    for (const part of [form.closest("details"), ...form.querySelectorAll("details")]) if (part) part.open = true;
    if (entry.said?.version && form.elements.version) form.elements.version.value = entry.said.version;
    edited = entry;
    if (entry.state === "waiting") await store.put({ ...entry, held: Date.now() + HELD }); // not sent while it is edited
    if (entry.said?.errors) showErrors(form, entry.said.errors);
  }

  // A form whose moment is that of its button (data-offline-moment names the field to key it in instead) keeps it when it
  // is edited later.
  function keepMoment(form, entry) {
    const field = form.elements[form.dataset.offlineMoment];
    if (field && !field.value) field.value = local(entry.recorded).slice(0, 16);
  }

  function grouped(fields) {
    const found = new Map();
    for (const field of fields) found.set(field[0], [...found.get(field[0]) ?? [], field]);
    return found;
  }

  function fill(input, fields) {
    const values = fields.map(([, value]) => value);
    if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
    else if (input.type === "file") {
      const files = new DataTransfer();
      for (const [, blob, name] of fields) files.items.add(new File([blob], name, { type: blob.type }));
      input.files = files.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (input.type === "select-multiple") {
      for (const option of input.options) option.selected = values.includes(option.value);
    } else if (input.type !== "submit" && values.length) input.value = fields.shift()[1];
  }

  const local = (time) => new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString();

  // A page kept yesterday offers yesterday as today.
  function renewDays() {
    const day = (time) => local(time).slice(0, 10);
    const saved = document.documentElement.dataset.saved;
    if (!saved) return;
    for (const input of document.querySelectorAll("form[data-offline] input[type=date]")) {
      if (input.max === day(Number(saved))) input.max = day(Date.now());
      if (input.value === day(Number(saved))) input.value = day(Date.now());
    }
  }

  // The report kept without a household, opened from a household's page, names that household.
  async function nameHousehold() {
    const id = Number(new URLSearchParams(location.search).get("household"));
    const box = document.querySelector("form[data-offline] [name=household_no]");
    if (!id || !box || box.value || !("saved" in document.documentElement.dataset)) return;
    const household = (await jizhi.keep.list())?.households.find((one) => one.id === id);
    if (household) box.value = household.no;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("offline" in form.dataset) || !page.works || event.defaultPrevented) return;
    event.preventDefault();
    submit(form, event.submitter);
  });
  renewDays();
  if (page.works) nameHousehold();
  const wanted = /^#queue=(\d+)$/.exec(location.hash);
  if (wanted && page.works) refill(Number(wanted[1]));
})();
