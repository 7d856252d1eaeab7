/* Between a package and the product's page: shows the package in a frame, gives it its API, and hands on what it reports.

   It knows nothing by itself. The page above gives it a ticket and where the learner stood, once; each report carries the
   ticket back. What a learner before left in this browser (cookies, storage) is deleted first. */
"use strict";

(() => {
  const { app, entry, kind, title } = document.body.dataset;
  const model = JSON.parse(document.getElementById("model").textContent);
  const SOON = 400;
  let runtime, ticket, frame, timer;

  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== app) return;
    if (event.data?.kind === "open" && !ticket) open(event.data);
    if (event.data?.kind === "close" && ticket) close();
  });
  if (parent !== window) parent.postMessage({ kind: "ready" }, app);

  function open(given) {
    ticket = given.ticket;
    forgetWhoWasHere();
    runtime = new Runtime(model, given.values, given.seconds, {
      changed: () => { timer ??= setTimeout(report, SOON); },
      committed: () => report(),
      ended: (navigation) => { report(); if (navigation) tell({ kind: "navigate", to: navigation }); },
    });
    window[runtime.is2004 ? "API_1484_11" : "API"] = apiOf(runtime);
    frame = document.createElement("iframe");
    frame.title = title;
    frame.allow = "fullscreen; autoplay";
    frame.src = entry;
    if (kind === "asset") frame.addEventListener("load", () => tell({ kind: "state", ...runtime.report() }), { once: true });
    document.body.append(frame);
    frame.focus();
  }

  /* Takes the package out of its frame, so that it says its last words while somebody listens. */
  function close() {
    sayGoodbye(frame.contentWindow);
    frame.remove();
    if (timer || runtime.running) report();
    tell({ kind: "closed" });
  }

  /* Most packages end their session in one of these events, and browsers send fewer and fewer of them by themselves. */
  function sayGoodbye(page) {
    try {
      for (let inner = 0; inner < page.frames.length; inner++) sayGoodbye(page.frames[inner]);
      for (const event of ["beforeunload", "pagehide", "unload"]) {
        if (runtime.running) page.dispatchEvent(new page.Event(event, { cancelable: true }));
      }
    } catch { /* a page of another site, or one that fails: it has nothing to say to us */ }
  }

  function report() {
    clearTimeout(timer);
    timer = undefined;
    if (runtime.talked) tell({ kind: "state", ...runtime.report() });
  }

  function tell(message) { parent.postMessage({ ...message, ticket }, app); }

  function forgetWhoWasHere() {
    try {
      localStorage.clear();
      sessionStorage.clear();
      indexedDB.databases?.().then((all) => all.forEach(({ name }) => indexedDB.deleteDatabase(name)));
    } catch { /* a browser that keeps nothing has nothing to forget */ }
    const names = location.hostname.split(".");
    const domains = ["", ...names.map((_name, place) => `; domain=${names.slice(place).join(".")}`)];
    const kinds = ["", "; SameSite=None; Secure", "; SameSite=None; Secure; Partitioned"];
    for (const cookie of document.cookie.split("; ").filter(Boolean)) {
      for (const domain of domains) {
        for (const kind of kinds) document.cookie = `${cookie.split("=")[0]}=; path=/; max-age=0${domain}${kind}`;
      }
    }
  }
})();
