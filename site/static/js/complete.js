// Titles under a search box while somebody types: the combobox pattern of ARIA. The box is a plain
// one until the first titles come, and stays one where they cannot.
const WAIT = 180;
let made = 0;

class Completion {
  constructor(input) {
    this.input = input;
    this.address = input.dataset.complete;
    this.chosen = -1;
    this.asked = "";
    this.typed = input.value;
    made += 1;
    this.list = document.createElement("ul");
    this.list.id = `hk-complete-${made}`;
    this.list.className = "hk-complete__list";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    const label = input.labels && input.labels[0];
    this.list.setAttribute("aria-label", label ? label.textContent.trim() : "");
    this.said = document.createElement("span");
    this.said.className = "govuk-visually-hidden";
    this.said.setAttribute("role", "status");
    input.parentElement.classList.add("hk-complete");
    input.after(this.list);
    input.form.append(this.said);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    this.listen();
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", (event) => {
      if (!event.isComposing) this.later();
    });
    input.addEventListener("compositionend", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // The box keeps the focus, so that a press on the list does not close it first.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  later() {
    this.typed = this.input.value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const text = this.typed.slice(0, 100);
    if (this.request) this.request.abort();
    if (!text.trim() || document.activeElement !== this.input) {
      this.close();
      return;
    }
    this.request = new AbortController();
    try {
      const answer = await fetch(`${this.address}?q=${encodeURIComponent(text)}`, {
        signal: this.request.signal,
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { titles } = await answer.json();
      if (this.input.value === this.typed) this.show(titles);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // the box goes on without them
    }
  }

  show(titles) {
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(
      ...titles.map((title, place) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.lang = title.language;
        option.textContent = title.text;
        return option;
      }),
    );
    this.open(titles.length > 0 && document.activeElement === this.input);
    this.said.textContent = this.list.hidden
      ? ""
      : `${this.input.dataset.completeSaid} ${titles.length}`;
  }

  open(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  close() {
    clearTimeout(this.timer);
    if (this.request) this.request.abort();
    this.choose(-1);
    this.open(false);
    this.said.textContent = "";
  }

  choose(place) {
    const options = [...this.list.children];
    for (const option of options) option.setAttribute("aria-selected", "false");
    this.chosen = place;
    if (place < 0) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    const option = options[place];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  key(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const many = this.list.children.length;
    if (this.list.hidden) {
      if (event.key === "ArrowDown" && many && this.input.value === this.typed) {
        event.preventDefault();
        this.open(true);
        this.choose(0);
      }
      return;
    }
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.choose(this.chosen + 1 < many ? this.chosen + 1 : -1);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      this.choose(this.chosen < 0 ? many - 1 : this.chosen - 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      this.take(this.list.children[this.chosen]);
    }
  }

  take(option) {
    this.input.value = option.textContent;
    this.typed = this.input.value;
    this.close();
    this.input.form.requestSubmit();
  }
}

export function startCompletion() {
  for (const input of document.querySelectorAll("input[data-complete]")) {
    if (input.form) new Completion(input);
  }
}
