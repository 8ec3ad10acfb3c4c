// Keys for moderators and for whoever works through another list. They work only while the focus is inside the queue's region, never while
// somebody types or composes a Chinese word, and can be switched off. Each key presses a button or
// follows a link that everybody sees; without this file nothing is missing but the keys.
const STORE = "kaifong-queue-keys";
const TYPING = "textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])";

function switchedOn() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function keep(on) {
  try {
    localStorage.setItem(STORE, on ? "on" : "off");
  } catch {
    // Storage is refused: the choice holds for this page.
  }
}

function press(control) {
  if (control === document.activeElement || control.tagName === "A") {
    control.click();
    return;
  }
  control.focus();
}

// w: no rule chosen yet, so to the rules; else to the button; on the button, withhold.
function withhold(region, button) {
  const rules = [...region.querySelectorAll("input[name=rule]")];
  if (rules.length && !rules.some((rule) => rule.checked)) {
    rules[0].focus();
    return;
  }
  press(button);
}

// "c:confirmed m:mended=id_build": a key chooses the radio of that value, then the focus goes on.
function choices(region) {
  const found = new Map();
  for (const part of (region.dataset.hkChoices || "").split(" ").filter(Boolean)) {
    const [, key, value, then] = part.match(/^(.):([^=]+)(?:=(.+))?$/);
    found.set(key, { value, then });
  }
  return found;
}

function choose(region, { value, then }) {
  const radio = region.querySelector(`input[type=radio][value='${value}']`);
  if (!radio) return;
  radio.click();
  (document.getElementById(then) || radio).focus();
}

function toggleHelp(region) {
  const button = region.querySelector("[data-hk-key='?']");
  const list = region.querySelector("#queue-keys");
  list.hidden = !list.hidden;
  button.setAttribute("aria-expanded", String(!list.hidden));
}

function start(region) {
  let on = switchedOn();
  const keys = region.querySelector("[data-hk-keys]");
  const control = region.querySelector("[data-hk-keys-switch]");
  const chosen = choices(region);
  const known = region.dataset.hkQueue || "jkpw?";
  keys.hidden = false;
  control.setAttribute("aria-pressed", String(on));
  control.addEventListener("click", () => {
    on = !on;
    keep(on);
    control.setAttribute("aria-pressed", String(on));
  });
  region.querySelector("[data-hk-key='?']").addEventListener("click", () => toggleHelp(region));
  region.addEventListener("keydown", (event) => {
    if (!on || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest(TYPING)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : "";
    if (!known.includes(key) || !key) return;
    if (key === "?") {
      event.preventDefault();
      toggleHelp(region);
      return;
    }
    if (chosen.has(key)) {
      event.preventDefault();
      choose(region, chosen.get(key));
      return;
    }
    const found = region.querySelector(`[data-hk-key='${key}']`);
    if (!found) return;
    event.preventDefault();
    if (key === "w") withhold(region, found);
    else press(found);
  });
  // After a decision the next item has the focus, so that the keys go on working.
  if (location.hash === "#item" && !document.querySelector(".govuk-error-summary")) {
    region.focus({ preventScroll: false });
  }
}

const region = document.querySelector("[data-hk-queue]");
if (region) start(region);
