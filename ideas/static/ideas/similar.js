// Shows ideas like the one that is being written, once the title rests for a moment. Without this
// they are shown on the next page, before the idea is handed in.
const form = document.querySelector("form[data-similar]");
const title = form && form.elements.namedItem("title");
const place = document.getElementById("similar-ideas");
const REST = 600;

if (title && place) {
  let timer = 0;
  let asked = "";
  let running = null;
  const ask = async () => {
    const words = title.value.trim();
    if (words === asked) return;
    asked = words;
    if (running) running.abort();
    if (words.length < 3) {
      place.replaceChildren();
      return;
    }
    running = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.similar}?${new URLSearchParams({ title: words })}`, {
        signal: running.signal,
        headers: { Accept: "text/html" },
      });
      if (!answer.ok) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...found.body.childNodes);
    } catch {
      // Offline, or overtaken by the next question: nothing is lost.
    }
  };
  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, REST);
  });
}
