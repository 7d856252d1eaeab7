/* The kiosk on its tablet: one touch is an answer, kept on the tablet (IndexedDB) until the server says that it has it.

   Without this script the page works by its forms. With it nothing waits for the network:
   - a touch is stored at once, with an id made here and the tablet's own time, and then sent; the same id twice is one rating;
   - an answer is sent without a name if nobody is chosen within 20 seconds, or if the page is loaded again meanwhile;
   - `now` goes along with each delivery, so that the server believes only how long ago an answer was given, not the clock;
   - the CSRF token is fetched just before sending: one that came with the page would not survive days offline;
   - the page is here in all its languages, and its words are exchanged in place: loading it anew would end the full screen. After
     each answer, and after 20 seconds without a touch, it is back in the kiosk's own language. No words stand in this script. */
const MOST = 500; // then the oldest are kept, and customers are asked to speak to somebody
const IN_ONE_GO = 50;
const THANKS = 3_000;
const IDLE = 20_000;
const TOO_SOON = 500; // the second half of a double touch, which would land on what has just appeared
const RETRY = 10_000;
const PATIENCE = 15_000;
const HALF_AN_HOUR = 30 * 60_000;

const main = document.querySelector("main[data-kiosk]");
const leaving = document.querySelector("[data-back]");
if (main && main.dataset.step === "ask") start();
else if (main) setTimeout(() => location.replace("/kiosk/"), main.dataset.step === "thanks" ? THANKS : IDLE);
if (leaving) goBackWhenIdle();

function start() {
  const kiosk = Number(main.dataset.kiosk);
  const heading = main.querySelector("h1");
  const sections = [...main.querySelectorAll("[data-screen]")];
  const ask = main.querySelector("#ask");
  const who = main.querySelector("#who");
  const sign = document.querySelector("[data-waiting]");
  const locked = document.querySelector("[data-locked]");
  const leave = document.querySelector("[data-leave]");
  const whole = document.querySelector("[data-whole]");
  const languages = document.querySelector("[data-said=languages]");
  const pages = new Map([[document.documentElement.lang, document.cloneNode(true)]]); // language -> the page in it
  let step = "ask", shownAt = -IDLE, timer, count = 0;
  let current = null; // the answer whose helper is being asked for
  let held = null; // its id, which is not sent yet
  let kept = Promise.resolve();
  let sending = false, heardAt = -HALF_AN_HOUR, freshAt = performance.now();

  ask.addEventListener("submit", (event) => {
    event.preventDefault();
    if (step === "ask" && event.submitter && !isTooSoon()) take(Number(event.submitter.value));
  });
  who.addEventListener("submit", (event) => {
    event.preventDefault();
    if (current && event.submitter && !isTooSoon()) settle(Number(event.submitter.value) || null, "thanks");
  });
  document.addEventListener("click", () => {
    if (["thanks", "full"].includes(step) && !isTooSoon()) show("ask");
  });
  for (const sort of ["pointerdown", "keydown", "scroll"]) {
    document.addEventListener(sort, () => ["ask", "who"].includes(step) && clearLater(), { passive: true });
  }
  languages.addEventListener("click", (event) => {
    if (!isTooSoon() && !pages.has(event.target.lang)) return; // the link leads to that page
    event.preventDefault();
    if (isTooSoon()) return;
    speak(event.target.lang);
    clearLater();
    languages.querySelector("[aria-current]").focus();
  });
  leave.addEventListener("click", leaveIfReached);
  whole.addEventListener("click", () => document.documentElement.requestFullscreen());
  document.addEventListener("fullscreenchange", offerWholeScreen);
  addEventListener("online", deliver);
  setInterval(() => deliver().then(freshen), RETRY);
  navigator.serviceWorker?.register("/kiosk/worker.js", { scope: "/kiosk/" }).catch(() => {});
  navigator.storage?.persist?.().catch(() => {});
  history.replaceState(null, "", "/kiosk/"); // loaded again, it begins in its own language
  offerWholeScreen();
  clearLater();
  deliver();
  learn().catch(() => {});

  function show(next) {
    if (next === "ask" && document.documentElement.lang !== main.dataset.own) speak(main.dataset.own);
    step = next;
    shownAt = performance.now();
    for (const section of sections) section.hidden = section.dataset.screen !== next;
    heading.textContent = sections.find((section) => section.dataset.screen === next).dataset.title;
    languages.hidden = next !== "ask";
    scrollTo(0, 0);
    clearLater();
    heading.focus({ preventScroll: true });
  }

  function isTooSoon() {
    return performance.now() - shownAt < TOO_SOON;
  }

  function clearLater() {
    clearTimeout(timer);
    if (step === "who") timer = setTimeout(() => settle(null, "ask"), IDLE);
    else if (step !== "ask") timer = setTimeout(() => show("ask"), THANKS);
    else if (document.documentElement.lang !== main.dataset.own) timer = setTimeout(() => show("ask"), IDLE);
  }

  /* The words of the same page in another language, into this one. */
  function speak(language) {
    const page = pages.get(language);
    if (!page) return language === main.dataset.own && location.replace("/kiosk/");
    document.documentElement.lang = language;
    document.title = page.title;
    for (const part of document.querySelectorAll("[data-said]")) {
      const other = page.querySelector(`[data-said="${part.dataset.said}"]`);
      Object.assign(part.dataset, other.dataset);
      for (const name of ["action", "aria-label"]) if (other.hasAttribute(name)) part.setAttribute(name, other.getAttribute(name));
      part.replaceChildren(...other.cloneNode(true).childNodes);
    }
    sayWhatWaits();
    heading.textContent = ask.dataset.title;
  }

  /* The page in each of its languages, from the server or as the worker keeps it. */
  async function learn() {
    const answers = await Promise.all([...languages.children].map(({ href }) => fetch(href, { signal: AbortSignal.timeout?.(PATIENCE) })));
    if (!answers.every((answer) => answer.ok)) throw new Error("not now");
    for (const answer of answers) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html"), { lang } = page.documentElement;
      if (page.querySelector("main")?.dataset.kiosk !== main.dataset.kiosk || parts(page) !== parts(document)) return false;
      pages.set(lang, page);
    }
    return true;
  }

  function take(stars) {
    const answer = { id: newId(), kiosk, stars, person: null, at: Date.now() };
    if (who.querySelector('button:not([value=""])')) {
      current = answer;
      held = answer.id;
    }
    show(current ? "who" : "thanks");
    kept = keep(answer).then(
      () => current || deliver(),
      () => sendPlainly(stars), // a browser that keeps nothing
    );
  }

  async function settle(person, next) {
    const answer = current;
    current = null;
    show(next);
    await kept;
    if (person && answer.number) await inStore("readwrite", (store) => store.put({ ...answer, person }));
    if (held === answer.id) held = null;
    deliver();
  }

  async function keep(answer) {
    const count = (await waiting()).length;
    if (count < MOST) {
      answer.number = await inStore("readwrite", (store) => store.add(answer));
      main.dataset.held = count + 1;
      return;
    }
    current = held = null;
    show("full");
  }

  function sendPlainly(stars) {
    const face = Object.assign(document.createElement("input"), { type: "hidden", name: "r", value: stars });
    ask.append(face);
    ask.submit();
  }

  /* Send what waits, oldest first. What fails stays and is sent again; only what the server names is struck off. */
  async function deliver() {
    if (sending) return;
    sending = true;
    let failed = false;
    try {
      while (await sendSome());
    } catch {
      failed = true;
    }
    sending = false;
    await tellStaff(failed);
  }

  async function sendSome() {
    const all = await waiting();
    const ready = all.filter((answer) => answer.kiosk === kiosk && answer.id !== held).slice(0, IN_ONE_GO);
    if (!ready.length && performance.now() - heardAt < HALF_AN_HOUR) return false;
    const answers = ready.map(({ id, stars, person, at }) => ({ id, stars, person, at }));
    const said = await post({ now: Date.now(), waiting: all.length - ready.length, answers });
    heardAt = performance.now();
    const struck = new Set([...said.taken, ...said.refused]);
    const gone = ready.filter((answer) => struck.has(answer.id));
    await inStore("readwrite", (store) => gone.forEach((answer) => store.delete(answer.number)));
    return gone.length > 0;
  }

  async function post(delivery) {
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    headers["X-CSRFToken"] = (await asked("/kiosk/token", { headers })).csrf_token;
    return asked("/kiosk/deliveries", { method: "POST", headers, body: JSON.stringify(delivery) });
  }

  async function asked(address, options) {
    const answer = await fetch(address, { ...options, cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) });
    const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (answer.status === 404 && isOurs && step === "ask") location.reload(); // unpaired: the page says so
    if (!answer.ok || !isOurs) throw new Error(answer.status);
    return answer.json();
  }

  async function tellStaff(failed) {
    count = (await waiting().catch(() => [])).length;
    sign.hidden = !(failed && count);
    locked.hidden ||= !failed;
    sayWhatWaits();
    main.dataset.held = count; // for who looks after the tablet, and for tests
  }

  function sayWhatWaits() {
    const { one, many, full } = sign.dataset;
    sign.textContent = (count >= MOST ? full : count === 1 ? one : many).replace("{number}", count);
  }

  /* Today's names and the kiosk's language, without loading the page again, which would end the full screen. */
  async function freshen() {
    const isWhole = pages.size === languages.children.length;
    if (step !== "ask" || (isWhole && performance.now() - freshAt < 2 * HALF_AN_HOUR)) return;
    const isSame = await learn().catch(() => null);
    if (isSame === null || step !== "ask") return;
    freshAt = performance.now();
    if (!isSame) return location.reload();
    const { lang } = document.documentElement, before = main.dataset.own;
    main.dataset.own = pages.get(lang).querySelector("main").dataset.own;
    speak(lang === before ? main.dataset.own : lang);
  }

  /* Leaving needs the PIN, and the PIN needs the server. */
  async function leaveIfReached(event) {
    event.preventDefault();
    await deliver();
    const isReached = await asked("/kiosk/token", { headers: { Accept: "application/json" } }).then(() => true, () => false);
    if (isReached) location.assign(leave.href);
    locked.hidden = isReached;
    setTimeout(() => (locked.hidden = true), IDLE);
  }

  function offerWholeScreen() {
    whole.hidden = !document.fullscreenEnabled || document.fullscreenElement || matchMedia("(display-mode: fullscreen)").matches;
  }
}

/* What the page is made of, to see whether there is a newer one. */
function parts(page) {
  return [...page.querySelectorAll("link[href], script[src]")].map((part) => part.getAttribute("href") ?? part.getAttribute("src")).join();
}

function goBackWhenIdle() {
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.replace("/kiosk/"), IDLE);
  };
  for (const sort of ["pointerdown", "keydown", "input"]) document.addEventListener(sort, later);
  later();
}

/* Everything that is on the tablet, in the order of touches. */
function waiting() {
  return inStore("readonly", (store) => store.getAll());
}

async function inStore(mode, use) {
  const transaction = (await opened()).transaction("answers", mode, { durability: "strict" });
  return new Promise((resolve, reject) => {
    const request = use(transaction.objectStore("answers"));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

function opened() {
  const begun = () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open("kiosk", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("answers", { keyPath: "number", autoIncrement: true });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  opened.database ??= begun();
  return opened.database;
}

/* crypto.randomUUID is missing where a shop's own network has no https. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
