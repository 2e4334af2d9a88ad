// Promises one by one, as the scenarios print them, and a count at the end.
export const score = { kept: 0, broken: 0 };
const only = process.env.ONLY ? new RegExp(process.env.ONLY, "i") : null;
let on_break = async () => {};
let tidy = async () => {};
export const when_broken = (act, clean) => ((on_break = act), (tidy = clean));

export const note = (text) => console.log(`# ${text}`);
export function expect(what, so, ...seen) {
  if (!so) throw new Error(`expected: ${what}${seen.length ? `; seen: ${seen.map((s) => (typeof s === "string" ? s : JSON.stringify(s))).join(" ")}` : ""}`);
}

// A promise that broke on the way, told once; the story goes on.
const told_flaws = new Set();
export function flaw(name, detail) {
  if (told_flaws.has(name)) return;
  told_flaws.add(name);
  score.broken++;
  console.log(`not ok - ${name}\n    ${detail}`);
}

const limited = (act, seconds) => {
  let timer;
  const over = new Promise((_, failed) => (timer = setTimeout(() => failed(new Error(`not done after ${seconds} s`)), seconds * 1000)));
  return Promise.race([Promise.resolve().then(act), over]).finally(() => clearTimeout(timer));
};

async function keep(name, act, seconds) {
  const began = Date.now();
  try {
    await limited(act, seconds);
    score.kept++;
    console.log(`ok - ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    return true;
  } catch (problem) {
    score.broken++;
    console.log(`not ok - ${name}`);
    console.log(String(problem?.stack ?? problem).split("\n").slice(0, 24).map((l) => `    ${l}`).join("\n"));
    await on_break(name).catch(() => {});
    return false;
  }
}

// A promise about how well, not whether: the story goes on without it.
const FINE = /within two seconds|receipt is downloaded/;

// A story: its steps follow from one another, so the first that breaks ends it, unless they stand `apart`.
// `after` always runs.
export async function story(title, steps, { before, after, apart = false, seconds = 60, always = false } = {}) {
  if (only && !always && !only.test(title)) return;
  const scene = {};
  let whole = true;
  if (before) whole = await keepless(title, () => before(scene), seconds);
  for (const [name, act] of steps) {
    if (!whole) {
      score.broken++;
      console.log(`not ok - ${name}\n    not tried: an earlier step of this story broke`);
    } else if (!(await keep(name, () => act(scene), seconds))) whole = apart || FINE.test(name);
  }
  if (after) await limited(() => after(scene), seconds).catch((problem) => note(`after "${title}": ${problem.message.split("\n")[0]}`));
  if (!whole) await tidy().catch((problem) => note(`tidying after "${title}": ${problem.message}`));
}
async function keepless(title, act, seconds) {
  try {
    await limited(act, seconds);
    return true;
  } catch (problem) {
    console.log(`# before "${title}": ${String(problem?.stack ?? problem).split("\n").slice(0, 12).join("\n#   ")}`);
    await on_break(title).catch(() => {});
    return false;
  }
}
