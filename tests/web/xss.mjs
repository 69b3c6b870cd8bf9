// SPDX-License-Identifier: Apache-2.0
// xss.mjs PORT PAGES NPM: open each page of http://archive.test, which listens
// on PORT, that the JSON file PAGES names, with how many messages it shows (0
// for a file, -1 where nobody knows, -2 for what a search found), and see that
// nothing happens.  NPM is the folder that npm filled.  Prints TAP.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [port, pages, npm] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(npm), "x.js"));
const { chromium } = require("playwright-core");
const base = "http://archive.test";
const TABS = 3;

let n = 0;
let bad = 0;

function ok(what, faults) {
  n += 1;
  bad += faults.length > 0 ? 1 : 0;
  console.log(`${faults.length > 0 ? "not " : ""}ok ${n} - ${what}`);
  for (const fault of faults.slice(0, 10)) {
    console.log("# " + String(fault).replaceAll("\n", "\n# "));
  }
}

// What a tab does that no page of ours may: talk, ask, fetch, fail.  What the
// policy of the page had to stop is on the console.
function watch(page) {
  const seen = [];
  page.on("dialog", (d) => {
    seen.push("dialog: " + d.message());
    d.dismiss();
  });
  page.on("console", (m) => seen.push(`console: ${m.text()}`));
  page.on("pageerror", (e) => seen.push(`error: ${e}`));
  page.on("popup", () => seen.push("a window was opened"));
  page.on("download", () => seen.push("a download began"));
  page.on("request", (r) => {
    if (!r.url().startsWith(base + "/")) {
      seen.push("request: " + r.url());
    }
  });
  return seen;
}

// What in a message's content could do something, were it let.
function armed() {
  const found = [];
  for (const e of document.querySelectorAll(
    ".html *, .text *, .hits *, .notice *, h1 *")) {
    for (const a of e.attributes) {
      if (/^on|^style$|^srcdoc$|^action$/.test(a.name) ||
          /^\s*(javascript|data|vbscript):/i.test(a.value)) {
        found.push(e.outerHTML.slice(0, 200));
      }
    }
    if (/^(script|style|iframe|object|embed|form|base|link|meta|svg|math)$/
      .test(e.localName)) {
      found.push(e.outerHTML.slice(0, 200));
    }
  }
  return found;
}

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium", args: ["--no-sandbox",
    `--host-resolver-rules=MAP archive.test:80 127.0.0.1:${port}`] });
const context = await browser.newContext();
const todo = Object.entries(JSON.parse(fs.readFileSync(pages, "utf8")));
const total = todo.length;
const faults = [];
let shown = 0;
let alone = 0;
let files = 0;
let hits = 0;

const first = await context.newPage();
const noticed = watch(first);
await first.goto(base + "/");
const before = noticed.length;
await first.evaluate(() => {
  alert("a");
  console.log("b");
  return fetch("http://127.0.0.1:1/").catch(() => 0);
});
const heard = noticed.slice(before).join("\n");
ok("what a script does would be noticed",
  /dialog: a/.test(heard) && /console: b/.test(heard) &&
  /request:|Content Security/.test(heard) ? [] : [heard]);
ok("the front page does nothing", noticed.slice(0, before));

// Open a file as whoever follows its link does: the browser shows or saves it.
async function openFile(page, url, seen) {
  const saved = page.waitForEvent("download", { timeout: 0 }).catch(() => 0);
  let status = 200;
  try {
    status = (await page.goto(base + url)).status();
  } catch (e) {
    if (!/download/i.test(e)) {
      throw e;
    }
    await saved;
  }
  files += 1;
  // Chromium lays a lone image out by a style of its own, which the policy of
  // files forbids.
  return [...seen.splice(0).filter((x) => x !== "a download began" &&
    !/^console: Applying inline style/.test(x)),
    ...(status === 200 ? [] : [`status ${status}`])];
}

async function openPage(page, url, count, seen) {
  const reply = await page.goto(base + url);
  const here = await page.evaluate(() => {
    for (const e of document.querySelectorAll("details")) {
      e.open = true;
    }
    return document.querySelectorAll("article.msg").length;
  });
  const bad = await page.evaluate(armed);
  if (reply.status() !== 200 || here === 0 || (count > 0 && here !== count)) {
    bad.push(`status ${reply.status()}, ${here} messages`);
  }
  // What waits for a target, a time or the pointer.
  await page.mouse.move(200, 300);
  await page.mouse.wheel(0, 5000);
  if (/[tT]\/$/.test(url)) {
    shown += here;
  } else {
    alone += here;
  }
  return [...bad, ...seen.splice(0)];
}

// What a search found: of what is hostile, or asked for in a hostile way.
async function openResults(page, url, seen) {
  const reply = await page.goto(base + url);
  const bad = await page.evaluate(armed);
  if (reply.status() !== 200 || await page.locator("h1").count() !== 1) {
    bad.push(`status ${reply.status()}`);
  }
  hits += await page.locator(".hits > li").count();
  await page.mouse.move(200, 300);
  await page.mouse.wheel(0, 5000);
  return [...bad, ...seen.splice(0)];
}

async function work() {
  const page = await context.newPage();
  const seen = watch(page);
  while (todo.length > 0) {
    const [url, count] = todo.shift();
    const found = count === 0 ? await openFile(page, url, seen)
      : count === -2 ? await openResults(page, url, seen)
        : await openPage(page, url, count, seen);
    faults.push(...found.map((x) => `${url}: ${x}`));
  }
  await page.close();
}

await Promise.all(Array.from({ length: TABS }, work));
await browser.close();
ok(`${total} pages of ${shown} messages, ${alone} alone, ${files} files, ` +
  `${hits} results: nothing happens`, faults);
ok("there were some", shown > 1000 && alone > 200 && files > 100 && hits > 1000
  ? [] : [shown, alone, files, hits]);
console.log(`1..${n}`);
process.exit(bad > 0 ? 1 : 0);
