// Says "3 new comments" and moves the turnout, or places left, while a page is read. Nothing on the page jumps: the
// reader decides when to load. Without a socket it asks slowly; a hidden page does not ask at all.
// The sentences come from the page, so they are in its language.
const SLOW = 30000;

function start(box) {
  const news = box.querySelector("[data-live-news]");
  const values = {};
  let first = null;
  let timer = 0;
  let tries = 0;
  for (const place of box.querySelectorAll("[data-live-value]")) values[place.dataset.liveValue] = place;

  function show(now) {
    if (!Number.isInteger(now.comments) || !Number.isInteger(now.voters)) return;
    if (first === null) first = now;
    const more = now.comments - first.comments;
    for (const [name, place] of Object.entries(values)) {
      if (Number.isInteger(now[name])) place.textContent = now[name].toLocaleString("en");
    }
    if (!news || more < 1) return;
    let link = news.querySelector("a");
    if (!link) {
      link = document.createElement("a");
      link.className = "govuk-link";
      link.href = location.pathname + location.search;
      news.append(link);
      news.setAttribute("role", "status");
      news.hidden = false;
    }
    const sentence = more === 1 ? news.dataset.one : news.dataset.many;
    const text = sentence.replace("{count}", more.toLocaleString("en"));
    if (link.textContent !== text) link.textContent = text;
  }

  async function ask() {
    clearTimeout(timer);
    timer = setTimeout(ask, SLOW);
    if (document.hidden) return;
    try {
      const answer = await fetch(box.dataset.live, { credentials: "omit" });
      if (answer.ok) show(await answer.json());
    } catch {
      // Away for now: the next round asks again.
    }
  }

  function open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    let socket;
    try {
      socket = new WebSocket(`${scheme}//${location.host}${box.dataset.liveSocket}`);
    } catch {
      ask();
      return;
    }
    socket.onmessage = (event) => {
      clearTimeout(timer);
      tries = 0;
      try {
        show(JSON.parse(event.data));
      } catch {
        // Not ours.
      }
    };
    socket.onclose = () => {
      ask();
      // A few more tries, each later than the one before; then asking slowly is enough.
      if (++tries < 6) setTimeout(open, 2 ** tries * 5000 * (0.5 + Math.random()));
    };
  }

  open();
}

for (const box of document.querySelectorAll("[data-live]")) start(box);
