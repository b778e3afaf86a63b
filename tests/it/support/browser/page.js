// What a person finds on a page, by its words. Sent before each question by browser.rs; it leaves the page as it was.

const squash = text => (text ?? "").replace(/[\s\u00a0]+/g, " ").trim();

// Text that only screen readers get is clipped to a dot.
function clipped(element) {
  const style = getComputedStyle(element);
  return style.overflow !== "visible" && element.offsetWidth <= 1 && element.offsetHeight <= 1 && style.position === "absolute";
}

function shown(element) {
  const box = element.getBoundingClientRect();
  return element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && (box.width > 1 || box.height > 1);
}

const usable = element =>
  shown(element) && !element.matches(":disabled, [aria-disabled=true]") && !element.closest("[inert]");

const UNREAD = new Set(["script", "style", "template", "svg", "textarea", "input", "datalist", "iframe", "video", "canvas"]);

// The words under `root` as written in the HTML, so that `text-transform` does not matter. innerText is not enough: it obeys
// `text-transform`, lists the options nobody chose, and reads out what is clipped away.
function words(root, { forEars = false, withoutControls = false } = {}) {
  let out = "";
  const walk = node => {
    if (node.nodeType === Node.TEXT_NODE) {
      const style = getComputedStyle(node.parentElement);
      if (style.visibility !== "visible") return;
      out += style.whiteSpace.startsWith("pre") ? node.data : node.data.replace(/\s+/g, " ");
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || UNREAD.has(node.localName)) return;
    if (node.localName === "br") { out += "\n"; return; }
    const display = getComputedStyle(node).display;
    if (display !== "contents" && !node.checkVisibility({ opacityProperty: !forEars })) return;
    if (!forEars && clipped(node)) return;
    if (node.localName === "select") {
      if (!withoutControls) out += " " + [...node.selectedOptions].map(option => option.label).join(" ") + " ";
      return;
    }
    const inline = display.startsWith("inline") || display === "contents";
    if (!inline) out += "\n";
    else if (display !== "inline" && display !== "contents") out += " ";
    const closed = node.localName === "details" && !node.open;
    for (const child of node.childNodes) if (!closed || child.localName === "summary") walk(child);
    if (display === "table-cell") out += "\t";
    else if (!inline) out += "\n";
    else if (display !== "inline" && display !== "contents") out += " ";
  };
  walk(root);
  return out;
}

const text = () =>
  words(document.body).split("\n").map(line => line.replace(/[ \t\u00a0]+/g, " ").trim()).filter(line => line).join("\n");

const has = (root, wanted) => squash(words(root)).includes(squash(wanted));

// Behind an open modal dialog nothing can be reached.
function reach() {
  const open = [...document.querySelectorAll("dialog")].filter(dialog => dialog.matches(":modal"));
  return open.find(dialog => dialog.contains(document.activeElement)) ?? open.at(-1) ?? document.body;
}

const named = element => (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(id => id)
  .map(id => document.getElementById(id)?.textContent ?? "").join(" ");

const pick = (items, rank) => {
  let best = null, low = Infinity;
  for (const item of items) {
    const place = rank(item);
    if (place < low) { best = item; low = place; }
  }
  return best;
};

// 0 the same words; 1 the words and a mark or a count ("Email *", "Alerts 3"); 2 the first words, when asked loosely.
function nearness(names, wanted, loose) {
  let best = Infinity;
  for (const name of names.map(squash)) {
    if (!name || !name.startsWith(wanted)) continue;
    const rest = name.slice(wanted.length);
    if (rest === "") best = Math.min(best, 0);
    else if (/^[\s\d*:().,…›→▾▼+-]*$/.test(rest) || /^\s*\(?(optional|required)\)?$/i.test(rest)) best = Math.min(best, 1);
    else if (loose && /^[^\p{L}\p{N}]/u.test(rest)) best = Math.min(best, 2);
  }
  return best;
}

const PRESSED = "button, a[href], summary, input[type=submit], input[type=button], input[type=reset], input[type=image], "
  + ["button", "link", "tab", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "switch", "checkbox", "radio"]
    .map(role => `[role=${role}]`).join(", ");
const TICKED = "input[type=checkbox], input[type=radio]";

function pressedNames(element) {
  const pictures = [...element.querySelectorAll("img[alt], svg title")].map(one => one.getAttribute("alt") ?? one.textContent);
  const value = element.localName === "input" && !element.matches(TICKED) ? element.value || element.alt : "";
  return [words(element), words(element, { forEars: true }), element.getAttribute("aria-label"), named(element), element.title,
    value, pictures.join(" ")];
}

function clickableIn(root, wanted, loose) {
  return pick([...root.querySelectorAll(`${PRESSED}, label, ${TICKED}`)].filter(usable), element => {
    const place = nearness(pressedNames(element), squash(wanted), loose) * 2;
    return element.matches("label, " + TICKED) ? place + 1 : place;
  });
}

const centered = element => {
  element?.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  return element;
};

const clickable = (wanted, loose) => centered(clickableIn(reach(), wanted, loose));

const clickables = () => [...reach().querySelectorAll(PRESSED)].filter(usable)
  .map(element => pressedNames(element).map(squash).find(name => name)).filter(name => name);

const ROW = "tr, li, section, article, [data-row]";

// The innermost rows that show the text; those where it stands alone (a cell, a heading) before those that merely contain it.
function rows(wanted) {
  const holding = [...reach().querySelectorAll(ROW)].filter(row => shown(row) && has(row, wanted));
  const inner = holding.filter(row => !holding.some(other => other !== row && row.contains(other)));
  const alone = row => [row, ...row.querySelectorAll("*")].some(element => squash(element.textContent) === squash(wanted));
  return [...inner.filter(alone), ...inner.filter(row => !alone(row))];
}

function clickableInRow(row, wanted, loose) {
  for (let area of rows(row)) {
    while (area) {
      const found = clickableIn(area, wanted, loose);
      if (found) return centered(found);
      area = area.parentElement?.closest("tr, li, [data-row]");
    }
  }
  return null;
}

const rowHas = (row, wanted) => rows(row).some(one => {
  const whole = one.closest("tr, [data-row]") ?? one;
  return has(whole, wanted);
});

const rowTexts = row => rows(row).map(one => squash(words(one)));

const FIELDS = {
  text: "input:not([type=checkbox], [type=radio], [type=file], [type=hidden], [type=submit], [type=button], [type=reset], "
    + "[type=image]), textarea, [contenteditable=true]",
  select: "select",
  tick: `${TICKED}, [role=checkbox], [role=switch], [role=radio]`,
  file: "input[type=file]",
};

const labels = element => [...(element.labels ?? [])];

const fieldNames = element => [...labels(element).flatMap(label => [
  words(label, { withoutControls: true }), words(label, { withoutControls: true, forEars: true })]),
  element.getAttribute("aria-label"), named(element), element.placeholder, element.title];

function field(kind, wanted, loose) {
  // A tick or a file field may be drawn by its label alone.
  const drawn = element => usable(element)
    || (kind !== "text" && kind !== "select" && !element.disabled && labels(element).some(usable));
  return centered(pick([...reach().querySelectorAll(FIELDS[kind])].filter(drawn),
    element => nearness(fieldNames(element), squash(wanted), loose)));
}

const fieldList = () => [...reach().querySelectorAll(Object.values(FIELDS).join(", "))]
  .map(element => fieldNames(element).map(squash).find(name => name)).filter(name => name);

// Focuses a field with its content selected, so that typing replaces it. Date fields take no selection: their value is set.
function readied(kind, wanted, loose, value) {
  const element = field(kind, wanted, loose);
  if (!element || element.readOnly) return null;
  element.focus();
  if (["date", "time", "datetime-local", "month", "week", "color", "range"].includes(element.type)) {
    element.value = value;
    for (const name of ["input", "change"]) element.dispatchEvent(new Event(name, { bubbles: true }));
    return { done: true };
  }
  if (element.select) element.select();
  else getSelection().selectAllChildren(element);
  return { done: false, element, empty: (element.value ?? element.textContent) === "" };
}

const value = (wanted, loose) => {
  const element = field("text", wanted, loose) ?? field("select", wanted, loose);
  if (!element) return null;
  return element.localName === "select" ? squash(element.selectedOptions[0]?.label) : element.value ?? element.textContent;
};

// The option of a select, or the button of a radio group, under that label.
function choice(wanted, option, loose) {
  const select = field("select", wanted, loose);
  if (select) return pick([...select.options].filter(one => !one.disabled),
    one => nearness([one.label, one.text], squash(option), loose));
  const group = [...reach().querySelectorAll("fieldset, [role=radiogroup]")].find(one => nearness(
    [one.querySelector("legend")?.textContent, one.getAttribute("aria-label"), named(one)], squash(wanted), loose) < Infinity);
  const radio = group && pick([...group.querySelectorAll("input[type=radio]:enabled")],
    one => nearness(fieldNames(one), squash(option), loose));
  return radio ? handle(radio) : null;
}

const handle = element => usable(element) ? element : labels(element).find(usable) ?? element;

function tick(wanted, loose) {
  const element = field("tick", wanted, loose);
  if (!element) return null;
  return { on: element.checked ?? element.getAttribute("aria-checked") === "true", press: handle(element) };
}
