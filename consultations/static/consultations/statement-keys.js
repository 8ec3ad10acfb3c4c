// Keys 1, 2, 3 answer the statement that has the focus: agree, disagree, pass. Nothing happens
// while somebody types, while an input method composes, or with a modifier key held; the focus
// must be on the card, so that a stray key never votes (WCAG 2.1.4).
const card = document.querySelector("[data-hk-statement-keys]");
const form = card && card.querySelector("form");
const choices = { 1: "agree", 2: "disagree", 3: "pass" };

if (form) {
  const hint = document.querySelector("[data-hk-keys-hint]");
  if (hint) hint.hidden = false;
  card.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const target = event.target;
    if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
    const choice = choices[event.key];
    const button = choice && form.querySelector(`button[value="${choice}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    }
  });
}
