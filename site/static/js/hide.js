// Parts of a picture are hidden on the reader's own device, before it is sent: by drawing over them,
// or with the keyboard by a frame. What is hidden gets one colour, its own mean, as on the server.
// Without this file, and for pictures a browser cannot open, the form shows boxes instead.
const SIDE = 2560;
const STEP = 16;
// As the server says; what is larger would come back as a page without the form.
const MOST_BYTES = 10 * 1024 * 1024;

function mean(context, box) {
  const data = context.getImageData(box.x, box.y, box.width, box.height).data;
  let [red, green, blue] = [0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    red += data[at];
    green += data[at + 1];
    blue += data[at + 2];
  }
  const number = data.length / 4 || 1;
  return `rgb(${[red, green, blue].map((sum) => Math.round(sum / number)).join(" ")})`;
}

function inside(canvas, box) {
  const x = Math.max(0, Math.min(canvas.width - 1, Math.floor(box.x)));
  const y = Math.max(0, Math.min(canvas.height - 1, Math.floor(box.y)));
  return {
    x,
    y,
    width: Math.max(1, Math.min(canvas.width - x, Math.ceil(box.width))),
    height: Math.max(1, Math.min(canvas.height - y, Math.ceil(box.height))),
  };
}

// One picture on its canvas, with what was hidden of it.
class Drawn {
  constructor(file, bitmap, label, changed) {
    this.file = file;
    this.bitmap = bitmap;
    this.changed = changed;
    this.boxes = [];
    this.canvas = document.createElement("canvas");
    const times = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    this.canvas.width = Math.max(1, Math.round(bitmap.width * times));
    this.canvas.height = Math.max(1, Math.round(bitmap.height * times));
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", `${label}: ${file.name}`);
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    const [width, height] = [this.canvas.width, this.canvas.height];
    this.frame = { x: width * 0.3, y: height * 0.4, width: width * 0.4, height: height * 0.2 };
    this.draw();
    this.listen();
  }

  draw(frame = null) {
    const { context, canvas } = this;
    context.drawImage(this.bitmap, 0, 0, canvas.width, canvas.height);
    for (const box of this.boxes) {
      context.fillStyle = mean(context, box);
      context.fillRect(box.x, box.y, box.width, box.height);
    }
    if (!frame) return;
    const line = Math.max(2, canvas.width / 200);
    for (const [colour, width] of [["#fff", line * 2], ["#0b0c0c", line]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.strokeRect(frame.x, frame.y, frame.width, frame.height);
    }
  }

  hide(box) {
    this.boxes.push(inside(this.canvas, box));
    this.draw();
    this.changed(this, true);
  }

  undo() {
    if (!this.boxes.pop()) return false;
    this.draw();
    this.changed(this, false);
    return true;
  }

  // Without anything hidden the file is sent as it was chosen.
  async toFile() {
    if (!this.boxes.length) return this.file;
    this.draw();
    const type = this.file.type === "image/png" ? "image/png" : "image/jpeg";
    const blob = await new Promise((done) => this.canvas.toBlob(done, type, 0.92));
    const name = this.file.name.replace(/\.\w+$/, type === "image/png" ? ".png" : ".jpg");
    return new File([blob], name, { type });
  }

  at(event) {
    const seen = this.canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - seen.left) * this.canvas.width) / seen.width,
      y: ((event.clientY - seen.top) * this.canvas.height) / seen.height,
    };
  }

  listen() {
    const { canvas } = this;
    let from = null;
    const between = (event) => {
      const to = this.at(event);
      return {
        x: Math.min(from.x, to.x),
        y: Math.min(from.y, to.y),
        width: Math.abs(from.x - to.x),
        height: Math.abs(from.y - to.y),
      };
    };
    canvas.addEventListener("pointerdown", (event) => {
      from = this.at(event);
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (from) this.draw(between(event));
    });
    canvas.addEventListener("pointerup", (event) => {
      if (!from) return;
      const box = between(event);
      from = null;
      // A tap marks nothing.
      if (box.width * box.height > 64) this.hide(box);
      else this.draw();
    });
    canvas.addEventListener("pointercancel", () => {
      from = null;
      this.draw();
    });
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) this.draw(this.frame);
    });
    canvas.addEventListener("blur", () => this.draw());
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const along = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const { canvas, frame } = this;
    if (event.key === "Enter") {
      event.preventDefault();
      this.hide(frame);
      this.draw(frame);
      return;
    }
    const [right, down] = along[event.key] || [0, 0];
    if (!right && !down) return;
    event.preventDefault();
    const step = Math.max(canvas.width, canvas.height) / (STEP * 4);
    if (event.shiftKey) {
      frame.width = Math.max(step, Math.min(canvas.width - frame.x, frame.width + right * step));
      frame.height = Math.max(step, Math.min(canvas.height - frame.y, frame.height + down * step));
    } else {
      frame.x = Math.max(0, Math.min(canvas.width - frame.width, frame.x + right * step));
      frame.y = Math.max(0, Math.min(canvas.height - frame.height, frame.y + down * step));
    }
    this.draw(frame);
  }
}

function start(input) {
  const place = document.getElementById(input.dataset.hkHide);
  if (!place || typeof createImageBitmap !== "function" || typeof DataTransfer !== "function") return;
  const list = place.querySelector("[data-hk-hide-pictures]");
  const said = place.querySelector("[data-hk-hide-said]");
  const undo = place.querySelector("[data-hk-hide-undo]");
  let drawn = [];
  let others = [];
  let last = [];
  let turn = Promise.resolve();

  // What is sent is always what is seen: the files are put together again after each change.
  function put() {
    turn = turn.then(async () => {
      const files = new DataTransfer();
      for (const one of [...others, ...(await Promise.all(drawn.map((each) => each.toFile())))]) {
        files.items.add(one);
      }
      input.files = files.files;
    });
    return turn;
  }

  function changed(one, hidden) {
    if (hidden) last.push(one);
    said.textContent = hidden ? said.dataset.said : said.dataset.undone;
    undo.disabled = !last.length;
    put();
  }

  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    const files = chosen.filter((file) => file.size <= MOST_BYTES);
    [drawn, others, last] = [[], [], []];
    list.replaceChildren();
    said.textContent = files.length < chosen.length ? said.dataset.large : "";
    undo.disabled = true;
    for (const file of files) {
      try {
        if (!/^image\/(jpeg|png|webp)$/.test(file.type)) throw new TypeError(file.type);
        const bitmap = await createImageBitmap(file);
        drawn.push(new Drawn(file, bitmap, list.dataset.label, changed));
      } catch {
        others.push(file);
      }
    }
    list.append(...drawn.map((one) => one.canvas));
    place.hidden = !drawn.length && files.length === chosen.length;
    place.classList.toggle("hk-hide-drawn--none", !drawn.length);
    if (files.length < chosen.length) put();
  });
  undo.addEventListener("click", () => {
    const one = last.pop();
    if (one) one.undo();
    undo.disabled = !last.length;
  });
  // Nothing is sent before the last change is in the file.
  let ready = false;
  input.form?.addEventListener("submit", (event) => {
    if (ready || !drawn.some((one) => one.boxes.length)) return;
    event.preventDefault();
    // What listens for forms that are sent hears of it when it is.
    event.stopPropagation();
    put().then(() => {
      ready = true;
      input.form.requestSubmit(event.submitter || undefined);
    });
  });
}

for (const input of document.querySelectorAll("[data-hk-hide]")) start(input);
