// report.html in a real browser. PAGES names a directory with one page for each kind of sample; ./run makes them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { launch } from './browser.mjs';

const url = (kind, hash = '') => pathToFileURL(`${process.env.PAGES}/${kind}/report.html`).href + hash;
let browser;

before(async () => { browser = await launch(chromium); });
after(async () => { await browser.close(); });

// Opens a page in a context of its own; whatever the browser complains of or asks a network for is kept.
async function open(kind, { hash = '', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const tab = await context.newPage();
  const wrong = [];
  tab.on('console', (message) => wrong.push(`console: ${message.text()}`));
  tab.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  tab.on('dialog', (dialog) => { wrong.push('dialog'); dialog.dismiss(); });
  tab.on('request', (request) => {
    if (!/^(file|data):/.test(request.url()))
      wrong.push(`request: ${request.url()}`);
  });
  await tab.goto(url(kind, hash));
  return { tab, wrong, done: async () => { await context.close(); assert.deepEqual(wrong, []); } };
}

// Types a query and waits for the frame in which it is answered.
const search = async (tab, query) => {
  await tab.getByRole('searchbox').fill(query);
  await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
};

const shown = (tab) => tab.locator('#cases > details:visible');
const count = (text) => Number(text.replaceAll(',', '').match(/\d+/)[0]);

for (const kind of ['green', 'flawed', 'hostile', 'cut'])
  test(`${kind}: no complaint, no request, nothing wider than the window`, async () => {
    for (const [width, colorScheme] of [[1280, 'light'], [1280, 'dark'], [390, 'light'], [320, 'dark']]) {
      const { tab, done } = await open(kind, { viewport: { width, height: 800 }, colorScheme });
      await tab.evaluate(() => { for (const item of document.querySelectorAll('#cases details')) item.open = true; });
      assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `at ${width}`);
      await done();
    }
  });

test('the first thing read is whether it is green', async () => {
  for (const [kind, pattern, verdict] of [['green', /^✓ \d+ cases pass/, 'p'], ['flawed', /^✗ \d+ of \d+ cases fail/, 'f'],
    ['cut', /^✗ Incomplete: /, 'f']]) {
    const { tab, done } = await open(kind);
    assert.match(await tab.locator('h1').textContent(), pattern);
    assert.equal(await tab.locator('header').getAttribute('class'), verdict);
    await done();
  }
});

test('a chip shows the cases of its verdict, once more shows all', async () => {
  const { tab, done } = await open('flawed');
  const all = await shown(tab).count();
  for (const chip of await tab.locator('.chips button:not([data-v=""])').all()) {
    await chip.click();
    assert.equal(await shown(tab).count(), count(await chip.textContent()));
    assert.equal(await chip.getAttribute('aria-pressed'), 'true');
    assert.equal(await tab.locator('.chips [aria-pressed=true]').count(), 1);
    assert.equal(count(await tab.locator('output').textContent()), await shown(tab).count());
    await chip.click();
    assert.equal(await shown(tab).count(), all);
  }
  await done();
});

test('the chips count every case once', async () => {
  const { tab, done } = await open('flawed');
  const [all, ...each] = (await tab.locator('.chips button').allTextContents()).map(count);
  assert.equal(each.reduce((sum, n) => sum + n), all);
  assert.equal(await tab.locator('#cases > details').count(), all);
  await done();
});

test('search finds ids, titles, clauses and causes, and all of its words', async () => {
  const { tab, done } = await open('flawed');
  for (const [query, expected] of [
    ['collections-map-word-3@op=make', ['collections-map-word-3@op=make']],
    ['VAL-9 values-time-1@', ['values-time-1@op=echo']],
    ['came narrow', ['strings-wide-1-1@op=echo', 'strings-wide-1-9@op=echo']],
    ['Swapped WORD-12', ['collections-map-word-12@op=make']],
    ['no such case', []],
  ]) {
    await search(tab, query);
    assert.deepEqual(await shown(tab).locator('> summary code').allTextContents(), expected);
    assert.equal(await tab.locator('.none').isVisible(), expected.length === 0);
  }
  await tab.keyboard.press('Escape');
  assert.equal(await shown(tab).count(), await tab.locator('#cases > details').count());
  await done();
});

test('search and chip narrow each other', async () => {
  const { tab, done } = await open('flawed');
  await search(tab, 'collections');
  await tab.locator('.chips [data-v=f]').click();
  for (const id of await shown(tab).locator('> summary code').allTextContents())
    assert.match(id, /^collections-/);
  assert.ok(await tab.locator('#cases > details.p:visible').count() === 0);
  await done();
});

test('a link opens its case and shows it, also when it is written in percent codes', async () => {
  for (const hash of ['#case=collections-map-word-12@op=make', '#case=collections-map-word-12%40op%3Dmake']) {
    const { tab, done } = await open('flawed', { hash });
    const item = tab.locator('[id="case=collections-map-word-12@op=make"]');
    assert.ok(await item.evaluate((it) => it.open));
    await tab.waitForFunction(() => document.activeElement.matches('summary'));
    assert.ok(await item.locator('> summary').evaluate((it) => it === document.activeElement));
    const box = await item.boundingBox();
    assert.ok(box.y >= 0 && box.y < 450, `at ${box.y}`);
    await done();
  }
});

test('a link shows a case that a filter hides', async () => {
  const { tab, done } = await open('flawed');
  await tab.locator('.chips [data-v=u]').click();
  await tab.locator('.causes a').first().click();
  await tab.locator('#cases > details.f').first().waitFor();
  const id = decodeURIComponent(new URL(tab.url()).hash.slice(1));
  assert.ok(await tab.locator(`[id="${id}"]`).isVisible());
  await done();
});

test('a link to nothing does nothing', async () => {
  for (const hash of ['#case=', '#case=none', '#%', '#x']) {
    const { done } = await open('flawed', { hash });
    await done();
  }
});

test('every link within the page has a target', async () => {
  for (const kind of ['flawed', 'hostile', 'cut']) {
    const { tab, done } = await open(kind);
    assert.deepEqual(await tab.evaluate(() => Array.from(document.querySelectorAll('a'), (a) => decodeURIComponent(a.hash.slice(1)))
      .filter((id) => !document.getElementById(id))), []);
    await done();
  }
});

test('opening a case puts its link into the address', async () => {
  const { tab, done } = await open('flawed');
  const item = tab.locator('#cases > details').nth(3);
  await item.locator('> summary').click();
  await tab.waitForFunction(() => location.hash.startsWith('#case='));
  assert.equal(decodeURIComponent(new URL(tab.url()).hash.slice(1)), await item.getAttribute('id'));
  await done();
});

test('keys: / searches, j and k go through what is shown, Enter opens, Escape shows all', async () => {
  const { tab, done } = await open('flawed');
  const focused = () => tab.evaluate(() => document.activeElement.querySelector('code')?.textContent ?? document.activeElement.tagName);
  await tab.keyboard.press('/');
  assert.equal(await focused(), 'INPUT');
  await tab.keyboard.type('jk/ends');
  assert.equal(await tab.getByRole('searchbox').inputValue(), 'jk/ends');
  await search(tab, 'ends-between');
  await tab.getByRole('searchbox').blur();
  const ids = await shown(tab).locator('> summary code').allTextContents();
  for (const id of ids.slice(0, 3)) {
    await tab.keyboard.press('j');
    assert.equal(await focused(), id);
  }
  await tab.keyboard.press('k');
  assert.equal(await focused(), ids[1]);
  await tab.keyboard.press('Enter');
  assert.ok(await tab.evaluate(() => document.activeElement.parentElement.open));
  await tab.keyboard.press('Escape');
  assert.equal(await tab.getByRole('searchbox').inputValue(), '');
  assert.equal(await shown(tab).count(), await tab.locator('#cases > details').count());
  await done();
});

test('everything that can be used is reached by Tab and shows that it is', async () => {
  const { tab, done } = await open('flawed');
  const seen = new Set();
  for (let i = 0; i < 60; i++) {
    await tab.keyboard.press('Tab');
    const what = await tab.evaluate(() => {
      const at = document.activeElement;
      return { name: at.closest('.chips') ? 'chip' : at.tagName, outline: getComputedStyle(at).outlineStyle };
    });
    seen.add(what.name);
    assert.notEqual(what.outline, 'none', what.name);
  }
  for (const name of ['BUTTON', 'A', 'INPUT', 'chip', 'SUMMARY'])
    assert.ok(seen.has(name), name);
  await done();
});

test('the copy button copies the command', async () => {
  const { tab, done } = await open('flawed', { permissions: ['clipboard-read', 'clipboard-write'] });
  const command = tab.locator('#cases details[open] .a').first();
  await command.getByRole('button').click();
  await command.getByText(/^Copied$/).waitFor();
  assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), await command.locator('code').textContent());
  await done();
});

test('what peers and vectors say stays text', async () => {
  const { tab, done } = await open('hostile');
  await tab.evaluate(() => { for (const item of document.querySelectorAll('details')) item.open = true; });
  assert.match(await tab.title(), /^1 of 5 cases fails, 2 could not be judged – </);
  assert.equal(await tab.locator('script').count(), 1);
  assert.equal(await tab.locator('img, iframe, object, [onerror], [style]').count(), 0);
  assert.equal(await tab.locator('#cases > details').count(), 5);
  assert.match(await tab.locator('#cases').textContent(), /<img src=x onerror=alert\(1\)>/);
  assert.doesNotMatch(await tab.locator('body').textContent(), /[\u202e\u200b\x1b]/);
  await search(tab, '<script>');
  assert.equal(await shown(tab).count(), 5);
  await done();
});

test('the policy stops a script that should not be there', async () => {
  const { tab, wrong } = await open('green');
  await tab.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "pwned"';
    document.body.append(script);
    const picture = document.createElement('div');
    picture.setAttribute('onclick', 'document.title = "pwned"');
    document.body.append(picture);
    picture.click();
  });
  assert.doesNotMatch(await tab.title(), /pwned/);
  assert.ok(wrong.length > 0 && wrong.every((text) => text.includes('Content Security Policy')));
  await tab.context().close();
});

test('without scripts all of it can be read', async () => {
  for (const kind of ['flawed', 'many']) {
    const { tab, done } = await open(kind, { javaScriptEnabled: false });
    assert.ok(await tab.locator('h1').isVisible());
    assert.ok(await tab.locator('table').isVisible());
    assert.ok(!await tab.locator('.filter').isVisible());
    assert.ok(await tab.locator('#cases > details').first().locator('.w').first().isVisible());
    const last = tab.locator('#cases > details.p').last();
    await last.locator('> summary').focus();
    await tab.keyboard.press('Enter');
    await last.locator('.w').waitFor();
    await done();
  }
});

test('the first failing case is open and tells due beside got', async () => {
  const { tab, done } = await open('flawed');
  assert.equal(await tab.locator('#cases > details[open]').count(), 1);
  const item = tab.locator('[id="case=collections-map-word-12@op=make"]');
  await item.locator('> summary').click();
  const boxes = await item.locator('> div > div.x .eg > div').all();
  const [due, got] = await Promise.all(boxes.map((box) => box.boundingBox()));
  assert.equal(due.y, got.y);
  assert.ok(due.x + due.width <= got.x);
  assert.equal(await item.locator('> div > div.x mark').count(), 2);
  await done();
});

test('nothing moves while it loads, nor when a case opens', async () => {
  const { tab, done } = await open('many', { hash: '' });
  const moved = await tab.evaluate(() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
      .observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(sum), 300);
  }));
  assert.equal(moved, 0);
  const summary = tab.locator('#cases > details > summary').nth(3);
  await summary.scrollIntoViewIfNeeded();
  await tab.waitForTimeout(200);
  const before = await summary.boundingBox();
  await summary.click();
  await tab.waitForTimeout(100);
  assert.equal((await summary.boundingBox()).y, before.y);
  await done();
});

test('text is told from its ground: 4.5 to 1 in light and dark', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { tab, done } = await open('flawed', { colorScheme });
    const low = await tab.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      const light = (name) => {
        const hex = style.getPropertyValue(`--${name}`).trim().replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
        const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
          .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const pairs = [['on-mark', 'mark']];
      for (const ink of ['ink', 'soft', 'pass', 'fail', 'odd', 'none', 'client', 'server'])
        pairs.push([ink, 'paper']);
      for (const ground of ['tint', 'diff', 'raised'])
        pairs.push(['ink', ground], ['soft', ground]);
      return pairs.map(([a, b]) => [a, b, (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05)])
        .filter(([, , ratio]) => !(ratio >= 4.5));
    });
    assert.deepEqual(low, []);
    await done();
  }
});

test('a screen reader gets names, an order of headings and a table with heads', async () => {
  const { tab, done } = await open('flawed');
  assert.ok(await tab.getByRole('searchbox', { name: 'Search cases' }).isVisible());
  assert.ok(await tab.getByRole('group', { name: 'Show' }).isVisible());
  assert.ok(await tab.getByRole('main').isVisible());
  assert.equal(await tab.getByRole('columnheader').count(), 5);
  assert.ok(await tab.getByRole('rowheader').count() > 1);
  assert.equal(await tab.evaluate(() => document.documentElement.lang), 'en');
  assert.deepEqual(await tab.evaluate(() => {
    const levels = Array.from(document.querySelectorAll('h1, h2, h3, h4'), (h) => Number(h.tagName[1]));
    return levels.filter((level, i) => i && level > levels[i - 1] + 2);
  }), []);
  assert.equal(await tab.evaluate(() => new Set(Array.from(document.querySelectorAll('[id]'), (e) => e.id)).size ===
    document.querySelectorAll('[id]').length), true);
  await done();
});

test('paper: no controls, failing cases open', async () => {
  const { tab, done } = await open('flawed');
  await tab.emulateMedia({ media: 'print' });
  await tab.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.ok(!await tab.locator('.filter').isVisible());
  assert.equal(await tab.locator('#cases > details.f:not([open])').count(), 0);
  assert.equal(await tab.locator('#cases > details.p[open]').count(), 0);
  await tab.evaluate(() => dispatchEvent(new Event('afterprint')));
  assert.equal(await tab.locator('#cases > details[open]').count(), 1);
  await done();
});

test('10,000 cases: painted and answering within a second, all there soon after', async () => {
  const times = [];
  for (let i = 0; i < 5 && !(Math.min(...times) < 1000); i++) { // the machine does other things, too: the best counts
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const tab = await context.newPage();
    const start = performance.now();
    await tab.goto(url('many'), { waitUntil: 'commit' });
    await tab.waitForFunction(() => document.querySelector('output'));
    await tab.keyboard.press('/');
    await tab.keyboard.type('draining');
    await tab.waitForFunction(() => document.querySelector('output').textContent.includes(' of '));
    times.push(performance.now() - start);
    await tab.waitForLoadState('load');
    assert.equal(await tab.locator('output').textContent(), '1,666 of 9,996 cases');
    await context.close();
  }
  assert.ok(Math.min(...times) < 1000, `answered after ${times.map(Math.round)} ms`);
});

test('10,000 cases: a body that sleeps wakes when opened, linked to or stepped into', async () => {
  const { tab, done } = await open('many', { hash: '#case=ends-between-requests-1600' });
  const linked = tab.locator('[id="case=ends-between-requests-1600"]');
  assert.ok(await linked.locator('.w').isVisible());
  assert.ok(await linked.getByRole('button', { name: 'Copy the command' }).isVisible());
  const next = linked.locator('+ details');
  assert.equal(await next.locator('.w').count(), 0);
  await tab.waitForFunction(() => document.activeElement.matches('summary'));
  await tab.keyboard.press('j');
  await tab.keyboard.press('Enter');
  await next.locator('.w').waitFor();
  await search(tab, 'SVC-13 ends-between-requests-1601');
  assert.equal(await shown(tab).count(), 1);
  await done();
});
