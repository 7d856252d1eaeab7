/* Sets this browser up for pushes: asks it for an address and keys, fills them into the page's form and sends that.
   Without this script, or in a browser without pushes, the page says so and everything else works. No words stand in here. */
const form = document.querySelector("form[data-push]");
const say = (name) => document.querySelectorAll("[data-push-says]").forEach((p) => (p.hidden = p.dataset.pushSays !== name));

if (form && window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  form.hidden = false;
  say("ready");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    setUp().catch(() => say("failed"));
  });
} else if (form) say("cannot");

async function setUp() {
  if ((await Notification.requestPermission()) !== "granted") return say("refused");
  const worker = await navigator.serviceWorker.register(form.dataset.worker);
  await active(worker);
  const before = await worker.pushManager.getSubscription();
  if (before) await before.unsubscribe(); // perhaps for another key, and then the browser would refuse
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.key });
  const { endpoint, keys } = made.toJSON();
  form.elements.endpoint.value = endpoint;
  form.elements.p256dh.value = keys.p256dh;
  form.elements.auth.value = keys.auth;
  form.submit();
}

function active(worker) {
  const coming = worker.installing || worker.waiting;
  if (worker.active || !coming) return null;
  return new Promise((done) => coming.addEventListener("statechange", () => coming.state === "activated" && done()));
}
