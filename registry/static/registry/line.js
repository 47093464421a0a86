// Speaks with a donation's door for files: the manifest, and each file over tus in parts that count whole or not at all.
import { Checked, Unread } from "./checked.js";

const PART = 8 << 20, PATIENCE = [500, 1000, 2000, 4000, 8000, 15_000], LENT_NO_MORE = [400, 413, 429];
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Why nothing can be sent just now: `signed_out`, `lost`, `pause`, `gone` or `refused`, with the server's own sentence.
export class Stop extends Error {
  constructor(kind, sentence = "") {
    super(kind);
    Object.assign(this, { kind, sentence });
  }
}

export class Anew extends Error {} // a file whose upload has ended meanwhile, or goes on elsewhere: it is promised once more
export class NotTaken extends Error {} // a file that the server will not have, whatever is done

export class Line {
  constructor(form, tus) {
    Object.assign(this, { tus, token: form.elements.csrfmiddlewaretoken.value, address: form.dataset.manifest });
    this.under = new Map(); // uploads that are under way, with what to call when they are stopped
    this.again = () => {}; // called where the line broke and it is tried again
  }

  // How each of the files stands: {index, standing, upload, offset}.
  async manifest(files) {
    return (await this.#patiently(this.address, { files })).files;
  }

  // What the programme's key makes of values that the engine asks for; "" for each, where the server lends no more.
  async numbers(address, asks) {
    return (await this.#patiently(address, { asks }, LENT_NO_MORE))?.numbers ?? asks.map(() => "");
  }

  // The answer to a question, asked again where the line breaks; null where it is refused with one of `refusals`.
  async #patiently(address, question, refusals = []) {
    for (let go = 0; ; go += 1) {
      const { status, body } = await this.#asked(address, question).catch(() => ({ status: 0 }));
      if (status === 200) return body;
      if (refusals.includes(status)) return null;
      const kind = why(status);
      if (kind !== "gone" || go === PATIENCE.length) throw new Stop(kind, body?.title);
      this.again();
      await pause(PATIENCE[go]);
    }
  }

  async #asked(address, question) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(question) });
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    return { status: answer.ok && !isJson ? 0 : answer.status, body: isJson ? await answer.json() : null };
  }

  // Sends what is missing of a file; answers what became of it, in the server's word, and of each file in it in its
  // sentences. `told(bytes)` says how far it is.
  async send({ upload, offset, blob }, told) {
    let outcome = "", answers = [], key = null;
    const headers = { "X-CSRFToken": this.token };
    const sent = new Promise((done, broken) => {
      key = new this.tus.Upload(blob, {
        uploadUrl: upload, chunkSize: PART, headers, retryDelays: PATIENCE, httpStack: new Checked(this.tus, offset, blob.size),
        storeFingerprintForResuming: false, fingerprint: async () => null, // nothing of a file is kept in the browser
        onProgress: told,
        onShouldRetry: (error) => passes(error) && (this.again(), true),
        onAfterResponse: (_, response) => {
          outcome = response.getHeader("Donara-Outcome") || outcome;
          answers = JSON.parse(decodeURIComponent(response.getHeader("Donara-Told") || "[]"));
        },
        onSuccess: () => done({ outcome, answers }),
        onError: (error) => broken(reason(error)),
      });
      this.under.set(key, broken);
      key.start();
    });
    return sent.finally(() => this.under.delete(key));
  }

  // Breaks off what is under way.
  stop() {
    for (const [upload, broken] of this.under) {
      upload.abort();
      broken(new Stop("stopped"));
    }
  }

  // After somebody signed in again in another window: the page's new token. False while nobody is.
  async renewed() {
    const page = await fetch(window.location.href).then((answer) => answer.text()).catch(() => "");
    const token = new DOMParser().parseFromString(page, "text/html").querySelector("form[data-upload] [name=csrfmiddlewaretoken]");
    if (token) this.token = token.value;
    return Boolean(token);
  }
}

const statusOf = (error) => error.originalResponse?.getStatus() ?? 0;

function why(status) {
  if (!status || status === 408 || status >= 500) return "gone";
  return { 401: "signed_out", 403: "signed_out", 404: "lost", 429: "pause" }[status] || "refused";
}

function said(error) {
  try {
    return JSON.parse(error.originalResponse.getBody());
  } catch {
    return {};
  }
}

// Whether it is worth trying again: the line broke, a part came damaged, or the file goes on elsewhere than was thought.
function passes(error) {
  const status = statusOf(error);
  return !(error.causingError instanceof Unread) && (why(status) === "gone" || status === 460 || said(error).code === "offset");
}

function reason(error) {
  if (error.causingError instanceof Unread) return error.causingError;
  const { code, title } = said(error);
  if ([410, 460].includes(statusOf(error)) || code === "offset") return new Anew();
  if ([400, 413].includes(statusOf(error))) return new NotTaken();
  return new Stop(why(statusOf(error)), title);
}
