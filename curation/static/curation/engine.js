// What a page knows of the engine: starts its worker and asks it one thing after the other.
const WORKER = new URL("./engine-worker.js", import.meta.url);
const FILES = new URL("./engine/", import.meta.url);

export const canRun = () => typeof WebAssembly === "object" && typeof Worker === "function";

export class Engine {
  // `start` fails where the browser is too old or has too little memory: then files go to the server as they are.
  constructor() {
    this.waiting = new Map();
    this.last = 0;
    this.worker = new Worker(WORKER, { type: "module" });
    this.worker.onmessage = ({ data: { id, value, failed } }) => {
      const { done, broken } = this.waiting.get(id);
      this.waiting.delete(id);
      if (failed) broken(new Error("engine"));
      else done(value);
    };
    this.worker.onerror = (event) => {
      event.preventDefault(); // what it says could hold what a file says
      for (const { broken } of this.waiting.values()) broken(new Error("engine"));
      this.waiting.clear();
    };
  }

  ask(deed, given = {}) {
    const id = (this.last += 1);
    return new Promise((done, broken) => {
      this.waiting.set(id, { done, broken });
      this.worker.postMessage({ id, deed, ...given });
    });
  }

  start() {
    return this.ask("start", { place: FILES.href });
  }

  // Ends the worker, and with it all that it knew.
  end() {
    this.worker.terminate();
  }
}
