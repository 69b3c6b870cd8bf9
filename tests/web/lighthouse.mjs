// SPDX-License-Identifier: Apache-2.0
// lighthouse.mjs BASE NPM PATH...: what Lighthouse, as a phone, thinks of
// pages at BASE; NPM is the folder that npm filled.  Prints TAP.
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [base, npm, ...paths] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(npm), "x.js"));
const { chromium } = require("playwright-core");
const { default: lighthouse } = await import(
  pathToFileURL(path.join(path.resolve(npm),
    "node_modules/lighthouse/core/index.js")));

// Performance is a computed load time on a slow phone, of which a busy
// machine takes away: the best of some attempts counts.
const least = {
  performance: 98,
  accessibility: 100,
  "best-practices": 100,
  seo: 100,
};
const attempts = 4;

async function freePort() {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function look(url, port, categories) {
  const { lhr } = await lighthouse(url, {
    port,
    logLevel: "error",
    onlyCategories: categories,
  });
  const found = {};
  for (const [name, category] of Object.entries(lhr.categories)) {
    const score = Math.round(category.score * 100);
    const faults = category.auditRefs
      .filter((ref) => ref.weight > 0)
      .map((ref) => lhr.audits[ref.id])
      .filter((audit) => audit.score !== null && audit.score < 1)
      .map((audit) => `${audit.id}: ${audit.displayValue ?? audit.title} ` +
        (audit.explanation ?? ""));
    found[name] = { score, faults };
  }
  return found;
}

const port = await freePort();
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", `--remote-debugging-port=${port}`],
});
let n = 0;
let bad = 0;
for (const one of paths) {
  let wanted = Object.keys(least);
  const best = {};
  for (let i = 0; i < attempts && wanted.length > 0; i += 1) {
    const found = await look(base + one, port, wanted);
    for (const name of wanted) {
      if (!(best[name]?.score >= found[name].score)) {
        best[name] = found[name];
      }
    }
    wanted = wanted.filter((name) => best[name].score < least[name]);
  }
  for (const [name, { score, faults }] of Object.entries(best)) {
    n += 1;
    const good = score >= least[name];
    bad += good ? 0 : 1;
    console.log(`${good ? "ok" : "not ok"} ${n} - ` +
      `${one}: ${score} for ${name}, of ${least[name]}`);
    for (const fault of good ? [] : faults) {
      console.log(`# ${fault}`);
    }
  }
}
await browser.close();
console.log(`1..${n}`);
process.exit(bad > 0 ? 1 : 0);
