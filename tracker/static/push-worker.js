/* Wakes up for a push and says what it says. It serves no pages: its scope holds nothing but itself. */
self.addEventListener("push", (event) => {
  let text = "";
  try {
    text = String(event.data.json().text);
  } catch {
    return; // not ours
  }
  event.waitUntil(self.registration.showNotification(text, { tag: "inbox", renotify: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/inbox"));
});
