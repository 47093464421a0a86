// How long something will still take, from how it went in the last half minute.
const WINDOW = 30_000, ENOUGH = 3000;

export class Pace {
  constructor() {
    this.seen = [];
  }

  // Milliseconds that are left of `all`, of which `done` is done; null while nobody can say.
  left(done, all, now = performance.now()) {
    this.seen.push([now, done]);
    while (this.seen.length > 2 && now - this.seen[0][0] > WINDOW) this.seen.shift();
    const [since, from] = this.seen[0];
    return now - since < ENOUGH || done <= from ? null : ((all - done) * (now - since)) / (done - from);
  }
}

// The same as the name of a sentence and its number: nobody wants to know the seconds.
export function roughly(milliseconds) {
  const minutes = milliseconds / 60_000;
  if (minutes <= 1) return ["send_moment", {}];
  return minutes <= 90 ? ["send_minutes", { n: Math.ceil(minutes) }] : ["send_hours", { n: Math.round(minutes / 60) }];
}
