// What the pages can do beyond plain forms: keys, decisions without a new page, tags while pasting.
// Without this file everything still works. Keys go by their place on the keyboard (event.code), so that
// Unikey, Telex and the Vietnamese layout don't get in the way.
"use strict";

const FRAGMENT = { "X-Fragment": "1" };
const KEYS_OFF = "thetin-keys-off";
const PASTE_PAUSE_MS = 250;

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function announce(text) {
  const place = one("#announce");
  place.textContent = "";
  // A screen reader speaks only when the text changes after it has seen the empty place.
  setTimeout(() => { place.textContent = text; }, 50);
}

function errorIn(html) {
  const told = new DOMParser().parseFromString(html, "text/html").querySelector(".oops p");
  return told ? told.textContent : "";
}

function complain(place, text) {
  all(".alert.told", place).forEach((each) => each.remove());
  const alert = document.createElement("p");
  alert.className = "alert told";
  alert.setAttribute("role", "alert");
  alert.textContent = text;
  place.prepend(alert);
  place.scrollTop = 0;
}

// ---- decisions: send the form, put the new state in place, keep the reader's place -----------------

const desk = one("#desk");
let sending = Promise.resolve();

function selectedCard() {
  const active = document.activeElement;
  return active ? active.closest(".card") : null;
}

function showDesk(html, focus) {
  const opened = all("details[open][id]", desk).map((each) => each.id);
  const scrolled = one("#tags .list", desk).scrollTop;
  const hash = location.hash;
  desk.innerHTML = html;
  opened.forEach((id) => { const details = document.getElementById(id); if (details) details.open = true; });
  one("#tags .list", desk).scrollTop = scrolled;
  // What was looked for stands at the end of a list that scrolls.
  const found = focus === "add" ? one("#add .options button", desk) : null;
  const target = found || (focus ? document.getElementById(focus) : null);
  if (target) target.focus({ preventScroll: !found });
  if (hash.startsWith("#at-")) light(hash.slice(4));
  const state = one(".state", desk).dataset;
  document.title = state.title;
  announce(state.alert || state.said);
  const alert = one(".alert", desk);
  if (alert) alert.scrollIntoView({ block: "center" });
  showKeysSwitch();
}

async function send(form, button) {
  const card = form.closest(".card");
  const body = new URLSearchParams(new FormData(form));
  if (button && button.name) body.append(button.name, button.value);
  const isFind = form.method === "get";
  const address = isFind ? `${location.pathname}?${body}` : form.getAttribute("action");
  try {
    const response = await fetch(address, isFind ? { headers: FRAGMENT } : { method: "POST", body, headers: FRAGMENT });
    const focus = card ? card.id : isFind ? "add" : "tags";
    const isArticle = new URL(response.url).pathname.startsWith("/articles/");
    const html = isArticle ? await response.text() : "";
    const error = errorIn(html);
    if (error) {
      complain(one("#tags .list", desk), error);
    } else if (response.redirected && isArticle) {
      history.pushState(null, "", response.url);  // the next article
      showDesk(html, "main");
      scrollTo(0, 0);
      one("#tags .list", desk).scrollTop = 0;
    } else if (isArticle) {
      showDesk(html, focus);
    } else {
      location.assign(response.url);  // the queue is done, or nobody is signed in any more
    }
  } catch {
    complain(one("#tags .list", desk), desk.dataset.offline);
  }
}

function onSubmit(event) {
  const button = event.submitter;
  event.preventDefault();
  const form = event.target;
  const card = form.closest(".card");
  // One after the other: each decision carries the revision that the one before it made.
  sending = sending.then(() => {
    if (form.isConnected) return send(form, button);
    const where = card ? `#${card.id}` : ".verdict";
    const again = button ? one(`${where} button[value="${button.value}"]`) : null;
    return again ? send(again.form, again) : undefined;
  });
}

// ---- a tag and its places in the text light each other ---------------------------------------------

function light(ref) {
  all("mark[data-refs], .card[data-ref]").forEach((each) => {
    const refs = (each.dataset.refs || each.dataset.ref).split(" ");
    each.classList.toggle("lit", Boolean(ref) && refs.includes(ref));
  });
}

function onPoint(event) {
  const card = event.target.closest(".card[data-ref]");
  const mark = event.target.closest("mark[data-refs]");
  if (card) light(card.dataset.ref);
  else if (mark) light(mark.dataset.refs.split(" ").pop());
  else if (event.type === "mouseover") light(selectedCard() ? selectedCard().dataset.ref : "");
}

function onMarkClick(event) {
  const mark = event.target.closest("mark[data-refs]");
  if (!mark || String(getSelection())) return;
  const card = document.getElementById(mark.dataset.refs.split(" ").pop());
  if (card) { card.focus(); card.scrollIntoView({ block: "nearest" }); }
}

// ---- keys ----------------------------------------------------------------------------------------

const keysAreOff = () => localStorage.getItem(KEYS_OFF) === "1";

function isTyping(element) {
  return element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
}

function move(step) {
  const stops = desk ? all(".card", desk) : all(".row");
  if (!stops.length) return;
  const active = desk ? selectedCard() : document.activeElement;
  const at = stops.indexOf(active);
  const next = stops[at < 0 ? (step > 0 ? 0 : stops.length - 1) : Math.min(Math.max(at + step, 0), stops.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(element) {
  if (element.matches("input")) { element.focus(); element.select(); }
  else if (element.matches("summary")) {
    const details = element.parentElement;
    details.open = !details.open;
    const first = details.open ? one("input:not([type=hidden]), textarea", details) : null;
    (first || element).focus();
  } else element.click();
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape" && isTyping(event.target)) {
    const card = event.target.closest(".card");
    if (card) card.focus(); else event.target.blur();
    return;
  }
  if (isTyping(event.target) || keysAreOff()) return;
  const code = event.code.replace("Numpad", "Digit");
  if (!event.shiftKey && (code === "KeyJ" || code === "KeyK")) {
    event.preventDefault();
    move(code === "KeyJ" ? 1 : -1);
    return;
  }
  const card = selectedCard();
  const mine = card && !event.shiftKey ? one(`[data-card-key="${code}"]`, card) : null;
  const target = mine || one(`[data-key="${(event.shiftKey ? "Shift+" : "") + code}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("a, button") && target.form && target.form.closest(".card")) target.form.closest(".card").focus();
  press(target);
}

function showKeysSwitch() {
  const button = one("#keys-switch");
  if (!button) return;
  button.hidden = false;
  button.textContent = keysAreOff() ? button.dataset.on : button.dataset.off;
}

function onClick(event) {
  if (event.target.id !== "keys-switch") return;
  localStorage.setItem(KEYS_OFF, keysAreOff() ? "0" : "1");
  showKeysSwitch();
}

// ---- pasting: tags as soon as the text stands still ------------------------------------------------

function watchPaste(form) {
  const preview = one("#preview");
  const area = one("textarea", form);
  let timer = 0;
  let newest = 0;

  async function ask() {
    if (!area.value.trim()) return;
    const number = ++newest;
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, text: area.value, action: "show" });
    preview.classList.add("busy");
    preview.setAttribute("aria-busy", "true");
    try {
      const response = await fetch("/paste", { method: "POST", body, headers: FRAGMENT });
      const html = await response.text();
      if (number !== newest) return;  // a later text overtook this one
      const error = errorIn(html);
      if (error) { complain(preview, error); return; }
      preview.innerHTML = html;
      const said = one("[data-said]", preview);
      if (said) announce(said.dataset.said);
    } catch {
      complain(preview, form.dataset.offline);
    } finally {
      preview.classList.remove("busy");
      preview.removeAttribute("aria-busy");
    }
  }

  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PASTE_PAUSE_MS); });
}

// ---- start ---------------------------------------------------------------------------------------

document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
if (desk) {
  desk.addEventListener("submit", onSubmit);
  desk.addEventListener("mouseover", onPoint);
  desk.addEventListener("focusin", onPoint);
  desk.addEventListener("click", onMarkClick);
  showKeysSwitch();
  addEventListener("popstate", () => location.reload());
}
const paste = one("#paste");
if (paste) watchPaste(paste);
