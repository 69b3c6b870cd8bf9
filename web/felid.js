// Comfort for those who have scripts: keys, folding, links to copy, times in
// the reader's zone, what is new.  Nothing needs it.  Its texts come with the
// page, in a block of data, in the reader's language; what it keeps stays in
// this browser.
// SPDX-License-Identifier: Apache-2.0
"use strict";

(() => {
  const written = document.querySelector("body > script[type='text/html']");
  if (!written) {
    return;
  }
  const root = document.documentElement;
  const parts = new DOMParser().parseFromString(
    written.textContent, "text/html");
  const sheet = parts.querySelector("dialog");
  const articles = [...document.querySelectorAll("article.msg[id]")];
  const rows = [...document.querySelectorAll(
    ".threads > li, .lists > li, table.threads > tbody > tr")];

  function copyOf(name) {
    return document.importNode(
      parts.querySelector(`[data-part=${name}]`), true);
  }

  // What is kept ------------------------------------------------------------

  function kept(name) {
    try {
      return localStorage.getItem("felid." + name) || "";
    } catch {
      return ""; // the reader wants nothing kept
    }
  }

  function keep(name, value) {
    try {
      if (value === "") {
        localStorage.removeItem("felid." + name);
      } else {
        localStorage.setItem("felid." + name, value);
      }
    } catch {
      // Then it holds for this page.
    }
  }

  // Light or dark, and letters ----------------------------------------------

  const darkRules = [...document.styleSheets].flatMap((s) => [...s.cssRules])
    .filter((r) => r instanceof CSSMediaRule &&
      r.media.mediaText.includes("prefers-color-scheme: dark"))
    .map((rule) => ({ rule, text: rule.media.mediaText }));

  const settings = {
    theme(value) {
      for (const { rule, text } of darkRules) {
        rule.media.mediaText = { light: "not all", dark: "all" }[value] || text;
      }
      root.style.colorScheme = value;
    },
    letters(value) {
      root.classList.toggle("mono", value === "mono");
      root.classList.toggle("prop", value === "prop");
    },
    visits(value) {
      markNew(value !== "");
    },
    nokeys() {},
  };

  // New since the last visit ------------------------------------------------

  const VISIT_MS = 30 * 60 * 1000; // a pause that ends a visit
  const VISITS_MAX = 100; // lists that are remembered

  // When the visit before this one to the page's list ended, in ms; 0: none.
  function lastVisit() {
    const crumb = document.querySelector(".top li:nth-child(2) a");
    if (!crumb) {
      return 0;
    }
    const list = crumb.pathname;
    let all = {};
    try {
      all = JSON.parse(kept("visited")) || {};
    } catch {
      all = {};
    }
    const now = Date.now();
    const before = all[list] || { last: 0, now: 0 };
    const last = now - before.now > VISIT_MS ? before.now : before.last;
    all[list] = { last, now };
    const newest = Object.entries(all)
      .sort((a, b) => b[1].now - a[1].now).slice(0, VISITS_MAX);
    keep("visited", JSON.stringify(Object.fromEntries(newest)));
    return last;
  }

  function markNew(wanted) {
    for (const mark of document.querySelectorAll(".new")) {
      mark.remove();
    }
    if (!wanted) {
      keep("visited", "");
      return;
    }
    const last = lastVisit();
    for (const item of last > 0 ? [...articles, ...rows] : []) {
      const times = [...item.querySelectorAll("time")];
      const time = item.matches("article") ? times[0] : times.at(-1);
      if (time && Date.parse(time.dateTime) > last) {
        time.after(" ", copyOf("new"));
      }
    }
  }

  // The sheet ---------------------------------------------------------------

  function addSheet() {
    for (const input of sheet.querySelectorAll("[data-set]")) {
      const name = input.dataset.set;
      const value = kept(name);
      if (input.type === "checkbox") {
        input.checked = value !== "";
      } else {
        input.value = value;
      }
      if (value !== "") {
        settings[name](value);
      }
      input.addEventListener("change", () => {
        const now = input.type === "checkbox"
          ? (input.checked ? "1" : "") : input.value;
        keep(name, now);
        settings[name](now);
      });
    }
    const open = copyOf("open");
    open.addEventListener("click", () => sheet.showModal());
    document.querySelector("footer > p:last-child").append(" ", open);
    document.body.append(sheet);
  }

  // Times -------------------------------------------------------------------

  // The page's language, as the reader's country writes it.
  const locale = navigator.languages.find((x) =>
    x.split("-")[0] === root.lang) || root.lang;
  const zoned = new Intl.DateTimeFormat(locale, {
    year: "numeric", month: "short", day: "numeric", hour: "numeric",
    minute: "2-digit", timeZoneName: "short" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400],
    ["hour", 3600], ["minute", 60]];

  function ago(ms) {
    const s = (ms - Date.now()) / 1000;
    const [unit, size] = UNITS.find(([, size]) => Math.abs(s) >= size) ||
      ["minute", 60];
    return relative.format(Math.round(s / size), unit);
  }

  const shown = [];

  function addTimes() {
    for (const time of document.querySelectorAll("time[datetime*=T]")) {
      // By the clock of a place whose zone nobody said, as events have it.
      if (!/(Z|[+-]\d\d:\d\d)$/.test(time.dateTime)) {
        continue;
      }
      const ms = Date.parse(time.dateTime);
      time.title = zoned.format(ms);
      // The sender's own clock may be told behind the time: not once more.
      const when = time.closest(".msg > header .when");
      if (when ? !when.querySelector(".ago")
        : time.closest(".msg[id] > header")) {
        const span = document.createElement("span");
        span.className = "ago";
        if (when) {
          when.append(" ", span);
        } else {
          (time.closest("a") || time).after(" ", span);
        }
        shown.push({ span, ms });
      }
    }
    tellTimes();
    setInterval(tellTimes, 60000);
  }

  function tellTimes() {
    for (const { span, ms } of shown) {
      span.textContent = `(${zoned.format(ms)}, ${ago(ms)})`;
    }
  }

  // A message's buttons -----------------------------------------------------

  function linkOf(article) {
    const link = article && article.querySelector(":scope > header .meta > a");
    const canonical = document.querySelector("link[rel=canonical]");
    return link ? link.href : canonical ? canonical.href : location.href;
  }

  async function copyLink(article, button) {
    try {
      await navigator.clipboard.writeText(linkOf(article));
    } catch {
      return; // the browser does not allow it
    }
    const said = copyOf("copied");
    (button || document.querySelector("footer > p:last-child")).after(said);
    setTimeout(() => said.remove(), 2000);
  }

  function addCopy(where, article) {
    if (!navigator.clipboard) {
      return;
    }
    const button = copyOf("copy");
    button.addEventListener("click", () => copyLink(article, button));
    where.append(" ", button);
  }

  // What is folded is found on the page all the same, where a browser can.
  function fold(article, folded) {
    article.classList.toggle("folded", folded);
    article.querySelector("[data-part=fold]")
      .setAttribute("aria-expanded", String(!folded));
    for (const part of article.querySelectorAll(":scope > :not(header)")) {
      if (folded) {
        part.setAttribute("hidden", "until-found");
      } else {
        part.removeAttribute("hidden");
      }
    }
  }

  // What the reader looks at stays there, or its head comes into view.
  function keepInView(article) {
    if (article && article.getBoundingClientRect().top < 0) {
      article.scrollIntoView();
    }
  }

  function addButtons() {
    for (const article of articles) {
      const where = article.querySelector(":scope > header .meta");
      const button = copyOf("fold");
      button.addEventListener("click", () =>
        fold(article, !article.classList.contains("folded")));
      article.addEventListener("beforematch", () => fold(article, false));
      where.append(" ", button);
      addCopy(where, article);
      article.tabIndex = -1;
    }
    const permalink = document.querySelector(".permalink");
    if (permalink) {
      addCopy(permalink, null);
    }
    addEventListener("hashchange", () => {
      const target = document.getElementById(location.hash.slice(1));
      if (target && target.matches(".folded")) {
        fold(target, false);
        target.scrollIntoView();
      }
    });
  }

  // Where the reader is, in the overview of a thread --------------------------

  function followReader() {
    const tree = document.querySelector(".tree");
    if (!tree || !("IntersectionObserver" in window)) {
      return;
    }
    const links = new Map([...tree.querySelectorAll("a[href^='#m']")]
      .map((a) => [a.hash.slice(1), a]));
    const seen = new Set();
    let marked = null;
    function mark() {
      const article = articles.find((a) => seen.has(a)) ||
        (marked ? null : articles[0]);
      const link = article && links.get(article.id);
      if (!link || link === marked) {
        return;
      }
      if (marked) {
        marked.removeAttribute("aria-current");
      }
      link.setAttribute("aria-current", "location");
      marked = link;
      // Only the overview is scrolled, never the page.
      const box = tree.getBoundingClientRect();
      const at = link.getBoundingClientRect();
      if (at.top < box.top || at.bottom > box.bottom) {
        tree.scrollTop += at.top - box.top - box.height / 3;
      }
    }
    // What crosses the upper third of the window is being read.
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) {
          seen.add(entry.target);
        } else {
          seen.delete(entry.target);
        }
      }
      mark();
    }, { rootMargin: "0px 0px -67% 0px" });
    articles.forEach((a) => observer.observe(a));
  }

  // Keys --------------------------------------------------------------------

  function follow(selector) {
    const link = document.querySelector(selector);
    if (link) {
      link.click();
    }
  }

  function isInView(item) {
    const box = item.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  }

  // Where the reader is: at what has the focus, unless it was scrolled away;
  // else at the last message that begins in the upper third of the window.
  function current() {
    const items = articles.length > 0 ? articles : rows;
    let at = items.findIndex((x) => x.contains(document.activeElement));
    if (items === articles && (at < 0 || !isInView(items[at]))) {
      at = items.findLastIndex((x) =>
        x.getBoundingClientRect().top < innerHeight / 3);
      if (scrollY === 0) {
        at = items.findIndex((x) => x.matches(":target"));
      }
    }
    return { items, at };
  }

  function step(by) {
    const { items, at } = current();
    if (items.length === 0) {
      follow(by > 0 ? ".walk [rel~=next]" : ".walk [rel~=prev]");
      return;
    }
    // A long thread goes on on another page.
    const page = at + by >= items.length ? "next" : at + by < 0 ? "prev" : "";
    if (at >= 0 && page !== "" && items === articles) {
      follow(`.thread + .walk [rel~=${page}]:not([data-key])`);
    }
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))];
    const focused = next.matches("article") ? next : next.querySelector("a");
    focused.focus({ preventScroll: true });
    next.scrollIntoView({
      block: next.matches("article") ? "start" : "nearest" });
  }

  function up() {
    const links = [...document.querySelectorAll(".place [data-key=up], .top a")]
      .filter((a) => a.pathname !== location.pathname);
    const thread = links.find((a) => a.dataset.key);
    const to = thread || links.at(-1);
    if (to) {
      to.click();
    }
  }

  function foldCurrent() {
    const { at } = current();
    if (articles[at]) {
      fold(articles[at], !articles[at].classList.contains("folded"));
      keepInView(articles[at]);
    }
  }

  function foldAll() {
    const folded = articles.some((a) => !a.classList.contains("folded"));
    const { at } = current();
    articles.forEach((a) => fold(a, folded));
    if (articles[at] && at > 0) {
      articles[at].scrollIntoView();
    }
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    n: () => follow("[data-key=newer]"),
    "]": () => follow("[data-key=newer]"),
    p: () => follow("[data-key=older]"),
    "[": () => follow("[data-key=older]"),
    u: up,
    x: foldCurrent,
    X: foldAll,
    l: () => copyLink(articles[current().at], null),
    "?": () => sheet.showModal(),
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || sheet.open ||
        kept("nokeys") !== "" || !Object.hasOwn(keys, event.key) ||
        event.target.closest("input, select, textarea, [contenteditable]")) {
      return;
    }
    event.preventDefault();
    keys[event.key]();
  });

  // Links into other pages ---------------------------------------------------

  // Of 160 bits in hexadecimal, the digits in base32.
  function base32(hex) {
    return [...hex].map((x) => parseInt(x, 16).toString(2).padStart(4, "0"))
      .join("").replace(/.{5}/g, (x) =>
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[parseInt(x, 2)]);
  }

  // Messages of a thread have HyperKitty's places; public-inbox writes the same
  // hash in another way, or "u" for the message that the URL names.  Their
  // page had all of the thread: what ours has not has a page of its own.
  function followHash() {
    const place = location.hash.slice(1);
    const [, key] = /\/([a-z2-7]{32})\/[tT]\/$/.exec(location.pathname) || [];
    const hash = /^m[0-9a-f]{40}$/.test(place) ? base32(place.slice(1)) : place;
    const to = place === "u" ? `m${key}` : hash;
    if (!key || !/^(m[a-z2-7]{32}|[A-Z2-7]{32})$/.test(to)) {
      return;
    }
    if (!document.getElementById(to)) {
      location.replace(`../../${to.replace(/^m/, "")}/`);
    } else if (to !== place) {
      location.replace(`#${to}`);
    }
  }

  followHash();
  // Paper -------------------------------------------------------------------

  // Quotes are printed whole.
  function addPaper() {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details.fold:not([open])")];
      opened.forEach((x) => { x.open = true; });
    });
    addEventListener("afterprint", () => {
      opened.forEach((x) => { x.open = false; });
    });
  }

  addSheet();
  addPaper();
  addTimes();
  addButtons();
  followReader();
})();
