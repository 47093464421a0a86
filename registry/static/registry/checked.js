// What tus-js-client lacks: it sends the SHA-256 of each part with it; and it is not asked for what the manifest has just said.
export class Unread extends Error {} // the file cannot be read any more: the disc was taken out, or it was changed

export class Checked {
  // `offset`: how far the file is, as the manifest says; `size`: its bytes.
  constructor(tus, offset, size) {
    Object.assign(this, { stack: new tus.DefaultHttpStack({}), known: { "Upload-Offset": offset, "Upload-Length": size } });
  }

  createRequest(method, url) {
    if (method === "HEAD" && this.known) return this.answered();
    const request = this.stack.createRequest(method, url);
    const send = request.send.bind(request), abort = request.abort.bind(request);
    let stopped = false; // a request that has not begun to be sent could not be stopped otherwise
    request.abort = () => {
      stopped = true;
      return abort();
    };
    request.send = async (body) => {
      if (!body) return send(body);
      const bytes = await body.arrayBuffer().catch(() => { throw new Unread(); });
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      request.setHeader("Upload-Checksum", `sha256 ${btoa(String.fromCharCode(...digest))}`);
      return stopped ? new Promise(() => {}) : send(bytes);
    };
    return request;
  }

  // Asked how far a file is for the first time, as tus-js-client does: a round trip less for each picture.
  answered() {
    const known = this.known;
    this.known = null;
    const response = { getStatus: () => 200, getHeader: (name) => known[name] ?? null, getBody: () => "" };
    return { setHeader() {}, getHeader() {}, setProgressHandler() {}, abort: async () => {}, send: async () => response };
  }

  getName() {
    return "Checked";
  }
}
