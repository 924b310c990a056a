'use strict';
// The page: asks the REST interface, shows what it answers. Text from the server is only ever set as text.

const $ = id => document.getElementById(id);
const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};
const share = value => value == null ? '–' : (100 * value).toFixed(1) + ' %';
const STAGES = { GALLERY: 'Embedding the gallery', QUERIES: 'Embedding the queries', SEARCH: 'Searching', REPORT: 'Writing the report' };

async function ask(path, options) {
  const response = await fetch(path, options);
  const text = await response.text();
  let body;
  try { body = JSON.parse(text); } catch { body = {}; }
  if (!response.ok) throw new Error(body.detail || `The gateway answered ${response.status}.`);
  return body;
}

function say(id, text, isError) {
  $(id).textContent = text;
  $(id).className = isError ? 'error' : 'quiet';
  $(id).hidden = !text;
}

// runs

const older = [];
let nextPage = '';

function stateCell(run) {
  const cell = element('td', undefined, 'state ' + run.state);
  cell.append(element('span', '', 'dot'), run.state.charAt(0) + run.state.slice(1).toLowerCase());
  if (run.state === 'RUNNING') {
    const progress = element('progress');
    progress.max = run.stage_total || 1;
    progress.value = run.stage_done;
    cell.append(element('small', `${STAGES[run.stage]} · ${run.stage_done} of ${run.stage_total}`), progress);
  }
  if (run.failure_reason) cell.append(element('small', run.failure_reason));
  if (run.warnings.length) {
    const details = element('details');
    details.append(element('summary', run.warnings.length === 1 ? '1 warning' : `${run.warnings.length} warnings`));
    run.warnings.forEach(warning => details.append(element('small', warning)));
    cell.append(details);
  }
  return cell;
}

function row(run) {
  const made = element('tr');
  const result = run.result;
  const scores = result && result.scores;
  const name = element('td', run.spec.encoder);
  name.append(element('small', run.spec.dataset_path.split('/').pop()), element('small', new Date(run.create_time).toLocaleString()));
  name.title = run.id + '\n' + run.spec.dataset_path;
  const number = text => element('td', text, 'number');
  const score = number(!result ? '' : scores && scores.score != null ? scores.score.toFixed(1) : 'unknown');
  if (scores && scores.score_interval) {
    score.append(element('small', `${scores.score_interval.low.toFixed(0)}–${scores.score_interval.high.toFixed(0)}`));
    score.title = '95 % bootstrap interval over the queries';
  }
  const links = element('td');
  if (result) {
    for (const what of ['report', 'submission']) {
      const link = element('a', what === 'report' ? 'Report' : 'Submission');
      link.href = `api/v1/runs/${run.id}/${what}`;
      link.target = '_blank';
      link.rel = 'noopener';
      links.append(link, ' ');
    }
  }
  made.append(name, stateCell(run), score,
    number(scores ? share(scores.top_1) : ''), number(scores ? share(scores.top_5) : ''), number(scores ? share(scores.top_10) : ''),
    number(result ? `${result.query_count} × ${result.gallery_count}` : ''), number(result ? result.seconds.total.toFixed(1) : ''), links);
  return made;
}

function draw(newest) {
  const ids = new Set(newest.map(run => run.id));
  const runs = newest.concat(older.filter(run => !ids.has(run.id)));
  const open = new Set([...document.querySelectorAll('#runs details[open]')].map(d => d.closest('tr').dataset.id));
  const rows = runs.map(run => {
    const made = row(run);
    made.dataset.id = run.id;
    const details = made.querySelector('details');
    if (details && open.has(run.id)) details.open = true;
    return made;
  });
  $('runs').querySelector('tbody').replaceChildren(...rows);
  $('runs').hidden = runs.length === 0;
  say('runs-message', runs.length ? '' : 'No runs yet. Start one with ./likeness compete --data DIR --encoder NAME.');
  const finished = runs.filter(run => run.result);
  $('collections').replaceChildren(...finished.map(run => {
    const option = element('option', `${run.spec.encoder} · ${run.spec.dataset_path.split('/').pop()}`);
    option.value = run.result.collection;
    return option;
  }));
  if (!$('collection').value && finished.length) $('collection').value = finished[0].result.collection;
  return runs.some(run => run.state === 'RUNNING' || run.state === 'QUEUED');
}

async function refresh() {
  let busy = false;
  try {
    const page = await ask('api/v1/runs?page_size=20');
    if (!older.length) nextPage = page.next_page_token;
    $('more').hidden = !nextPage;
    busy = draw(page.runs);
  } catch (error) {
    say('runs-message', error instanceof TypeError ? 'The gateway cannot be reached; trying again.' : error.message, true);
  }
  setTimeout(refresh, document.hidden ? 15000 : busy ? 1000 : 5000);
}

$('more').addEventListener('click', async () => {
  try {
    const page = await ask('api/v1/runs?page_size=50&page_token=' + encodeURIComponent(nextPage));
    older.push(...page.runs);
    nextPage = page.next_page_token;
    $('more').hidden = !nextPage;
    draw((await ask('api/v1/runs?page_size=20')).runs);
  } catch (error) {
    say('runs-message', error.message, true);
  }
});

// search

let shown;
let searched;

async function search(file) {
  searched = file;
  const collection = $('collection').value.trim();
  const filter = $('filter').value.trim();
  if (shown) URL.revokeObjectURL(shown);
  shown = URL.createObjectURL(file);
  $('preview').src = shown;
  $('preview').hidden = false;
  $('hint').hidden = true;
  $('found').replaceChildren();
  say('search-message', 'Searching…');
  try {
    const started = performance.now();
    const path = 'api/v1/search?k=12&collection=' + encodeURIComponent(collection)
      + (filter ? '&filter=' + encodeURIComponent(filter) : '');
    const answer = await ask(path, {
      method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file });
    $('found').replaceChildren(...answer.images.map(image => found(image, collection)));
    const time = Math.round(performance.now() - started);
    say('search-message', filter
      ? `${answer.images.length} of the ${answer.matching_count} images that the filter allows, in ${time} ms, nearest first.`
      : `${answer.images.length} images in ${time} ms, nearest first.`);
  } catch (error) {
    say('search-message', error.message, true);
  }
}

function found(image, collection) {
  const item = element('li');
  const run = /^run-([0-9]{8}-[0-9]{6}-[0-9]{3}-[a-z2-7]{4})$/.exec(collection);
  if (run) {
    const picture = element('img');
    picture.src = `api/v1/runs/${run[1]}/gallery/${encodeURIComponent(image.id)}`;
    picture.alt = '';
    picture.loading = 'lazy';
    picture.addEventListener('error', () => picture.remove());
    item.append(picture);
  }
  const text = element('p');
  text.append(element('b', image.score.toFixed(3)), ' ' + image.id);
  item.append(text);
  for (const [name, value] of Object.entries(image.attributes)) {
    if (name !== 'file') item.append(element('small', `${name}: ${value}`));
  }
  return item;
}

$('filter').addEventListener('change', () => {
  if (searched) search(searched);
});
$('file').addEventListener('change', event => {
  if (event.target.files.length) search(event.target.files[0]);
  event.target.value = '';
});
for (const name of ['dragenter', 'dragover']) {
  $('drop').addEventListener(name, event => { event.preventDefault(); $('drop').classList.add('over'); });
}
for (const name of ['dragleave', 'drop']) {
  $('drop').addEventListener(name, () => $('drop').classList.remove('over'));
}
$('drop').addEventListener('drop', event => {
  event.preventDefault();
  if (event.dataTransfer.files.length) search(event.dataTransfer.files[0]);
});

refresh();
