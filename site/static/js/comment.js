// Keeps what is being typed while the tab lives, so that a reload or a wrong link loses nothing.
// The server keeps it from the first press of the button on; this is for the time before.
const form = document.getElementById("comment");
const field = form && form.elements.namedItem("text");

if (field) {
  const place = location.pathname.replace(/^\/[^/]+/, "") + location.search;
  const key = `draft:${place}`;
  const store = {
    read() {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    write(text) {
      try {
        if (text) sessionStorage.setItem(key, text);
        else sessionStorage.removeItem(key);
      } catch {
        // Storage is full or refused: the form works without it.
      }
    },
  };
  const draft = store.read();
  if (!field.value && draft) {
    field.value = draft;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => store.write(field.value), 500);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    store.write("");
  });
}
