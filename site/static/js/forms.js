// Forms: a second press within a second sends nothing (the server counts once anyway), and
// Enter that ends a Chinese word in an input method never submits.
export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const now = Date.now();
    if (form.dataset.sentAt && now - Number(form.dataset.sentAt) < 1000) {
      event.preventDefault();
      return;
    }
    form.dataset.sentAt = String(now);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
      if (event.target instanceof HTMLInputElement) event.preventDefault();
    }
  });
}
