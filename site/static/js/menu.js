// The mobile menu: a button that shows and hides the list of sections.
export function startMenu() {
  const button = document.querySelector(".govuk-service-navigation__toggle");
  if (!button) {
    document.documentElement.dataset.menu = "none";
    return;
  }
  const narrow = window.matchMedia("(max-width: 40.0525em)");
  const adapt = () => {
    button.hidden = !narrow.matches;
  };
  const set = (open) => button.setAttribute("aria-expanded", String(open));
  button.addEventListener("click", () => {
    set(button.getAttribute("aria-expanded") !== "true");
  });
  button.closest("nav").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      set(false);
      button.focus();
    }
  });
  narrow.addEventListener("change", adapt);
  adapt();
  document.documentElement.classList.add("hk-js"); // also when the four seconds have passed
  document.documentElement.dataset.menu = "ready";
}
