// SPDX-License-Identifier: Apache-2.0
// script.mjs BASE NPM: use web/felid.js on the list gazette at BASE; NPM is
// the folder that npm filled.  Prints TAP.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [base, npm] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(npm), "x.js"));
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const list = base + "/gazette.example.org/";
let n = 0;
let bad = 0;

function ok(what, good, detail) {
  n += 1;
  console.log(`${good ? "ok" : "not ok"} ${n} - ${what}`);
  if (!good) {
    bad += 1;
    console.log("# " + JSON.stringify(detail));
  }
}

function same(what, got, want) {
  ok(what, JSON.stringify(got) === JSON.stringify(want), { got, want });
}

// The thread of the list with the most messages.
async function find() {
  const text = await (await fetch(list)).text();
  let best = { n: 0 };
  for (const m of text.matchAll(/href="([^"]+\/t\/)"/g)) {
    const page = await (await fetch(base + m[1])).text();
    const count = page.split('<article class="msg').length - 1;
    if (count > best.n) {
      best = { n: count, url: base + m[1] };
    }
  }
  return best;
}

async function keyboard(page, thread) {
  const at = () => page.evaluate(() => {
    const all = [...document.querySelectorAll("article.msg[id]")];
    return all.indexOf(document.activeElement);
  });
  await page.goto(thread.url);
  await page.keyboard.press("j");
  same("j goes to the first message", await at(), 0);
  await page.keyboard.press("j");
  same("and to the next", await at(), 1);
  await page.keyboard.press("k");
  same("k goes back", await at(), 0);
  await page.keyboard.press("Control+j");
  same("a key with Control is the browser's", await at(), 0);
  await page.keyboard.press("x");
  const folded = () => page.locator(".folded").count();
  same("x folds the message", await folded(), 1);
  same("which hides its text", await page.locator(
    ".folded > :not(header):visible").count(), 0);
  await page.keyboard.press("X");
  same("X folds all", await folded(), thread.n);
  await page.keyboard.press("X");
  same("and unfolds them", await folded(), 0);
  await page.locator("[data-part=fold]").first().click();
  same("a button folds too", await folded(), 1);
  const found = () => page.locator("article.msg > [hidden]").first();
  same("where it can still be found", await found().getAttribute("hidden"),
    "until-found");
  await found().dispatchEvent("beforematch", { bubbles: true });
  same("and is unfolded when it is", await folded(), 0);
  await page.locator("[data-part=fold]").first().click();
  const id = await page.locator("article.msg").first().getAttribute("id");
  await page.evaluate((hash) => { location.hash = hash; }, id);
  await page.waitForFunction(() => !document.querySelector(".folded"));
  ok("a link to a folded message unfolds it", true);
  await page.setViewportSize({ width: 1280, height: 300 });
  await page.goto(thread.url);
  await page.evaluate(() =>
    document.querySelectorAll("article.msg")[2].scrollIntoView());
  await page.keyboard.press("j");
  same("j goes on from what is being read", await at(), 3);
  await page.evaluate(() => scrollTo(0, 1));
  await page.keyboard.press("k");
  same("also where the focus was left behind", await at(), 0);
  await page.keyboard.press("j");
  const top = () => page.evaluate(() =>
    Math.round(document.activeElement.getBoundingClientRect().top));
  await page.evaluate(() => scrollBy(0, 60));
  ok("a reader is within a message", await top() < 0, await top());
  await page.keyboard.press("x");
  ok("its head is in view when it is folded", await top() >= 0, await top());
  await page.keyboard.press("X");
  ok("or all are", await top() >= 0 && await top() < 300, await top());
  const outline = await page.evaluate(() =>
    getComputedStyle(document.activeElement).outlineStyle);
  same("the focus is seen", outline, "solid");
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto(thread.url);
  const [older] = await page.locator("[data-key=older]").all();
  const there = await older.evaluate((a) => a.href);
  await page.keyboard.press("p");
  await page.waitForURL(there);
  ok("p goes to the older thread", true);
  if (there.endsWith("/t/")) {
    await page.keyboard.press("n");
    await page.waitForURL(thread.url);
    ok("n goes back to the newer one", true);
  }
  await page.goto(thread.url);
  await page.keyboard.press("u");
  await page.waitForURL(list);
  ok("u goes up to the list", true);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  same("j goes to the second row of the list", await page.evaluate(() =>
    [...document.querySelectorAll(".threads > li")].findIndex((x) =>
      x.contains(document.activeElement))), 1);
}

// HyperKitty's links into a thread end in the hash of a message, and
// public-inbox's in the same in another form, or in "#u".
async function hashes(page, thread) {
  const digestOf = async (message) => {
    const raw = await (await fetch(message + "raw")).text();
    return createHash("sha1").update(
      /^Message-ID:\s*<(.*)>/im.exec(raw)[1]).digest();
  };
  const hashOf = async (message) => {
    const octets = await digestOf(message);
    const bits = [...octets].map((o) => o.toString(2).padStart(8, "0")).join("");
    return bits.match(/.{5}/g).map((b) =>
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[parseInt(b, 2)]).join("");
  };
  await page.goto(thread.url);
  const inside = list + (await page.locator("article.msg").last()
    .getAttribute("id")).slice(1) + "/";
  const older = await page.locator("[data-key=older]").first()
    .evaluate((a) => a.href.replace(/t\/$/, ""));
  await page.goto(`${thread.url}#${await hashOf(inside)}`);
  ok("the hash of a message of the page leads there", await page.evaluate(() =>
    document.querySelector("article.msg:last-of-type > header:target")));
  same("and nowhere else", new URL(page.url()).pathname,
    new URL(thread.url).pathname);
  await page.goto("about:blank");
  await page.goto(`${thread.url}#${await hashOf(older)}`);
  await page.waitForURL(older);
  ok("that of another message leads to its page", true);
  const atLast = () => page.waitForFunction(() =>
    document.querySelector("article.msg:last-of-type:target, " +
      "article.msg:last-of-type > header:target"));
  await page.goto("about:blank");
  await page.goto(`${thread.url}#m${(await digestOf(inside)).toString("hex")}`);
  await atLast();
  ok("as does public-inbox's hash", true);
  await page.goto("about:blank");
  await page.goto(`${inside}t/#u`);
  await atLast();
  ok("and its #u leads to the message of the URL", true);
}

async function copying(page, thread) {
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.goto(thread.url);
  const link = await page.locator("article.msg header .meta > a").first()
    .evaluate((a) => a.href);
  await page.locator("[data-part=copy]").first().click();
  await page.locator("[data-part=copied]").waitFor();
  same("a button copies the permalink", await copied(), link);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("l");
  await page.locator("[data-part=copied]").nth(1).waitFor();
  ok("l copies the link to another message", await copied() !== link &&
    (await copied()).startsWith(list), await copied());
  await page.goto(link);
  await page.locator(".permalink [data-part=copy]").click();
  await page.locator("[data-part=copied]").waitFor();
  ok("a message's page copies what it says", (await page.locator(
    ".permalink code").textContent()) === await copied(), await copied());
  await page.keyboard.press("u");
  await page.waitForURL(/\/t\/#m/);
  ok("u goes up to the thread", true);
}

async function sheet(page, thread) {
  const open = () => page.locator("dialog").evaluate((d) => d.open);
  await page.goto(thread.url);
  await page.keyboard.press("?");
  ok("? opens the sheet", await open());
  await page.keyboard.press("j");
  ok("no key works behind it", await page.evaluate(() =>
    document.querySelector("dialog").contains(document.activeElement)));
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run());
  same("axe finds nothing", found.violations.map((v) =>
    [v.id, v.nodes.map((x) => x.html)]), []);
  const paper = () => page.evaluate(() =>
    getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.locator("[data-set=theme]").selectOption("dark");
  ok("dark is dark", await paper() !== light, light);
  await page.locator("[data-set=letters]").selectOption("mono");
  await page.locator("[data-set=nokeys]").check();
  await page.keyboard.press("Escape");
  ok("Escape closes it", !await open());
  await page.keyboard.press("?");
  ok("keys can be done without", !await open());
  await page.goto(list);
  ok("the next page is dark too", await paper() !== light, light);
  ok("and of one width", await page.evaluate(() =>
    document.documentElement.classList.contains("mono")));
  await page.locator("[data-part=open]").click();
  await page.locator("[data-set=theme]").selectOption("");
  same("as the system has them", await paper(), light);
  await page.locator("[data-set=nokeys]").uncheck();
}

async function visits(page, thread) {
  await page.goto(thread.url);
  same("nothing is new to who keeps nothing",
    await page.locator(".new").count(), 0);
  same("and nothing is kept of visits", await page.evaluate(() =>
    localStorage.getItem("felid.visited")), null);
  await page.keyboard.press("?");
  await page.locator("[data-set=visits]").check();
  // A visit that ended when the second message had come.
  await page.evaluate(() => {
    const times = [...document.querySelectorAll("article.msg > header time")]
      .map((t) => Date.parse(t.dateTime)).sort((a, b) => a - b);
    const all = JSON.parse(localStorage.getItem("felid.visited"));
    for (const path of Object.keys(all)) {
      all[path] = { last: 0, now: times[1] };
    }
    localStorage.setItem("felid.visited", JSON.stringify(all));
  });
  await page.reload();
  same("what came later is new", await page.locator("article .new").count(),
    thread.n - 2);
  await page.reload();
  same("and stays so for this visit",
    await page.locator("article .new").count(), thread.n - 2);
}

async function skeleton(page, thread) {
  const marked = () => page.evaluate(() =>
    [...document.querySelectorAll(".tree [aria-current=location]")]
      .map((a) => a.hash.slice(1)));
  await page.setViewportSize({ width: 1280, height: 200 });
  await page.goto(thread.url);
  const ids = await page.evaluate(() =>
    [...document.querySelectorAll("article.msg[id]")].map((a) => a.id));
  await page.waitForFunction(() =>
    document.querySelector(".tree [aria-current=location]"));
  same("the skeleton marks the first message", await marked(), [ids[0]]);
  await page.evaluate((id) =>
    document.getElementById(id).scrollIntoView(), ids[1]);
  await page.waitForFunction((id) => document.querySelector(
    ".tree [aria-current=location]").hash === "#" + id, ids[1]);
  same("and then the next", await marked(), [ids[1]]);
  const beside = () => page.evaluate(() => {
    const tree = document.querySelector(".tree").getBoundingClientRect();
    const text = document.querySelector("article").getBoundingClientRect();
    return [tree.right <= text.left, tree.top >= 0 && tree.top < innerHeight,
      document.querySelector(".tree li").checkVisibility(
        { contentVisibilityAuto: true })];
  });
  same("it stays in view, beside the messages", await beside(),
    [true, true, true]);
  await page.setViewportSize({ width: 360, height: 740 });
  same("and folded above them on a phone", (await beside())[0], false);
  await page.setViewportSize({ width: 1280, height: 720 });
}

async function times(page, thread) {
  await page.goto(thread.url);
  const ago = await page.locator("article header .ago").first().textContent();
  ok("a time says the reader's zone and how long ago it is",
    /^\(\d.* GMT\+9, .* ago\)$/.test(ago), ago);
  // An event's time by the clock of a place tells nothing of another.
  await page.route(thread.url, async (route) => {
    const body = (await (await route.fetch()).text()).replace(
      '<div class="text', '<time datetime="2024-03-05T14:00">14:00</time>$&');
    await route.fulfill({ body, contentType: "text/html" });
  });
  await page.goto(thread.url);
  same("but not of one without a zone", await page.locator(
    "time[datetime='2024-03-05T14:00']").getAttribute("title"), null);
  await page.unroute(thread.url);
}

async function paper(page, thread) {
  const closed = () => page.locator("details.fold:not([open])").count();
  await page.goto(thread.url);
  await page.evaluate(() => document.querySelector("article .text").append(
    Object.assign(document.createElement("details"), { className: "fold" })));
  const n = await closed();
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  same("quotes are printed whole", await closed(), 0);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  ok("and folded again", n > 0 && await closed() === n, n);
}

async function withoutScript(browser, thread) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(thread.url);
  same("without script nothing of it is seen",
    await page.locator("[data-part], dialog, .ago").count(), 0);
  same("and every message is", await page.locator(
    "article.msg .content, article.msg .text, article.msg .html")
    .first().isVisible(), true);
  await context.close();
}

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const context = await browser.newContext({
  permissions: ["clipboard-read", "clipboard-write"], locale: "en-GB",
  timezoneId: "Asia/Tokyo", colorScheme: "light" });
const page = await context.newPage();
page.setDefaultTimeout(10000);
const faults = [];
page.on("pageerror", (e) => faults.push(String(e)));
page.on("console", (m) => m.type() === "error" && faults.push(m.text()));
const thread = await find();
ok("there is a thread of four messages or more", thread.n >= 4, thread);
for (const test of [
  keyboard, hashes, copying, sheet, skeleton, visits, times, paper]) {
  await test(page, thread);
}
same("nothing failed on the way", faults, []);
await withoutScript(browser, thread);
await browser.close();
console.log(`1..${n}`);
process.exit(bad > 0 ? 1 : 0);
