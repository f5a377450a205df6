// Pictures of a page, to look at: node shots.mjs PAGE DIRECTORY
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { launch } from './browser.mjs';

const [page, directory] = process.argv.slice(2);
const looks = [
  { name: 'light', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light', deviceScaleFactor: 2 },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark', deviceScaleFactor: 2 },
];

mkdirSync(directory, { recursive: true });
const browser = await launch(chromium);
for (const { name, ...options } of looks) {
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  await tab.goto(pathToFileURL(page).href);
  await tab.screenshot({ path: `${directory}/${name}-top.png` });
  const first = tab.locator('#cases > details').first();
  if (await first.count()) {
    await first.locator('summary').first().click();
    if (!await first.evaluate((item) => item.open))
      await first.locator('summary').first().click();
    await first.evaluate((item) => item.scrollIntoView());
    await tab.screenshot({ path: `${directory}/${name}-case.png` });
  }
  await context.close();
}
const context = await browser.newContext({ viewport: { width: 794, height: 1123 } });
const tab = await context.newPage();
await tab.goto(pathToFileURL(page).href);
await tab.pdf({ path: `${directory}/print.pdf`, format: 'A4', margin: { top: '15mm', bottom: '15mm', left: '15mm', right: '15mm' } });
await browser.close();
