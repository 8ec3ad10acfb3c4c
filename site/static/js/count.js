// Counts what is left to write, in code points: 𨋢 is one, as on the server (core.text.count).
// The sentences come from the page, so they are in its language.
export function countCodePoints(text) {
  return [...text.normalize("NFC").replace(/\r\n?/g, "\n").trim()].length;
}

function say(box, left) {
  const { left: many, leftOne: one, over: tooMany, overOne: tooManyOne } = box.dataset;
  const sentence = left < 0 ? (left === -1 ? tooManyOne : tooMany) : left === 1 ? one : many;
  return sentence.replace("{count}", Math.abs(left).toLocaleString("en"));
}

export function startCounts(scope = document) {
  for (const box of scope.querySelectorAll("[data-hk-count]")) {
    const field = document.getElementById(box.dataset.for);
    if (!field || box.dataset.started) continue;
    box.dataset.started = "yes";
    const limit = Number(box.dataset.hkCount);
    const spoken = box.nextElementSibling;
    let timer;
    const show = () => {
      const left = limit - countCodePoints(field.value);
      box.textContent = say(box, left);
      box.classList.toggle("hk-count__message--over", left < 0);
      clearTimeout(timer);
      // One polite message after a pause, not one for each key.
      timer = setTimeout(() => (spoken.textContent = box.textContent), 1000);
    };
    field.addEventListener("input", show);
    show();
  }
}
