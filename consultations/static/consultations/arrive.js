// A link of the steps leads to one field of the editor. The browser goes there before the paper's
// blocks are built, so what lies below them is pushed away: stay with the field until the page has
// come to rest, or until the officer moves. Without this script the link opens the editor's top.
(() => {
  const REST = 400;
  const LONGEST = 8000;
  const name = decodeURIComponent(location.hash.slice(1));
  if (!name) return;
  let resting = 0;
  let over = false;

  const place = () => document.getElementById(name) || document.querySelector(`[data-contentpath="${CSS.escape(name)}"]`);
  const end = () => {
    if (over) return;
    over = true;
    watcher.disconnect();
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) removeEventListener(kind, end, true);
  };
  const arrive = () => {
    const target = place();
    if (over || !target) return;
    const field = target.matches("input, textarea, select, button")
      ? target
      : target.querySelector("input:not([type=hidden]), textarea, select, [contenteditable=true]");
    if (field && document.activeElement !== field) field.focus({ preventScroll: true });
    (target.closest("section") || target).scrollIntoView({ block: "start" });
    clearTimeout(resting);
    resting = setTimeout(end, REST * 4);
  };
  let soon = 0;
  const watcher = new ResizeObserver(() => {
    clearTimeout(soon);
    soon = setTimeout(arrive, REST / 4);
  });
  const start = () => {
    const form = document.querySelector("[data-edit-form]") || document.body;
    watcher.observe(form);
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(kind, end, true);
    setTimeout(end, LONGEST);
  };
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
})();
