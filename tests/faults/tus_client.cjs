// Uploads one file with tus-js-client as the upload page will: in parts, each with its checksum, trying again when the line breaks.
// Wants one JSON object on its standard input; prints what came of it as JSON.
"use strict";

const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const tus = require("tus-js-client");

/** Sends the digest of each body with it: the client itself does not know the checksum extension. */
class Checked {
  constructor(algorithm) {
    this.stack = new tus.DefaultHttpStack({});
    this.algorithm = algorithm;
  }

  createRequest(method, url) {
    const request = this.stack.createRequest(method, url);
    const send = request.send.bind(request);
    request.send = (body) => {
      if (body) {
        const digest = createHash(this.algorithm).update(body).digest("base64");
        request.setHeader("Upload-Checksum", `${this.algorithm} ${digest}`);
      }
      return send(body);
    };
    return request;
  }

  getName() {
    return "Checked";
  }
}

const asked = JSON.parse(readFileSync(0, "utf8"));
const told = { offsets: [], outcome: null, retries: 0 };
const upload = new tus.Upload(readFileSync(asked.file), {
  endpoint: asked.endpoint,
  uploadUrl: asked.uploadUrl,
  chunkSize: asked.chunkSize,
  uploadDataDuringCreation: Boolean(asked.withUpload),
  overridePatchMethod: Boolean(asked.override),
  headers: { Authorization: `Bearer ${asked.token}` },
  metadata: { filename: "Smith^John.dcm", sha256: asked.sha256 },
  httpStack: asked.algorithm ? new Checked(asked.algorithm) : new tus.DefaultHttpStack({}),
  retryDelays: Array(asked.tries || 0).fill(200),
  onShouldRetry: () => { told.retries += 1; return true; },
  onAfterResponse: (request, response) => { told.outcome = response.getHeader("Donara-Outcome") || told.outcome; },
  onChunkComplete: (size, accepted) => { told.offsets.push(accepted); },
  onSuccess: () => { console.log(JSON.stringify({ ...told, done: true })); },
  onError: (error) => {
    const response = error.originalResponse;
    console.log(JSON.stringify({ ...told, done: false, status: response ? response.getStatus() : 0 }));
  },
});
upload.start();
