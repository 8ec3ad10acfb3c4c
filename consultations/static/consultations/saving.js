// One save at a time. The CMS saves by itself a while after a change and does not stop for the
// button: its own save, sent while the button's is under way, is refused as overtaken, or puts
// older words above the newer ones. So the button ends what waits, and waits for what was sent.
const startSaving = () => {
  const form = document.getElementById("page-edit-form");
  if (!form) return;
  const PATIENCE = 10000;
  const rest = Number(form.dataset.wAutosaveIntervalValue) || 0;
  let own = null;
  let began = 0;
  let pressed = false;
  let go = null;

  form.addEventListener("w-autosave:save", (event) => {
    if (pressed) {
      event.preventDefault();
      return;
    }
    own = event;
    began = performance.now();
  });
  const ended = () => {
    own = null;
    if (go) go();
  };
  form.addEventListener("w-autosave:success", ended);
  form.addEventListener("w-autosave:error", ended);

  form.addEventListener("submit", (event) => {
    pressed = true;
    if (!own || go) return;
    // It is read again when the rest is over: what has not been sent by then is not sent.
    own.preventDefault();
    if (performance.now() - began < rest) {
      own = null;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    const late = setTimeout(() => go(), PATIENCE);
    go = () => {
      clearTimeout(late);
      own = null;
      go = null;
      const disabled = button && button.disabled;
      if (button) button.disabled = false;
      form.requestSubmit(button);
      if (button) button.disabled = disabled;
    };
  }, true);
  // A submit that something else stopped is none.
  window.addEventListener("submit", (event) => {
    if (event.target === form && event.defaultPrevented) pressed = false;
  });
  window.addEventListener("pageshow", () => {
    pressed = false;
  });
};
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", startSaving);
} else {
  startSaving();
}
