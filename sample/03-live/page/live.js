import { addRenewal, addSamples, drawChart, forget } from './chart.js';
import { placeControls, showControls } from './controls.js';
import { showFacts } from './facts.js';
import { onLanguage, translate, words } from './language.js';
import { put, runLife, showLife } from './life.js';
import { addHappening, retellTimeline, showPast } from './timeline.js';

const link = document.getElementById('link');
let state;

function showLink(is) {
  link.dataset.is = is;
  put('link', words()[is]);
}

function showState() {
  if (!state) return;
  showLife(state);
  showControls(state);
  showFacts(state);
  drawChart(Date.now());
}

const isNewToken = ({ instance, expiresInMs }) =>
  instance === 'first' && expiresInMs !== undefined;

/** The stream reconnects by itself; each connection begins with the past, so nothing is missed. */
function listen() {
  const stream = new EventSource('live/events');
  const on = (type, hear) =>
    stream.addEventListener(type, ({ data }) => hear(JSON.parse(data)));
  stream.addEventListener('open', () => showLink('live'));
  stream.addEventListener('error', () => {
    showLink('lost');
    // The browser gives up when a server that is starting refuses the stream.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 1_000);
  });
  on('past', ({ happenings, samples }) => {
    forget();
    showPast(happenings);
    addSamples(samples);
    for (const it of happenings.filter(isNewToken)) addRenewal(it.at);
  });
  on('state', (told) => {
    if (!state) placeControls();
    state = told;
    showState();
  });
  on('happening', (happening) => {
    if (isNewToken(happening)) addRenewal(happening.at);
    addHappening(happening);
  });
  on('samples', (samples) => addSamples(samples));
}

translate();
showLink('connecting');
onLanguage(() => {
  showLink(link.dataset.is);
  retellTimeline();
  showState();
});
runLife();
listen();
