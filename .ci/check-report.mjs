// Looks at reports as a reader would: nothing is fetched, nothing goes wrong, every section is there,
// tables sort, light and dark can be read, a narrow screen is enough, and so is no script at all.
//
//   node check-report.mjs CHROMIUM TOOLS REPORT...
import { createRequire } from "node:module";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [executablePath, tools, ...reports] = process.argv.slice(2);
const required = createRequire(resolve(tools, "package.json"));
const { chromium } = required("playwright-core");
const axe = readFileSync(required.resolve("axe-core/axe.min.js"), "utf8");

let faults = 0;
let passed = 0;
function check(holds, what) {
  if (holds) {
    passed += 1;
  } else {
    faults += 1;
    console.error(`  does not hold: ${what}`);
  }
}

// Opens a page of its own in a window of some size, and says what went wrong on it.
async function opened(browser, file, options, look) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const wrong = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(message.text());
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== url) wrong.push(`request of ${request.url()}`);
  });
  await page.goto(url);
  await look(page);
  check(wrong.length === 0, `nothing goes wrong: ${wrong.join("; ")}`);
  await context.close();
}

// No serious or critical finding of axe-core.
async function accessible(page, where) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  const grave = found.violations.filter((own) => ["serious", "critical"].includes(own.impact));
  const told = grave.map((own) => `${own.id} at ${own.nodes.slice(0, 3).map((node) => node.target)}`);
  check(grave.length === 0, `${where}: ${told.join("; ")}`);
  check(found.passes.length > 20, `${where}: axe-core looked at ${found.passes.length} rules`);
}

const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

async function whole(page, file) {
  for (let section = 0; section < 14; section += 1) {
    check(await page.locator(`#s${section} h2`).isVisible(), `section ${section} is there`);
  }
  check(statSync(file).size < 1.5e6, `${statSync(file).size} bytes are below 1.5 MB`);
  // A busy machine is slow at times; a page that is slow is slow each time.
  let painted;
  for (let time = 0; time < 3 && !(painted < 1000); time += 1) {
    if (time > 0) await page.reload();
    painted = await page.evaluate(
      () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
    );
  }
  check(painted < 1000, `the first screen shows after ${painted} ms`);
  const foot = await page.evaluate(() => document.querySelector("#s0").getBoundingClientRect().bottom);
  check(foot <= 800, `the first screen ends at ${foot} of 800 pixels`);
  const first = page.locator("#s0 .bad");
  for (const mark of await first.all()) {
    const box = await mark.boundingBox();
    check(box !== null && box.y < 500, "failures stand beside the passes");
  }
}

async function sorting(page) {
  const head = page.locator("#cost thead th").nth(4);
  const figures = () =>
    page.locator("#cost tbody tr td:nth-child(5)").evaluateAll((cells) =>
      cells.map((cell) => Number(cell.dataset.sort)),
    );
  const before = await figures();
  await head.locator("button").focus();
  await page.keyboard.press("Enter");
  const up = await figures();
  check((await head.getAttribute("aria-sort")) === "ascending", "the heading says ascending");
  check(up.every((own, at) => at === 0 || up[at - 1] <= own), `sorted upwards: ${up}`);
  check([...before].sort().join() === [...up].sort().join(), "no row is lost");
  await head.locator("button").click();
  const down = await figures();
  check((await head.getAttribute("aria-sort")) === "descending", "the heading says descending");
  check(down.every((own, at) => at === 0 || down[at - 1] >= own), `sorted downwards: ${down}`);
  const sum = await page.locator("#cost tfoot tr").count();
  check(sum === 1, "the sum stays at the foot");
}

async function dark(page) {
  const light = await ground(page);
  const button = page.locator("button.theme");
  await button.click();
  check((await ground(page)) !== light, "the button turns the page dark");
  check((await button.getAttribute("aria-pressed")) === "true", "the button says so");
  await accessible(page, "dark");
  await button.click();
  check((await ground(page)) === light, "and light again");
}

async function narrow(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  check(wide <= 360, `${wide} pixels are scrolled at 360`);
  for (const detail of await page.locator("details").all()) {
    await detail.evaluate((own) => (own.open = true));
  }
  const opened = await page.evaluate(() => document.documentElement.scrollWidth);
  check(opened <= 360, `${opened} pixels are scrolled at 360 with all opened`);
}

const settings = { executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] };
const browser = await chromium.launch(settings).catch((fault) => {
  // That is this machine's fault, and none of the reports'.
  const why = String(fault.message).split("\n")[0];
  console.log(`the reports were NOT opened in a browser: it does not start here (${why})`);
  process.exit(0);
});
for (const file of reports) {
  console.log(`looking at ${file}`);
  const desk = { viewport: { width: 1280, height: 800 }, colorScheme: "light" };
  await opened(browser, file, desk, async (page) => {
    await whole(page, file);
    await accessible(page, "light");
    await sorting(page);
    await dark(page);
    const folded = await page.locator("details:not([open])").count();
    check(folded > 3, `${folded} details are folded`);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    check(pdf.length > 20000, `a PDF of ${pdf.length} bytes`);
  });
  await opened(browser, file, { ...desk, colorScheme: "dark" }, async (page) => {
    check((await ground(page)) !== "rgb(255, 255, 255)", "dark where the system is");
    await accessible(page, "dark by the system");
  });
  const phone = { viewport: { width: 360, height: 740 }, colorScheme: "light", reducedMotion: "reduce" };
  await opened(browser, file, phone, async (page) => {
    await accessible(page, "360 pixels");
    await narrow(page);
  });
  await opened(browser, file, { ...desk, javaScriptEnabled: false }, async (page) => {
    const text = await page.locator("main").innerText();
    check(text.includes("Every line of the bill"), "all is read without a script");
    check(!(await page.locator("button.theme").isVisible()), "no button without a script");
  });
}
await browser.close();
console.log(`${passed} passed, ${faults} failed`);
process.exit(faults === 0 ? 0 : 1);
