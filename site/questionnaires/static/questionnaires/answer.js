// Answering: questions that depend on the page's own answers come and go in place, and what is
// typed is saved after two seconds of rest. Words come from the page, so they are in its language.
// Without this file the server does the same at each page turn.
const REST = 2000;

const boxes = [...document.querySelectorAll("[data-hk-question]")];
const form = document.querySelector("form[data-hk-answer]");

function fieldsOf(name) {
  const box = document.getElementById(`box-${name}`);
  return box && !box.hidden ? box : null;
}

// What an answer counts as: keys of options, one number or one date; nothing when not shown.
function valuesOf(name, kind) {
  const box = fieldsOf(name);
  if (!box) return [];
  const checked = [...box.querySelectorAll("input:checked")].map((input) => input.value);
  if (kind === "one" || kind === "several" || kind === "scale" || kind === "consent") return checked;
  if (kind === "date") {
    const part = (unit) =>
      (box.querySelector(`[name="${name}_${unit}"]`)?.value || "").normalize("NFKC").trim();
    const [year, month, day] = [part("year"), part("month"), part("day")];
    if (!year || !month || !day) return [];
    return [`${year.padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`];
  }
  const typed = box.querySelector(`[name="${name}"]`)?.value.trim() || "";
  if (!typed) return [];
  return kind === "number" ? [typed.normalize("NFKC").replace(/[, ]/g, "")] : [typed];
}

function compare(kind, here, there) {
  if (kind === "date") return here < there ? -1 : here > there ? 1 : 0;
  return Number(here) - Number(there);
}

function met(test) {
  if ("known" in test) return test.known;
  const values = valuesOf(test.field, test.kind);
  switch (test.test) {
    case "answered":
      return values.length > 0;
    case "not-answered":
      return values.length === 0;
    case "is-any":
      return values.some((value) => test.values.includes(value));
    case "is-none":
      return !values.some((value) => test.values.includes(value));
    case "at-least":
      return values.length > 0 && compare(test.kind, values[0], test.values[0]) >= 0;
    case "at-most":
      return values.length > 0 && compare(test.kind, values[0], test.values[0]) <= 0;
    default:
      return false;
  }
}

function reveal() {
  // In order, since a condition looks back only: one pass settles chains.
  for (const box of boxes) {
    if (box.dataset.hkWhen) {
      const condition = JSON.parse(box.dataset.hkWhen);
      const results = condition.tests.map(met);
      const shown = condition.join === "any" ? results.some(Boolean) : results.every(Boolean);
      box.hidden = !shown;
      const seen = box.querySelector('[name="seen"]');
      if (seen) seen.disabled = !shown;
    }
    const other = box.querySelector("[data-hk-other]");
    if (other) {
      const chosen = [...box.querySelectorAll("input:checked")].map((input) => input.value);
      const typed = other.querySelector("input")?.value;
      other.hidden = !chosen.includes(other.dataset.hkOther) && !typed;
    }
  }
}

function startSaving() {
  const status = form.querySelector("[data-hk-saved]");
  const was = form.elements.namedItem("was");
  let timer = 0;
  let sending = false;
  let again = false;
  let left = false;

  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };

  async function save() {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    again = false;
    try {
      const response = await fetch(form.dataset.hkAnswer, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      const found = await response.json();
      if (response.ok) {
        was.value = found.was;
        const words = found.all ? form.dataset.saved : form.dataset.partly;
        say(words.replace("{time}", found.at));
      } else {
        say(`${form.dataset.failed} ${found.sentence || ""}`.trim());
      }
    } catch {
      say(form.dataset.failed);
    }
    sending = false;
    if (again && !left) rest();
  }

  function rest() {
    clearTimeout(timer);
    timer = setTimeout(save, REST);
  }

  form.addEventListener("input", rest);
  form.addEventListener("change", rest);
  form.addEventListener("submit", () => {
    left = true;
    clearTimeout(timer);
  });
}

// On the check page: names are asked for once their choice is made.
function startSigning(signing) {
  const box = (name) => {
    const input = signing.elements.namedItem(name);
    return input ? input.closest(".govuk-form-group") : null;
  };
  const chosen = (name) => signing.querySelector(`[name="${name}"]:checked`)?.value;
  const show = () => {
    const rules = {
      organisation: chosen("capacity") === "organisation",
      alias: chosen("publish_choice") === "alias",
      display_name: chosen("publish_choice") === "name" && chosen("capacity") !== "organisation",
    };
    for (const [name, shown] of Object.entries(rules)) {
      const group = box(name);
      if (group) group.hidden = !shown && !group.classList.contains("govuk-form-group--error");
    }
  };
  signing.addEventListener("change", show);
  show();
}

// Questions may also stand in a form of another kind, which saves by its button alone.
const asking = form || boxes[0]?.closest("form");
if (asking) {
  reveal();
  asking.addEventListener("input", reveal);
  asking.addEventListener("change", reveal);
}
if (form) startSaving();
const signing = document.querySelector("form[data-hk-signing]");
if (signing) startSigning(signing);
