'use strict';
/*
 * What the page can do beyond being read: filter, search, copy, and links to single cases. It builds nothing from
 * text: everything that peers or vectors said stands in the document already, and stays there as text.
 *
 * It runs before the list is there, so that a long one can be used while it still arrives.
 */
(() => {
  const root = document.documentElement;
  const find = (selector, from = document) => from.querySelector(selector);
  const cases = () => find('#cases').children;
  const index = []; // by case, as far as the list has been read
  let verdict = '', words = [], waiting = false;

  root.classList.add('js');

  /* Of a long list most bodies stand in <noscript>, which costs next to nothing while it is text. When one is asked
     for it is read as what it is, a part of this page: where it came from, all that others said was escaped. */
  const load = (item) => {
    const kept = find(':scope > noscript', item);
    if (kept)
      kept.replaceWith(...new DOMParser().parseFromString(kept.textContent, 'text/html').body.childNodes);
    addCopy(item.querySelectorAll('.a'));
  };

  /* What a case is found by: id, title, cause, where it fails, clauses. */
  const textOf = (item) => (item.firstElementChild.textContent + ' ' + (item.dataset.k ?? '')).toLowerCase();

  /* What is chosen: a suite, a delivery, a cause, a clause; '' for all of them. */
  const chosen = (name) => find(`select[name=${name}]`)?.value ?? '';

  /* A verdict and a delivery together ask for what the case is in that delivery. */
  const fitting = () => {
    const s = chosen('s'), d = chosen('d'), c = chosen('c'), k = chosen('k');
    return (item, i) => {
      const as = d ? item.dataset.d[d] : '';
      return (!verdict || (d ? as === verdict : item.classList.contains(verdict))) && (!d || as !== '-') &&
        (!s || item.dataset.s === s) && (!c || item.dataset.c === c) && (!k || item.dataset.k?.split(' ').includes(k)) &&
        words.every((word) => index[i]?.includes(word));
    };
  };

  const apply = () => {
    const all = cases(), fits = fitting();
    const whole = document.readyState === 'loading' ? all.length - 1 : all.length; // of the last one only a part may be there
    let shown = 0;
    while (words.length && index.length < whole)
      index.push(textOf(all[index.length]));
    for (let i = 0; i < all.length; i++) {
      const here = fits(all[i], i);
      if (all[i].hidden === here)
        all[i].hidden = !here;
      shown += here;
    }
    for (const chip of document.querySelectorAll('.chips button'))
      chip.setAttribute('aria-pressed', String(chip.dataset.v === verdict));
    find('.none').hidden = shown > 0;
    for (const choice of document.querySelectorAll('.by select'))
      choice.classList.toggle('on', choice.value !== '');
    find('output').textContent = (verdict || words.length || find('.by .on') ? `${shown.toLocaleString('en')} of ` : '') +
      `${all.length.toLocaleString('en')} case${all.length === 1 ? '' : 's'}`;
  };

  const search = () => {
    words = find('[type=search]').value.toLowerCase().split(/\s+/).filter(Boolean);
    apply();
  };

  /* Typing is faster than filtering thousands: once a frame is enough. */
  const searchSoon = () => {
    if (!waiting)
      requestAnimationFrame(() => { waiting = false; search(); });
    waiting = true;
  };

  const showAll = () => {
    find('[type=search]').value = '';
    for (const choice of document.querySelectorAll('.by select'))
      choice.value = '';
    verdict = '';
    words = [];
    apply();
  };

  /* #cause=N: the cases behind a cause, and nothing else. */
  const followCause = (place) => {
    const choice = find('select[name=c]');
    showAll();
    if (choice)
      choice.value = place;
    apply();
    find('.filter').scrollIntoView({ block: 'start' });
  };

  /* #case=ID: shows the case, whatever is filtered, open and in view. */
  const follow = () => {
    let id;
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const item = document.getElementById(id);
    if (item && id.startsWith('cause='))
      followCause(id.slice(6));
    if (item && id.startsWith('clause=')) {
      item.closest('details')?.setAttribute('open', '');
      item.scrollIntoView({ block: 'center' });
    }
    if (!item || !id.startsWith('case='))
      return;
    if (item.hidden)
      showAll();
    load(item);
    item.open = true;
    find('summary', item).focus({ preventScroll: true });
    item.scrollIntoView({ block: 'start' });
  };

  const addCopy = (commands) => {
    for (const command of commands) {
      if (find('button', command))
        continue;
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = 'Copy';
      button.setAttribute('aria-label', 'Copy the command');
      command.append(button);
    }
  };

  const copy = async (button) => {
    const code = find('code', button.parentElement);
    let done = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      done = document.execCommand('copy');
    }
    button.textContent = done ? 'Copied' : 'Selected';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  };

  /* The next or previous case that is shown. */
  const step = (by) => {
    const on = document.activeElement.closest('#cases > details');
    let item = on ? (by > 0 ? on.nextElementSibling : on.previousElementSibling) : cases()[0];
    while (item && item.hidden)
      item = by > 0 ? item.nextElementSibling : item.previousElementSibling;
    if (item) {
      find('summary', item).focus({ preventScroll: true });
      item.scrollIntoView({ block: 'nearest' });
    }
  };

  document.addEventListener('click', (event) => {
    const summary = event.target.closest('#cases > details > summary');
    if (summary)
      load(summary.parentElement); // before it opens, so that nothing jumps
    const button = event.target.closest('button');
    if (!button)
      return;
    if (button.parentElement.classList.contains('chips')) {
      verdict = button.dataset.v === verdict ? '' : button.dataset.v;
      apply();
    } else if (button.parentElement.classList.contains('a'))
      copy(button);
  });
  document.addEventListener('input', (event) => {
    if (event.target.type === 'search')
      searchSoon();
  });
  document.addEventListener('change', (event) => {
    if (event.target.matches('.by select'))
      apply();
  });
  document.addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('keydown', (event) => {
    const typing = event.target.matches('input, select');
    if (event.ctrlKey || event.metaKey || event.altKey)
      return;
    if (event.key === 'Escape')
      showAll();
    else if (typing)
      return;
    else if (event.key === '/') {
      event.preventDefault();
      find('[type=search]').focus();
    } else if (event.key === 'j')
      step(1);
    else if (event.key === 'k')
      step(-1);
  });

  /* Opening a case makes the address that of the case. */
  document.addEventListener('toggle', (event) => {
    const item = event.target;
    if (!item.open || !item.id)
      return;
    load(item);
    if (document.readyState === 'complete' && item.contains(document.activeElement))
      history.replaceState(null, '', '#' + encodeURIComponent(item.id).replace(/%3D/g, '=').replace(/%40/g, '@'));
  }, true);
  addEventListener('hashchange', follow);
  addEventListener('load', () => setTimeout(follow)); // behind what the browser itself does about the link
  document.addEventListener('DOMContentLoaded', () => {
    addCopy(document.querySelectorAll('main > .a, details[open] .a'));
    if (verdict || find('[type=search]').value || find('.by select:not([value=""])'))
      search();
    follow();
  });

  /* Paper has no script: what fails is printed open. */
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = Array.from(document.querySelectorAll('#cases > :is(.f, .i, .e, .r):not([open])'));
    for (const item of opened) {
      load(item);
      item.open = true;
    }
  });
  addEventListener('afterprint', () => {
    for (const item of opened)
      item.open = false;
  });
})();
