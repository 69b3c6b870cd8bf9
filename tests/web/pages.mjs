// SPDX-License-Identifier: Apache-2.0
// pages.mjs BASE NPM: look at every kind of page of the list gazette at
// BASE; NPM is the folder that npm filled.  Prints TAP; screenshots go to
// NPM/screenshots.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [base, npm] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(npm), "x.js"));
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const vnu = path.join(npm, "node_modules/vnu-jar/build/dist/vnu.jar");
const list = "/gazette.example.org/";
const long = "/long.example.org/"; // one thread, of three pages
const shots = path.join(npm, "screenshots");
const saved = path.join(npm, "saved");

let n = 0;
let bad = 0;

function ok(what, faults) {
  n += 1;
  if (faults.length === 0) {
    console.log(`ok ${n} - ${what}`);
    return;
  }
  bad += 1;
  console.log(`not ok ${n} - ${what}`);
  for (const fault of faults) {
    console.log("# " + String(fault).replaceAll("\n", "\n# "));
  }
}

// What each page looks like, and on what.
const looks = [
  { name: "desktop", width: 1280, height: 900, scheme: "light" },
  { name: "desktop-dark", width: 1280, height: 900, scheme: "dark" },
  { name: "phone", width: 360, height: 740, scheme: "light" },
  { name: "phone-dark", width: 360, height: 740, scheme: "dark" },
];

async function text(url) {
  return (await fetch(base + url)).text();
}

function links(html) {
  return [...html.matchAll(/href="([^"]+)"/g)].map((m) => m[1]);
}

// Every page of the list but its files, and pages that say no.
async function find() {
  const urls = new Map([["/", 200], [list, 200]]);
  const messages = new Set();
  const ways = links(await text(list));
  for (const author of ways.filter((x) => /\/author\/[^/]+\/$/.test(x))) {
    urls.set(author, 200);
  }
  for (const year of ways.filter((x) => /\/\d{4}\/$/.test(x))) {
    urls.set(year, 200);
  }
  const months = ways.filter((x) => /\/\d{4}\/\d\d\/$/.test(x));
  urls.set(months[0] + "?by=author", 200);
  urls.set(months[0] + "?by=subject", 200);
  for (const month of months) {
    urls.set(month, 200);
    for (const link of links(await text(month))) {
      if (/\/[a-z2-7]{32}\/t\/$/.test(link)) {
        urls.set(link, 200);
        urls.set(link.replace(/t\/$/, "T/"), 200);
        for (const one of links(await text(link))) {
          if (/\/[a-z2-7]{32}\/$/.test(one)) {
            messages.add(one);
          }
        }
      } else if (/\/[a-z2-7]{32}\/$/.test(link)) {
        messages.add(link);
      }
    }
  }
  for (const one of messages) {
    urls.set(one, 200);
  }
  urls.set([...messages][0] + "?header", 200);
  const [thread] = links(await text(long)).filter((x) => /\/t\/$/.test(x));
  for (const page of ["t/", "t/?page=2", "t/?page=3", "T/?page=2"]) {
    urls.set(thread.replace(/t\/$/, page), 200);
  }
  urls.set(list + "nobody@example.org/", 404);
  urls.set("/nolist.example.org/", 404);
  urls.set("/?q=example&sort=size", 200);
  urls.set("/all/?q=", 200);
  urls.set("/all/?q=words+or+the+-zebra", 200);
  urls.set(list + '?q=the+foo:"', 200);
  urls.set("/all/?q=words&t=1&page=2", 200);
  const some = [...urls.keys()].find((x) => /\/t\/$/.test(x));
  urls.set(some + "?q=the&sort=newest", 200);
  urls.set(list + "?q=zebra", 200);
  urls.set(months[0] + "?page=x", 400);
  // Two messages of the sample share a Message-ID, hence a legacy hash.
  for (const one of messages) {
    const html = await text(one);
    const id = /<dt>Message-ID<\/dt><dd><code>&lt;([^<]+?)(?:&gt;|>)<\/code>/
      .exec(html);
    if (html.includes("Other messages have this key") && id) {
      const { createHash } = await import("node:crypto");
      const digest = createHash("sha1").update(id[1]).digest();
      urls.set(list + base32(digest) + "/", 300);
    }
  }
  return urls;
}

function base32(octets) {
  let bits = "";
  for (const octet of octets) {
    bits += octet.toString(2).padStart(8, "0");
  }
  return bits.match(/.{5}/g)
    .map((b) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[parseInt(b, 2)]).join("");
}

async function judge(page, url, status, look) {
  const faults = [];
  const log = (what) => faults.push(what);
  page.on("console", (m) => {
    // Chromium logs the status of the page itself as an error.
    if (m.type() === "error" && !/status of [34]\d\d/.test(m.text())) {
      log("console: " + m.text());
    }
  });
  page.on("requestfailed", (r) => log("failed: " + r.url()));
  page.on("request", (r) => {
    if (!r.url().startsWith(base)) {
      log("leaves the site: " + r.url());
    }
  });
  const reply = await page.goto(base + url);
  const html = await text(url);
  if (reply.status() !== status) {
    log(`status ${reply.status()}`);
  }
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) {
    log(`${wide} pixels wider than the window`);
  }
  const crumbs = await page.evaluate(
    () => document.querySelector(".top ol").offsetHeight);
  if (crumbs > 60) {
    log(`the way back is ${crumbs} pixels high`);
  }
  await page.evaluate(() => {
    for (const d of document.querySelectorAll("details")) {
      d.open = true;
    }
  });
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run({
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
      "best-practice"],
  }));
  for (const v of found.violations) {
    log(`${v.id}: ${v.help}\n` + v.nodes.slice(0, 3).map(
      (x) => x.html + "\n" + x.failureSummary).join("\n"));
  }
  const file = url.replace(/[^A-Za-z0-9.]+/g, "_").slice(0, 60);
  await page.screenshot({
    path: path.join(shots, `${file}-${look.name}.png`), fullPage: true });
  if (look === looks[0]) {
    fs.writeFileSync(path.join(saved, file + ".html"), html);
  }
  return faults;
}

async function keyboard(browser) {
  const page = await browser.newPage();
  await page.goto(base + list);
  await page.keyboard.press("Tab");
  const seen = await page.evaluate(() => {
    const e = document.activeElement;
    const box = e.getBoundingClientRect();
    return { text: e.textContent, left: box.left,
      outline: getComputedStyle(e).outlineStyle };
  });
  ok("the first stop of the keyboard skips to the content",
    seen.text === "Skip to content" && seen.left >= 0 &&
    seen.outline !== "none" ? [] : [JSON.stringify(seen)]);
  await page.keyboard.press("Enter");
  ok("and does", page.url().endsWith("#main") ? [] : [page.url()]);
  await page.close();
}

// One page of each kind.
function kinds(urls) {
  const seen = new Map();
  for (const [url, status] of urls) {
    const kind = status !== 200 ? String(status)
      : url.replace(/[a-z2-7]{32}/, "KEY").replace(/author\/[^/]+/, "author").replace(/\d{4}\/\d\d/, "MONTH")
        .replace(/\/\d{4}\/$/, "/YEAR/");
    if (!seen.has(kind)) {
      seen.set(kind, url);
    }
  }
  return [...seen.values()];
}

// Without script, on a phone: each kind of page in each language, chosen
// at its foot.
async function languages(browser, some) {
  for (const [tag, name] of [["de", "Deutsch"], ["fr", "Fran\u00e7ais"],
    ["ja", "\u65e5\u672c\u8a9e"], ["en", "English"]]) {
    const context = await browser.newContext({
      javaScriptEnabled: false, viewport: { width: 360, height: 740 },
      locale: tag === "en" ? "de-DE" : "en-GB" });
    const page = await context.newPage();
    await page.goto(base + some[1]);
    await page.getByRole("button", { name, exact: true }).click();
    ok(`${name} is chosen without script, and comes back`,
      page.url() === base + some[1] ? [] : [page.url()]);
    for (const url of some) {
      await page.goto(base + url);
      const lang = await page.locator("html").getAttribute("lang");
      const now = await page.locator(".languages [aria-current]")
        .getAttribute("value");
      const box = await page.locator("h1").first().boundingBox();
      ok(`${url} is in ${name}`, lang === tag && now === tag && box !== null &&
        box.width <= 360 ? [] : [lang, now, JSON.stringify(box)]);
    }
    await page.screenshot({
      path: path.join(shots, `language-${tag}.png`), fullPage: true });
    await context.close();
  }
}

// On paper: what is there to be clicked is gone, what is to be read is not.
async function print(browser, some) {
  const page = await browser.newPage({
    viewport: { width: 800, height: 1100 }, colorScheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const [i, url] of some.entries()) {
    await page.goto(base + url);
    const seen = await page.evaluate(() => ({
      clicked: [...document.querySelectorAll(
        ".walk, .views, .languages, .about summary")]
        .filter((x) => x.checkVisibility())
        .map((x) => x.className || x.textContent),
      ink: getComputedStyle(document.body).color,
      paper: getComputedStyle(document.body).backgroundColor,
      text: document.querySelector("h1").checkVisibility(),
    }));
    ok(`${url} is printed black on white`, seen.clicked.length === 0 &&
      seen.ink === "rgb(0, 0, 0)" && seen.paper === "rgb(255, 255, 255)" &&
      seen.text ? [] : [JSON.stringify(seen)]);
    await page.screenshot({
      path: path.join(shots, `print-${i}.png`), fullPage: true });
  }
  await page.close();
}

for (const dir of [shots, saved]) {
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(dir, { recursive: true });
}
const urls = await find();
ok("there are messages, threads, months and a choice",
  urls.size > 60 && [...urls.values()].includes(300)
    ? [] : [[...urls.entries()].join("\n")]);
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const look of looks) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.scheme });
  // All of them once; otherwise some of each kind.
  const some = [...urls].filter(([url, status], i) =>
    look === looks[0] || status !== 200 || url.includes("?") || i < 8 ||
    i % 8 === 0);
  for (const [url, status] of some) {
    const page = await context.newPage();
    ok(`${look.name} ${url}`, await judge(page, url, status, look));
    await page.close();
  }
  await context.close();
}
await keyboard(browser);
const some = kinds(urls);
await languages(browser, some);
await print(browser, some);
await browser.close();

const css = links(await text("/")).find((x) => x.endsWith(".css"));
fs.writeFileSync(path.join(saved, "style.css"), await text(css));
let report = "";
try {
  execFileSync("java", ["-jar", vnu, "--stdout", "--also-check-css",
    "--format", "gnu", saved], { encoding: "utf8" });
} catch (e) {
  report = e.stdout || String(e);
}
ok("the Nu HTML checker has nothing to say",
  report.split("\n").filter((x) => x).slice(0, 40));
console.log(`1..${n}`);
process.exit(bad > 0 ? 1 : 0);
