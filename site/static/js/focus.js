// Moves focus where the page wants the reader: to the errors, or to the success message.
export function startFocus() {
  const target = document.querySelector("[data-hk-focus]");
  if (target) {
    target.tabIndex = -1;
    target.focus();
  }
  // A link of the error summary leads to the field with its label in view.
  for (const link of document.querySelectorAll(".govuk-error-summary a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const field = document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      const group = field.closest("fieldset") || document.querySelector(`label[for="${field.id}"]`);
      (group || field).scrollIntoView();
      field.focus({ preventScroll: true });
    });
  }
}
