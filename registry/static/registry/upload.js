// Sends chosen files one by one with a progress bar, tries again when the line breaks, and leaves the plain form otherwise.
"use strict";

(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form || !window.fetch || !window.FormData) return;
  const texts = JSON.parse(document.getElementById("upload-words").textContent);
  const text = (name, n = 0) => texts[name].replace("{n}", n.toLocaleString(document.documentElement.lang)).replace("{all}", all.toLocaleString(document.documentElement.lang));
  const TRIES = 4, PAUSE = 2000, KEPT = "donara-upload";
  const status = document.createElement("div");
  const bar = document.createElement("progress");
  const words = document.createElement("p");
  bar.setAttribute("aria-label", texts.label);
  words.setAttribute("role", "status");
  status.append(bar, words);
  let waiting = [], all = 0, busy = false;
  const leftOut = new Map(); // sentence -> how many files
  const counted = { received: 0, duplicate: 0 };

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const files = () => [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const say = (sentence) => { words.textContent = sentence; };

  async function sendOne(file) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("images", file, "file"); // names of files hold names of people: they stay here
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.status >= 500) throw new Error("server");
    if (!(answer.headers.get("Content-Type") || "").includes("json")) {
      return { stop: texts.lost };
    }
    const said = await answer.json();
    if (!answer.ok) return { stop: said.title || texts.refused };
    for (const { outcome, sentence } of said.answers) {
      if (outcome in counted) counted[outcome] += 1;
      if (outcome === "skipped" || outcome === "refused") leftOut.set(sentence, (leftOut.get(sentence) || 0) + 1);
    }
    return {};
  }

  async function withPatience(file) {
    for (let go = 1; ; go += 1) {
      try {
        return await sendOne(file);
      } catch {
        if (go === TRIES) return { broken: true };
        say(texts.again);
        await pause(PAUSE * go);
      }
    }
  }

  async function sendAll() {
    busy = true;
    while (waiting.length) {
      say(text("sending", all - waiting.length + 1));
      bar.value = all - waiting.length;
      const result = await withPatience(waiting[0]);
      if (result.stop || result.broken) {
        busy = false;
        say(result.stop || text("gone", all - waiting.length));
        return;
      }
      waiting.shift();
    }
    bar.value = all;
    sessionStorage.setItem(KEPT, JSON.stringify({ ...counted, leftOut: [...leftOut] }));
    window.location.reload();
  }

  form.addEventListener("submit", (event) => {
    if (!waiting.length) {
      waiting = files();
      all = waiting.length;
    }
    if (!all) return; // the server says what to do
    event.preventDefault();
    if (busy) return;
    bar.max = all;
    form.append(status);
    sendAll();
  });
  window.addEventListener("beforeunload", (event) => { if (busy && waiting.length) event.preventDefault(); });

  // What came of it is told after the page has loaded again with what was taken.
  const told = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  if (told) {
    const sentences = [];
    if (told.received) sentences.push(text("received", told.received));
    if (told.duplicate) sentences.push(text("duplicate", told.duplicate));
    if (told.leftOut.length) sentences.push(texts.not_taken);
    say(sentences.join(" "));
    const list = document.createElement("ul");
    for (const [sentence, number] of told.leftOut) {
      const line = document.createElement("li");
      line.textContent = `${sentence} ${text("count", number)}`;
      list.append(line);
    }
    form.append(words, list);
  }
})();
