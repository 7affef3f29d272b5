// Lighthouse over the portal's dashboard, the page to sign on and a conversation, as Cleo of a running demo sees them.
//   one-legal demo &
//   npm ci --prefix tests/lighthouse && npm start --prefix tests/lighthouse -- [data/demo/people.json]
import { readFileSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const file = process.argv[2] ?? new URL("../../data/demo/people.json", import.meta.url);
const { url, people } = JSON.parse(readFileSync(file, "utf8"));
const cleo = people.find((person) => person.name.startsWith("Cleo"));
const wanted = { performance: 95, accessibility: 100, "best-practices": 100 };

const door = await fetch(`${url}/portal/login?tenant=${cleo.tenant}`, {
  method: "POST",
  redirect: "manual",
  headers: { origin: url, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams({ email: cleo.email, password: cleo.password }),
});
const cookie = door.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
if (!cookie.includes("session=")) throw new Error(`Cleo does not come in: status ${door.status}`);
const linked = async (page, pattern) => (await (await fetch(url + page, { headers: { cookie, accept: "text/html" } })).text()).match(pattern)?.[0];
const pages = {
  dashboard: "/portal/dashboard",
  sign: await linked("/portal/documents", /\/portal\/documents\/[0-9a-f-]{36}\/sign/),
  conversation: await linked("/portal/messages", /\/portal\/messages\/[0-9a-f-]{36}/),
};

const chrome = await launch({ chromePath: "/usr/bin/chromium", chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
let failed = false;
try {
  for (const [name, page] of Object.entries(pages)) {
    const { lhr } = await lighthouse(url + page, {
      port: chrome.port,
      onlyCategories: Object.keys(wanted),
      extraHeaders: { cookie },
      // A plain http address of this machine is no fault of the product's.
      skipAudits: ["is-on-https", "redirects-http"],
      formFactor: "desktop",
      screenEmulation: { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false },
      throttling: { rttMs: 40, throughputKbps: 10240, cpuSlowdownMultiplier: 1, requestLatencyMs: 0, downloadThroughputKbps: 0, uploadThroughputKbps: 0 },
    });
    for (const [category, least] of Object.entries(wanted)) {
      const score = Math.round(lhr.categories[category].score * 100);
      console.log(`${name.padEnd(13)} ${category.padEnd(15)} ${score}${score < least ? `  (wanted ${least})` : ""}`);
      if (score >= least) continue;
      failed = true;
      for (const { id } of lhr.categories[category].auditRefs) {
        const audit = lhr.audits[id];
        if (audit.score !== null && audit.score < 1 && audit.scoreDisplayMode !== "informative") console.log(`    ${id}: ${audit.title} ${audit.displayValue ?? ""}`);
      }
    }
  }
} finally {
  await chrome.kill();
}
process.exit(failed ? 1 : 0);
