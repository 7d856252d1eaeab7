/* The page of a package: takes a ticket, hands the wrapper where the learner stood, and sends what comes back to be stored.

   The wrapper is on another site. Only what comes from that very frame, that origin and with this ticket is listened to.
   What could not be sent is kept on this device under its visit, and sent first of all the next time. */
"use strict";

const main = document.querySelector("[data-package]");
const { origin, base, visit, who, address } = main.dataset;
const template = main.querySelector("template");
const frame = document.importNode(template.content.firstElementChild, true);
const status = main.querySelector("[data-status]");
const token = main.querySelector("input[name=csrf_token]").value;
const KEY = `package:${who}:${visit}`;
const RETRY = 10_000, PATIENCE = 20_000, TWO_WEEKS = 14 * 24 * 3_600_000;
let ticket, waiting = null, sending = null, number = 0, retry, closed, isLeaving = false, isOver = false;

addEventListener("message", (event) => {
  if (event.origin !== origin || event.source !== frame.contentWindow || !event.data) return;
  if (event.data.kind === "ready") begin();
  if (!ticket || event.data.ticket !== ticket) return;
  if (event.data.kind === "state") take(event.data);
  if (event.data.kind === "navigate" && !isLeaving) go(event.data.to);
  if (event.data.kind === "closed") closed?.();
});
addEventListener("online", send);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
addEventListener("pagehide", flush);
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // back again: with a ticket of its own
// Leaving by the page's own links and buttons: the package says its last words first.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !ticket || isOver || link.target || event.ctrlKey || event.metaKey || event.shiftKey || link.origin !== location.origin) return;
  event.preventDefault();
  finish().then(() => { location.href = link.href; });
});
document.addEventListener("submit", (event) => {
  if (!ticket || isOver) return;
  event.preventDefault();
  finish().then(() => event.target.submit());
});
if (location.origin === base) template.replaceWith(frame); // only now that somebody listens
else say("address"); // nowhere else would the packages' site let itself be shown

async function begin() {
  if (ticket) return;
  try {
    await sendKept();
    const answer = await post(`${address}/tickets`, {});
    if (answer.status === 409) return over("elsewhere");
    if (!isJson(answer) || !answer.ok) return say("failed");
    const given = await answer.json();
    ticket = given.ticket;
    frame.contentWindow.postMessage({ kind: "open", ticket, values: given.values, seconds: given.seconds }, origin);
    say("open");
  } catch {
    say("offline");
    setTimeout(begin, RETRY);
  }
}

function take(state) {
  if (isOver) return;
  waiting = { ticket, number: ++number, data: state.data, seconds: state.seconds, open: state.open };
  keep(waiting);
  send();
}

/* One at a time, and always the newest: each report holds all there is to know. */
async function send() {
  if (sending || !waiting || isOver) return;
  clearTimeout(retry);
  const mine = waiting;
  sending = post(`${address}/state`, mine).then((answer) => settle(answer, mine)).catch(() => {
    say("waiting");
    retry = setTimeout(send, RETRY);
    return false;
  });
  const done = await sending;
  sending = null;
  if (done && waiting) send();
}

async function settle(answer, mine) {
  if (answer.status === 409 || answer.status === 404) { over("elsewhere"); return false; }
  if ([413, 422].includes(answer.status)) { waiting = waiting === mine ? null : waiting; forget(KEY); say("unfit"); return true; }
  if (!answer.ok || !isJson(answer)) throw new Error("not stored"); // signed out meanwhile, or the server is busy
  const told = await answer.json();
  if (waiting === mine) { waiting = null; forget(KEY); }
  main.querySelector("[data-finished]").hidden = !told.finished;
  say("saved");
  return true;
}

function flush() {
  if (waiting && !isOver) post(`${address}/state`, waiting, true).catch(() => {});
}

/* The package leaves its frame, and what it says then is stored; nobody is kept waiting for long. */
async function finish() {
  isLeaving = true;
  const leaving = new Promise((resolve) => { closed = resolve; });
  frame.contentWindow.postMessage({ kind: "close" }, origin);
  await within(leaving, 1_500);
  const stored = async () => { while ((sending || waiting) && !isOver) { await (sending || send()); await pause(50); } };
  await within(stored(), 4_000);
  isOver = true;
}

function go(to) {
  const target = to.match(/^\{target=(.+)\}/);
  const form = target ? [...document.forms].find((one) => one.elements.item?.value === target[1])
    : document.querySelector({ continue: "form[data-next]", previous: "form[data-previous]" }[to] || "none");
  if (form) form.requestSubmit();
  else document.querySelector("a[data-back]").click();
}

/* Of earlier visits of this learner on this device. What the server will never take is dropped, and the learner hears of it. */
async function sendKept() {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith("package:"))) {
    const kept = JSON.parse(localStorage.getItem(key));
    const [, whose, which] = key.split(":");
    if (whose !== who) { if (Date.now() - kept.at > TWO_WEEKS) forget(key); continue; }
    const answer = await post(address.replace(/\d+$/, which) + "/state", kept.report);
    const isRefused = [404, 409, 413, 422].includes(answer.status);
    if (isRefused) main.querySelector("[data-lost]").hidden = false;
    if (isRefused || (answer.ok && isJson(answer))) forget(key);
  }
}

function keep(report) { try { localStorage.setItem(KEY, JSON.stringify({ report, at: Date.now() })); } catch { /* full */ } }
function forget(key) { try { localStorage.removeItem(key); } catch { /* nothing is kept here */ } }

function over(why) {
  isOver = true;
  waiting = null;
  forget(KEY);
  frame.hidden = true;
  main.querySelector("[data-again]").hidden = false;
  say(why);
}

function say(what) {
  const words = main.querySelector(`[data-words=${what}]`).textContent;
  if (status.textContent !== words) status.textContent = words;
}

function post(url, body, keepalive = false) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body), keepalive, signal: AbortSignal.timeout(PATIENCE) });
}

function isJson(answer) { return (answer.headers.get("Content-Type") || "").startsWith("application/json"); }
function pause(milliseconds) { return new Promise((resolve) => { setTimeout(resolve, milliseconds); }); }
function within(promise, milliseconds) { return Promise.race([promise, pause(milliseconds)]); }
