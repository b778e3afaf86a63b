// What Portico does on top of pages that work without it: dialogs, lists that answer as one types, suggestions, keys.

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const DIALOG = { "X-Portico-Dialog": "1" };
const PAUSE = 150;

function announce(text) {
  const place = one("#announce");
  if (place) { place.textContent = ""; setTimeout(() => { place.textContent = text; }, 50); }
}
/** Another page, whose drawings come along where this one has not got them. */
function adopt(page) {
  for (const each of all("symbol", page)) if (!document.getElementById(each.id)) one(".sheet").append(document.importNode(each, true));
  one(".sheet", page)?.remove();
  return page;
}
const parse = (text) => adopt(new DOMParser().parseFromString(text, "text/html"));
const typing = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

/** One request at a time for each owner: a newer one drops the older. */
const running = new WeakMap();
async function ask(owner, address, options = {}) {
  running.get(owner)?.abort();
  const control = new AbortController();
  running.set(owner, control);
  return fetch(address, { credentials: "same-origin", ...options, signal: control.signal });
}
const dropped = (error) => error.name === "AbortError";

function later(owner, work) {
  clearTimeout(owner.porticoTimer);
  owner.porticoTimer = setTimeout(work, PAUSE);
}

/** What a search asks for; where it keeps ticks, those of the list beside it go along. */
function queryOf(form, button) {
  const data = new FormData(form, button);
  const { keeps } = form.dataset;
  if (keeps) {
    data.delete(keeps);
    for (const tick of all("form[method=post] input:checked", form.closest("[data-dialog-body]") ?? document)) if (tick.name === keeps) data.append(keeps, tick.value);
  }
  const query = new URLSearchParams(data);
  for (const [name, value] of [...query]) if (value === "") query.delete(name);
  const address = new URL(form.action);
  address.search = query;
  return address;
}

function goTo(address) {
  const there = new URL(address, location.href);
  dirty.clear();
  if (there.pathname + there.search === location.pathname + location.search) {
    // Not by `location.hash`: that is a way of its own, and the page with the news would be asked for twice.
    history.replaceState(history.state, "", there);
    location.reload();
  } else location.assign(there);
}

// Dialogs: the page behind a link, lifted into a <dialog>.

let opener = null;

const entered = (dialog) => [...dirty].some((form) => dialog.contains(form));
const mayDrop = (dialog) => !entered(dialog) || confirm("Leave without saving? What you entered here is dropped.");

/** Forms that come back with what was sent before hold something to lose. */
function keep(root, forms) {
  for (const form of all(forms, root)) dirty.add(form);
}

function box() {
  let dialog = one("dialog#dialog");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "dialog";
    dialog.addEventListener("close", () => {
      dirty.clear();
      dialog.replaceChildren();
      if (opener?.isConnected) opener.focus();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target !== dialog) return;
      const edge = dialog.getBoundingClientRect();
      const outside = event.clientY < edge.top || event.clientY > edge.bottom || event.clientX < edge.left || event.clientX > edge.right;
      if (outside && !entered(dialog)) dialog.close();
    });
    dialog.addEventListener("cancel", (event) => { if (!mayDrop(dialog)) event.preventDefault(); });
    // A browser asks "cancel" only once; the second Escape would close whatever was answered.
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      if (mayDrop(dialog)) dialog.close();
    });
    document.body.append(dialog);
  }
  return dialog;
}

// The page below may have the same fields: a dialog's ids get a name of their own, and whatever refers to them follows.
function apart(body) {
  const ids = new Set(all("[id]", body).map((each) => each.id));
  const own = (id) => (ids.has(id) ? `in-dialog-${id}` : id);
  for (const each of [body, ...all("*", body)]) {
    for (const name of ["id", "for", "form", "list", "aria-describedby", "aria-labelledby", "aria-controls"]) {
      const value = each.getAttribute(name);
      if (value) each.setAttribute(name, value.split(" ").map(own).join(" "));
    }
    const href = each.getAttribute("href");
    if (href?.startsWith("#")) each.setAttribute("href", `#${own(href.slice(1))}`);
  }
  return body;
}

function fill(dialog, body) {
  dialog.replaceChildren(apart(document.importNode(body, true)));
  dialog.setAttribute("aria-label", body.getAttribute("aria-label") ?? "");
  counts(dialog);
}

function start(dialog) {
  const first = one(".error-summary", dialog) ?? one("[autofocus]", dialog)
    ?? one("input:not([type=hidden]):not(:disabled), select, textarea", dialog) ?? one(".buttons .button", dialog) ?? one("a, button", dialog);
  first?.focus();
  if (first?.matches("input") && first.value && first.type === "search") first.select();
}

async function openDialog(link) {
  try {
    const answer = await ask(document, link.href, { headers: DIALOG });
    const body = !answer.redirected && one("[data-dialog-body]", parse(await answer.text()));
    if (!body) { location.assign(link.href); return; }
    const dialog = box();
    opener = link.closest("details.menu")?.firstElementChild ?? link;
    fill(dialog, body);
    dialog.dataset.href = link.href;
    dirty.clear();
    if (!dialog.open) dialog.showModal();
    start(dialog);
  } catch (error) {
    if (!dropped(error)) location.assign(link.href);
  }
}

async function sendDialog(dialog, form, button) {
  const data = new FormData(form, button);
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  const action = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const buttons = all("button", dialog);
  for (const each of buttons) each.disabled = true;
  try {
    const answer = await fetch(action, { method: "POST", body, headers: DIALOG, credentials: "same-origin" });
    const next = answer.headers.get("X-Portico-Location");
    if (next) { goTo(next); return; }
    if (answer.redirected) { goTo(answer.url); return; }
    const page = parse(await answer.text());
    const again = one("[data-dialog-body]", page);
    if (again) { fill(dialog, again); keep(dialog, "form[method=post]"); start(dialog); return; }
    const content = one("main", page);
    dialog.close();
    if (content) {
      one("main").replaceWith(document.importNode(content, true));
      (one("main [data-alert]") ?? one("main")).focus();
    }
    else location.reload();
  } catch {
    for (const each of buttons) each.disabled = false;
    announce("The portal did not answer. Nothing is lost; try again.");
    if (!one(".error-summary", dialog)) {
      const note = document.createElement("p");
      note.className = "error-summary";
      note.textContent = "The portal did not answer. Nothing is lost; try again.";
      form.prepend(note);
    }
  }
}

/** The search inside a dialog: what is ticked stays ticked, also when it is no longer among the matches. */
async function searchDialog(dialog, form, button) {
  try {
    const answer = await ask(dialog, queryOf(form, button), { headers: DIALOG });
    const body = one("[data-dialog-body]", parse(await answer.text()));
    if (!body || !dialog.open) return;
    const kept = all("form[method=post] input:checked, input[data-kept]", dialog).map((tick) => [tick.name, tick.value]);
    const field = document.activeElement?.form === form ? document.activeElement : null;
    const typed = field && [field.name, field.value, field.selectionStart];
    fill(dialog, body);
    const target = one("form[method=post]", dialog);
    for (const [name, value] of kept) {
      const rows = all("input[type=checkbox], input[type=radio]", target ?? dialog).filter((each) => each.name === name);
      const row = rows.find((each) => each.value === value);
      if (row) row.checked = true;
      else if (target && !rows.some((each) => each.type === "radio")) {
        const hidden = document.createElement("input");
        Object.assign(hidden, { type: "hidden", name, value });
        hidden.dataset.kept = "";
        target.append(hidden);
      }
    }
    counts(dialog);
    const again = typed && one(`form:not([method=post]) [name="${CSS.escape(typed[0])}"]`, dialog);
    if (again) {
      again.value = typed[1];
      again.focus();
      if (button?.name) again.select();
      else again.setSelectionRange?.(typed[2], typed[2]);
    }
  } catch (error) {
    if (!dropped(error)) location.assign(queryOf(form, button));
  }
}

// Lists that answer as one types.

async function refresh(form, button) {
  const address = queryOf(form, button);
  if (!form.dataset.target) { location.assign(address); return; }
  try {
    const answer = await ask(form, address);
    const page = parse(await answer.text());
    const targets = form.dataset.target.split(" ").map((id) => [document.getElementById(id), page.getElementById(id)]);
    if (answer.redirected || !targets[0]?.[1]) { location.assign(address); return; }
    const ticked = all(".bulk").map((bar) => [bar, ticks(bar).map((each) => [each.name, each.value])]);
    for (const [old, fresh] of targets) if (old && fresh) old.replaceWith(document.importNode(fresh, true));
    for (const [bar, kept] of ticked) tickAgain(bar, kept);
    history.replaceState(history.state, "", address);
    folded();
    counts(document);
    const note = document.getElementById(form.dataset.target.split(" ")[1]);
    if (note?.textContent) announce(note.textContent);
  } catch (error) {
    if (!dropped(error)) location.assign(address);
  }
}

// Rows that unfold what is fetched only then.

function folded() {
  for (const link of all("a.fold:not([aria-expanded])")) link.setAttribute("aria-expanded", "false");
  for (const link of all("a[data-menu]")) Object.assign(link, { role: "button", ariaExpanded: "false" });
}

async function unfold(link) {
  const row = link.closest("tr");
  const open = link.getAttribute("aria-expanded") === "true";
  if (open || row.nextElementSibling?.matches(".detail")) { link.setAttribute("aria-expanded", String(!open)); return; }
  try {
    const answer = await ask(link, link.href);
    const content = !answer.redirected && one("[data-unfolded]", parse(await answer.text()));
    if (!content) { location.assign(link.href); return; }
    const below = document.createElement("tr");
    below.className = "detail";
    const cell = below.insertCell();
    cell.colSpan = row.cells.length;
    cell.append(document.importNode(content, true));
    row.after(below);
    link.setAttribute("aria-expanded", "true");
  } catch (error) {
    if (!dropped(error)) location.assign(link.href);
  }
}

// Three dots: the options of a row stand on a page of their own, and open beside it as a menu.

async function openMenu(link) {
  try {
    const popup = document.createElement("div");
    popup.className = "popup end";
    if (link.dataset.menu) popup.append(Object.assign(document.createElement("a"), { href: link.href, textContent: link.dataset.menu }));
    else {
      const answer = await ask(document, link.href);
      const options = !answer.redirected && one("[data-options]", parse(await answer.text()));
      // Whoever is no longer signed in comes back to the list.
      if (!options) { if (answer.redirected) location.reload(); else location.assign(link.href); return; }
      popup.append(...document.importNode(options, true).childNodes);
    }
    const menu = Object.assign(document.createElement("details"), { className: "menu options", open: true });
    const dots = Object.assign(document.createElement("summary"), { className: "icon-button", ariaLabel: link.ariaLabel });
    dots.append(...link.childNodes);
    menu.append(dots, popup);
    const here = [link, document.body].includes(document.activeElement);
    link.replaceWith(menu);
    if (here) dots.focus();
  } catch (error) {
    if (!dropped(error)) location.assign(link.href);
  }
}

// A menu opens upwards where there is no room below, alone, and closes when the focus leaves it.
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches("details.menu[open]")) return;
  for (const other of all("details.menu[open]")) if (other !== target) other.open = false;
  const popup = one(".popup", target);
  popup.classList.remove("up");
  const { bottom, height } = popup.getBoundingClientRect();
  if (innerHeight < bottom) {
    if (height < target.getBoundingClientRect().top) popup.classList.add("up");
    else popup.scrollIntoView({ block: "nearest" });
  }
}, true);

document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const menu = target.closest?.("details.menu[open]");
  if (menu && relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
});

function walk(menu, step) {
  const entries = all(".popup :is(a, button)", menu);
  const at = entries.indexOf(document.activeElement);
  entries[at < 0 ? (step < 0 ? entries.length - 1 : 0) : (at + step + entries.length) % entries.length]?.focus();
}

function live(form) {
  const dialog = form.closest("dialog");
  // An answer draws a dialog's form anew: the pause is the dialog's, or the old form's would end after Enter, and drop what Enter asked.
  later(dialog ?? form, () => {
    if (dialog) searchDialog(dialog, form.isConnected ? form : one("form[data-live]", dialog) ?? form);
    else if (form.dataset.target) refresh(form);
  });
}

// Ticks and their count.

const ticks = (form) => [...form.elements].filter((each) => each.matches("input[data-kept], input[type=checkbox]:checked:not([data-tick-all])"));

/** What was ticked stays ticked, also when the list shows it no more: then a hidden field stands for it. */
function tickAgain(bar, kept) {
  for (const old of all("[data-kept]", bar)) old.remove();
  for (const [name, value] of kept) {
    const row = [...bar.elements].find((each) => each.type === "checkbox" && each.name === name && each.value === value);
    if (row) { row.checked = true; continue; }
    const hidden = document.createElement("input");
    Object.assign(hidden, { type: "hidden", name, value });
    hidden.dataset.kept = "";
    bar.append(hidden);
  }
}

function clearTicks(bar) {
  for (const each of ticks(bar)) if (each.dataset.kept === undefined) each.checked = false; else each.remove();
  counts(document);
}

function counts(root) {
  for (const place of all("[data-count]", root)) {
    const form = place.closest("form");
    if (!form) continue;
    const count = ticks(form).length;
    place.textContent = count ? `${count} selected` : "";
  }
  for (const top of all("[data-tick-all]", root)) {
    const rows = all("tbody .tick", top.closest("table"));
    const ticked = rows.filter((each) => each.checked).length;
    top.checked = ticked > 0 && ticked === rows.length;
    top.indeterminate = ticked > 0 && ticked < rows.length;
  }
}

// Suggestions under the search field of the top bar.

const search = one("form[data-suggest]");
if (search) {
  const field = one("input", search);
  const list = one("[role=listbox]", search);
  let chosen = -1;
  const choose = (index) => {
    const options = all("[role=option]", list);
    chosen = options.length ? (index + options.length) % options.length : -1;
    options.forEach((option, at) => {
      option.id ||= `suggestion-${at}`;
      option.setAttribute("aria-selected", String(at === chosen));
    });
    if (chosen < 0) field.removeAttribute("aria-activedescendant");
    else { field.setAttribute("aria-activedescendant", options[chosen].id); options[chosen].scrollIntoView({ block: "nearest" }); }
  };
  const show = (open) => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) { chosen = -1; field.removeAttribute("aria-activedescendant"); }
  };
  const look = async () => {
    const words = field.value.trim();
    if (!words) { running.get(search)?.abort(); show(false); return; }
    try {
      const answer = await ask(search, `${search.dataset.suggest}?q=${encodeURIComponent(words)}`);
      if (!answer.ok || answer.redirected) return show(false);
      list.replaceChildren(...document.importNode(parse(await answer.text()).body, true).childNodes);
      chosen = -1;
      show(document.activeElement === field && list.childElementCount > 0);
    } catch { /* The form still searches on Enter. */ }
  };
  field.addEventListener("input", () => later(search, look));
  field.addEventListener("focus", () => { if (field.value.trim() && list.childElementCount) show(true); });
  field.addEventListener("keydown", (event) => {
    const options = all("[role=option]", list);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden || !options.length) return;
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Enter" && !list.hidden && options[chosen]) {
      event.preventDefault();
      options[chosen].click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (list.hidden) field.blur();
      show(false);
    }
  });
  search.addEventListener("focusout", (event) => { if (!search.contains(event.relatedTarget)) show(false); });
  list.addEventListener("mousedown", (event) => event.preventDefault());
}

// Forms: once only, and none left with changes unasked.

const dirty = new Set();

document.addEventListener("input", (event) => {
  const { target } = event;
  const form = target.form;
  if (form?.hasAttribute("data-live")) live(form);
  if (form?.dataset.follows && target.type !== "file") later(form, () => follow(form));
  if (form?.method === "post" && !target.matches(".tick") && !document.body.matches(".plain")) dirty.add(form);
});

// A field that follows a choice, until something else was chosen in it by hand.
function lead(choice) {
  const led = choice.form.elements[choice.dataset.leads];
  const before = [...choice.options].find((option) => option.value === choice.dataset.was);
  if (led && led.value === before?.dataset.lead) led.value = choice.selectedOptions[0].dataset.lead;
  choice.dataset.was = choice.value;
}

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.matches("[data-tick-all]")) for (const tick of all("tbody .tick", target.closest("table"))) tick.checked = target.checked;
  if (target.matches("[type=checkbox]")) counts(document);
  if (target.matches("select[data-leads]")) lead(target);
  if (target.matches("[data-most] input")) weigh(target);
  // A file behind a choice that was left holds up nothing, and is not sent.
  if (target.matches("[type=radio]")) for (const field of all("[data-most] input", target.form ?? undefined)) if (!field.checkVisibility()) { field.value = ""; field.setCustomValidity(""); }
  // Not every way of choosing an option is an input event as well.
  if (target.matches("[data-live] select")) live(target.form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const dialog = form.closest("dialog");
  if (form.hasAttribute("data-live")) { event.preventDefault(); clearTimeout((dialog ?? form).porticoTimer); (dialog ? searchDialog(dialog, form, event.submitter) : refresh(form, event.submitter)); return; }
  if (form.method !== "post") return;
  if (form.porticoSent) { event.preventDefault(); return; }
  if (dialog && !form.hasAttribute("data-plain")) { event.preventDefault(); sendDialog(dialog, form, event.submitter); return; }
  dirty.clear();
  form.porticoSent = true;
  const buttons = [...form.elements].filter((each) => each.matches("button"));
  const stays = form.dataset.follows && event.submitter?.value === "preview";
  const sending = stays || hasPicture(form);
  if (sending) { event.preventDefault(); sendPictures(form, event.submitter, stays); }
  // After the browser has read the form, or the pressed button's value would be missing.
  setTimeout(() => { for (const each of buttons) each.disabled = true; });
  // An answer that is a file leaves the page as it is.
  if (!sending) setTimeout(() => release(form, buttons), 5000);
});

// Pictures: dropped on their card, told at once when they are too large, sent with their progress.

const hasPicture = (form) => all("[data-most] input", form).some((field) => field.files.length);

function weigh(field) {
  const { most, large, single } = field.closest("[data-most]").dataset;
  const files = [...field.files];
  field.setCustomValidity(1 < files.length ? single : files.some((file) => Number(most) < file.size) ? large : "");
  if (field.checkVisibility() && !field.reportValidity()) return;
  if (files.length && field.form.dataset.follows) field.form.requestSubmit(all("[value=preview]", field.form)[1]);
}

/** What stays is drawn again where it is, without a jump. */
function sendPictures(form, button, stays) {
  clearTimeout(form.porticoTimer);
  running.get(form)?.abort();
  const { id, localName } = document.activeElement;
  const bar = Object.assign(document.createElement("progress"), { max: 1, ariaLabel: "Sending" });
  const asked = new XMLHttpRequest();
  asked.open("POST", form.action);
  for (const [name, value] of Object.entries(DIALOG)) asked.setRequestHeader(name, value);
  asked.responseType = "document";
  asked.upload.onprogress = ({ loaded, total }) => { bar.value = loaded / total; };
  asked.onload = async () => {
    const next = asked.getResponseHeader("X-Portico-Location");
    const again = next && stays && await fetch(next).then((answer) => answer.text().then(parse), () => null);
    if (again && one("#preview", again)) {
      one("main").replaceWith(document.importNode(one("main", again), true));
      dress();
      announce(one("main [data-alert]")?.textContent ?? "");
      if (localName !== "body") (document.getElementById(id) ?? one(".save-bar [value=preview]")).focus({ preventScroll: true });
      return;
    }
    const content = !next && asked.response && one("main", adopt(asked.response));
    if (!content) { goTo(next ?? form.action); return; }
    one("main").replaceWith(document.importNode(content, true));
    const wrong = stays && one("main [aria-invalid]");
    if (!wrong) scrollTo(0, 0);
    (wrong || (one("main .error-summary") ?? one("main"))).focus();
    if (form.dataset.follows) follow(one("form[data-follows]"));
  };
  asked.onerror = () => {
    bar.remove();
    release(form);
    announce("The portal did not answer. Nothing is lost; try again.");
  };
  if (hasPicture(form)) button.before(bar);
  asked.send(new FormData(form, button));
}

// Previews that follow what is entered: their page is asked for pieces of itself, of which nothing is kept.

const worn = new CSSStyleSheet();

function dress() {
  worn.replaceSync(one("#preview")?.dataset.sheet ?? "");
  document.adoptedStyleSheets = [worn];
}

async function follow(form) {
  const query = new URLSearchParams(new FormData(form));
  query.delete("form_id");
  try {
    const answer = await ask(form, `${form.dataset.follows}?${query}`);
    if (!answer.ok || answer.redirected) return;
    for (const piece of [...parse(await answer.text()).body.children]) document.getElementById(piece.id)?.replaceWith(document.importNode(piece, true));
    dress();
  } catch { /* The button brings it up to date. */ }
}

const cardBelow = (event) => event.dataTransfer?.types.includes("Files") && event.target.closest?.(".card:has([data-most] input)");
function below(event) {
  const card = cardBelow(event) || null;
  for (const old of all(".dropping")) old.classList.remove("dropping");
  // A drop that misses its card would open the file in place of the form.
  if (event.dataTransfer?.types.includes("Files") && one("[data-most]")) {
    event.preventDefault();
    if (!card) event.dataTransfer.dropEffect = "none";
  }
  return card;
}
addEventListener("dragover", (event) => { below(event)?.classList.add("dropping"); });
addEventListener("dragleave", below);
addEventListener("drop", (event) => {
  const card = below(event);
  if (!card) return;
  one("input[type=radio][value=upload]", card)?.click();
  const field = one("[data-most] input", card);
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

function release(form, buttons = [...form.elements].filter((each) => each.matches("button"))) {
  if (!form.porticoSent) return;
  form.porticoSent = false;
  for (const each of buttons) each.disabled = false;
}

addEventListener("pageshow", () => { for (const form of document.forms) release(form); counts(document); });
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

// What a button with an icon alone is called shows once somebody points at it; a list would carry each name twice.
document.addEventListener("pointerover", (event) => {
  const button = event.target.closest?.(":is(.icon-button, a:not([class]))[aria-label]:not([title])");
  if (button) button.title = button.getAttribute("aria-label");
});

// Clicks.

document.addEventListener("click", (event) => {
  const plainClick = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const copy = event.target.closest("[data-copy]");
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => { announce("Copied"); copy.classList.add("copied"); setTimeout(() => copy.classList.remove("copied"), 1500); }, () => announce("Copying is not allowed here"));
  if (event.target.closest("[data-print]")) print();
  if (event.target.closest("[data-clear]")) clearTicks(event.target.closest("form"));
  const close = event.target.closest("dialog [data-close]");
  if (close) { event.preventDefault(); if (mayDrop(close.closest("dialog"))) close.closest("dialog").close(); return; }
  const fold = event.target.closest("a.fold");
  if (fold && plainClick) { event.preventDefault(); unfold(fold); }
  // The second click of two comes when the menu may be open already.
  if (event.detail > 1 && event.target.closest(".options > summary")) event.preventDefault();
  const dots = event.target.closest("a[data-menu]");
  if (dots && plainClick) { event.preventDefault(); if (event.detail < 2) openMenu(dots); }
  const link = event.target.closest("a[data-dialog]");
  if (link && plainClick) {
    event.preventDefault();
    const menu = link.closest("details.menu");
    if (menu) menu.open = false;
    openDialog(link);
  }
});

// The tab of a page's own part.

function markTab() {
  const tabs = all('.tabs a[href^="#"]');
  const tab = location.hash ? tabs.find((each) => each.hash === location.hash) : tabs[0];
  if (tab) for (const each of tabs) each.toggleAttribute("aria-current", false);
  tab?.setAttribute("aria-current", "page");
}
addEventListener("hashchange", markTab);

// Keys.

const KEYS = [["/", "Search"], ["g o", "Organizations"], ["g s", "SaaS Protection Status"], ["?", "This list"], ["Esc", "Close"]];
const GO = { o: "/organizations", s: "/status/saas" };
let pendingGo = 0;

function showKeys() {
  const body = document.createElement("section");
  body.className = "dialog-body";
  body.setAttribute("aria-label", "Keys");
  const title = Object.assign(document.createElement("h2"), { className: "dialog-title", textContent: "Keys" });
  const list = Object.assign(document.createElement("dl"), { className: "keys" });
  for (const [key, meaning] of KEYS) {
    const term = document.createElement("dt");
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    list.append(term, Object.assign(document.createElement("dd"), { textContent: meaning }));
  }
  const foot = Object.assign(document.createElement("div"), { className: "buttons" });
  const close = Object.assign(document.createElement("button"), { className: "button secondary", type: "button", textContent: "Close" });
  close.dataset.close = "";
  foot.append(close);
  body.append(title, list, foot);
  const dialog = box();
  opener = document.activeElement;
  fill(dialog, body);
  dialog.showModal();
  start(dialog);
}

document.addEventListener("keydown", (event) => {
  const field = one("#q");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && field) {
    event.preventDefault();
    field.focus();
    field.select();
    return;
  }
  const menu = (event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest?.("details.menu[open]");
  if (menu && !typing(event.target)) { event.preventDefault(); walk(menu, event.key === "ArrowDown" ? 1 : -1); return; }
  if (event.key === "Escape") {
    running.get(document)?.abort();
    for (const menu of all("details.menu[open]")) { menu.open = false; one("summary", menu).focus(); }
    return;
  }
  if (event.key === " " && event.target.matches("a[data-menu]")) { event.preventDefault(); event.target.click(); return; }
  // Letters are for people who are signed in, outside fields and dialogs.
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]") || !one("header.top")) return;
  if (pendingGo > event.timeStamp - 1500 && GO[event.key]) { location.assign(GO[event.key]); return; }
  pendingGo = event.key === "g" ? event.timeStamp : 0;
  if (event.key === "/" && field) { event.preventDefault(); field.focus(); field.select(); }
  if (event.key === "?") { event.preventDefault(); showKeys(); }
});

// What became of the last step is read first, and Tab goes on from there.
one("main [data-alert]")?.focus({ preventScroll: location.hash !== "" });

folded();
counts(document);
keep(document, "form[data-kept]");
markTab();
