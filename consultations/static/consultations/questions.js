// The editor of questions: conditions picked from what is there now, read back as sentences, minutes
// counted while writing. Without this script the lists offer what was saved, and saving judges all.
const startQuestions = () => {
  const panel = document.querySelector("[data-questions]");
  if (!panel) return;
  const form = panel.closest("form");
  const own = document.getElementById("kf-question-tests");
  const tests = own ? JSON.parse(own.textContent) : {};
  const REST = 1500;
  let seen = new Map();
  let waiting = 0;
  let asked = 0;
  let sentences = {};

  const field = (name) => form.elements.namedItem(name);
  const value = (name) => (field(name) ? field(name).value : "");

  // The children of a stream or list in the order they are shown, deleted ones left out.
  const children = (prefix) => {
    const count = Number(value(`${prefix}-count`)) || 0;
    const found = [];
    for (let place = 0; place < count; place += 1) {
      const one = `${prefix}-${place}`;
      if (!field(`${one}-order`) || value(`${one}-deleted`) === "1") continue;
      found.push({ prefix: one, order: Number(value(`${one}-order`)), key: value(`${one}-id`) });
    }
    return found.sort((a, b) => a.order - b.order);
  };

  const outline = () => {
    const sections = children("questions");
    let number = 0;
    return sections.map((section) => ({
      key: section.key,
      questions: children(`${section.prefix}-value-questions`).map((child) => {
        const kind = value(`${child.prefix}-type`);
        const base = `${child.prefix}-value`;
        if (kind !== "information") number += 1;
        return {
          key: child.key,
          kind,
          base,
          number: kind === "information" ? 0 : number,
          title: value(`${base}-title`),
          options: children(`${base}-options`).map((option) => ({
            key: option.key,
            label: value(`${option.prefix}-value-label`),
          })),
          tests: children(`${base}-condition-tests`).map((test) => `${test.prefix}-value`),
        };
      }),
    }));
  };

  // --- a copy keeps its conditions ---------------------------------------------------------------
  // A new block is drawn from lists as they were when the page was: what was added since is not in
  // them, so a copy would lose its condition. In a copied section it means the copy's own questions.

  const remember = (question) => ({
    kind: question.kind,
    title: question.title,
    options: question.options.map((one) => one.key),
    tests: question.tests.map((base) => ({
      question: value(`${base}-question`),
      name: value(`${base}-name`),
      options: chosen(field(`${base}-options`)),
    })),
  });

  const isCopy = (question, known) =>
    known.kind === question.kind &&
    known.title === question.title &&
    known.options.length === question.options.length &&
    known.tests.length === question.tests.length;

  const keepCopies = (sections) => {
    sections.forEach((section, at) => {
      const renamed = new Map();
      const before = sections[at - 1];
      const isNew = !seen.has(section.key);
      section.questions.forEach((question, below) => {
        if (seen.has(question.key)) return;
        const origin =
          isNew && before ? before.questions[below] : section.questions[below - 1];
        const known = origin && seen.get(origin.key);
        if (!known || !isCopy(question, known)) return;
        if (isNew) {
          renamed.set(origin.key, question.key);
          known.options.forEach((key, place) => renamed.set(key, question.options[place].key));
        }
        question.tests.forEach((base, place) => {
          const was = known.tests[place];
          offer(field(`${base}-question`), renamed.get(was.question) || was.question);
          was.options.forEach((key) => offer(field(`${base}-options`), renamed.get(key) || key));
          const old = field(`${base}-options`);
          if (old && renamed.size) {
            for (const option of old.options) {
              if (renamed.has(option.value)) option.selected = false;
            }
          }
        });
      });
    });
    seen = new Map();
    sections.forEach((section) => {
      seen.set(section.key, true);
      section.questions.forEach((question) => seen.set(question.key, remember(question)));
    });
  };

  // --- lists -------------------------------------------------------------------------------------

  const chosen = (select) =>
    select ? Array.from(select.selectedOptions).map((one) => one.value) : [];

  const offer = (select, key) => {
    if (!select || !key) return;
    let option = Array.from(select.options).find((one) => one.value === key);
    if (!option) {
      option = new Option(key, key);
      select.add(option);
    }
    option.selected = true;
  };

  const refill = (select, wanted) => {
    const now = Array.from(select.options).map((one) => `${one.value} ${one.text}`);
    const then = wanted.map((one) => `${one.key} ${one.text}`);
    if (!select.querySelector("optgroup") && now.join("\n") === then.join("\n")) return;
    const kept = chosen(select);
    select.replaceChildren(
      ...wanted.map((one) => new Option(one.text, one.key, false, kept.includes(one.key))),
    );
  };

  const shown = (element, is) => {
    const box = element && element.closest("[data-contentpath]");
    if (box) box.hidden = !is;
  };

  const named = (question) => `${question.number}. ${question.title}`;

  const fillQuestion = (base, earlier) => {
    const select = field(`${base}-question`);
    if (!select) return null;
    const kept = select.value;
    const wanted = [{ key: "", text: panel.dataset.choose }];
    earlier.forEach((one) => wanted.push({ key: one.key, text: named(one) }));
    if (kept && !earlier.some((one) => one.key === kept)) {
      const old = Array.from(select.options).find((one) => one.value === kept);
      const words = old && !old.text.includes(kept) ? old.text : "?";
      const note = ` (${panel.dataset.gone})`;
      wanted.push({ key: kept, text: words.endsWith(note) ? words : words + note });
    }
    refill(select, wanted);
    return earlier.find((one) => one.key === kept) || null;
  };

  const fillTest = (base, about) => {
    const select = field(`${base}-name`);
    if (!select || !about) return;
    const allowed = tests[about.kind] || [];
    for (const option of select.options) {
      const fits = allowed.includes(option.value);
      option.hidden = !fits;
      option.disabled = !fits && !option.selected;
    }
    if (!allowed.includes(select.value) && allowed.length) {
      select.value = allowed[0];
      for (const option of select.options) option.disabled = !allowed.includes(option.value);
    }
  };

  const fillOptions = (base, about) => {
    const select = field(`${base}-options`);
    if (!select) return;
    const name = value(`${base}-name`);
    const asks = name === "is-any" || name === "is-none";
    if (about) {
      refill(
        select,
        about.options.map((one) => ({ key: one.key, text: one.label || "…" })),
      );
    }
    shown(select, asks);
    shown(field(`${base}-value`), name === "at-least" || name === "at-most");
    ticks(select, asks);
  };

  // Tick boxes in place of a list that needs a key held down; the list keeps what is sent.
  const ticks = (select, is) => {
    let box = select.nextElementSibling;
    if (!box || !box.matches("[data-ticks]")) {
      box = document.createElement("div");
      box.dataset.ticks = "";
      box.className = "kf-ticks";
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", panel.dataset.options);
      select.after(box);
      select.classList.add("kf-hidden");
      select.tabIndex = -1;
      select.setAttribute("aria-hidden", "true");
    }
    const state = Array.from(select.options)
      .map((one) => `${one.value} ${one.text} ${one.selected}`)
      .join("\n");
    if (!is || box.dataset.ticks === state) return;
    box.dataset.ticks = state;
    box.replaceChildren(
      ...Array.from(select.options).map((option) => {
        const label = document.createElement("label");
        const tick = document.createElement("input");
        tick.type = "checkbox";
        tick.checked = option.selected;
        tick.addEventListener("change", () => {
          option.selected = tick.checked;
          box.dataset.ticks = "";
          select.dispatchEvent(new Event("change", { bubbles: true }));
        });
        label.append(tick, ` ${option.text}`);
        return label;
      }),
    );
    if (!select.options.length) box.textContent = panel.dataset.none;
  };

  // --- sentences, minutes ------------------------------------------------------------------------

  const say = (question) => {
    const input = field(`${question.base}-title`);
    const box = input && input.closest("[data-contentpath]");
    if (!box) return;
    let line = box.querySelector("[data-sentence]");
    const pieces = sentences[question.key] || [];
    if (!line) {
      if (!pieces.length) return;
      line = document.createElement("p");
      line.dataset.sentence = "";
      line.className = "kf-meta";
      box.append(line);
    }
    line.replaceChildren(
      ...pieces.map((piece) => {
        const span = document.createElement("span");
        span.lang = piece.lang;
        span.textContent = piece.text;
        return span;
      }),
    );
  };

  const told = (answer) => {
    sentences = answer.sentences;
    panel.querySelector("[data-questions-time]").textContent = answer.time;
    const list = panel.querySelector("[data-questions-faults]");
    list.hidden = !answer.faults.length;
    list.replaceChildren(
      ...answer.faults.map((text) => {
        const line = document.createElement("li");
        line.textContent = text;
        return line;
      }),
    );
    const saved = panel.querySelector("[data-questions-saved]");
    if (saved) saved.hidden = true;
    outline().forEach((section) => section.questions.forEach(say));
  };

  const ask = async () => {
    const data = new FormData();
    for (const [name, one] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken" || name.startsWith("questions")) data.append(name, one);
    }
    asked += 1;
    const mine = asked;
    try {
      const answer = await fetch(panel.dataset.questions, { method: "POST", body: data });
      if (answer.ok && mine === asked) told(await answer.json());
    } catch {
      // Nobody is told: what stands there is what was last counted.
    }
  };

  const renew = () => {
    const sections = outline();
    keepCopies(sections);
    const earlier = [];
    sections.forEach((section) =>
      section.questions.forEach((question) => {
        question.tests.forEach((base) => {
          const about = fillQuestion(base, earlier);
          fillTest(base, about);
          fillOptions(base, about);
        });
        if (question.number) earlier.push(question);
      }),
    );
  };

  let last = "";
  const changed = () => {
    renew();
    const now = JSON.stringify(
      Array.from(new FormData(form)).filter(([name]) => name.startsWith("questions")),
    );
    if (now === last) return;
    last = now;
    clearTimeout(waiting);
    waiting = setTimeout(ask, REST);
  };

  let frame = 0;
  const soon = () => {
    clearTimeout(frame);
    frame = setTimeout(changed, 120);
  };
  const about = (event) => {
    const name = event.target && event.target.name;
    if (typeof name === "string" && name.startsWith("questions")) soon();
  };
  form.addEventListener("input", about);
  form.addEventListener("change", about);
  const stream = document.getElementById("questions") || form;
  new MutationObserver((records) => {
    const ours = (node) =>
      node instanceof Element && node.closest("[data-ticks], [data-sentence], option, optgroup");
    if (records.some((record) => !ours(record.target) && record.target.nodeName !== "SELECT")) {
      soon();
    }
  }).observe(stream.parentElement || form, { childList: true, subtree: true });
  soon();
};
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", startQuestions);
} else {
  startQuestions();
}
