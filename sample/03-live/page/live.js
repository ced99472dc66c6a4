import { addRenewal, addSamples, drawChart, forget } from './chart.js';
import { placeControls, showControls } from './controls.js';
import { showFacts } from './facts.js';
import { onLanguageChange, translate, words } from './language.js';
import { put, runLife, showLife } from './life.js';
import { addHappening, showPast, translateTimeline } from './timeline.js';

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

/** The stream reconnects by itself. Each connection begins with the past, so the page misses nothing. */
function listen() {
  const stream = new EventSource('live/events');
  const on = (type, handle) =>
    stream.addEventListener(type, ({ data }) => handle(JSON.parse(data)));
  stream.addEventListener('open', () => showLink('live'));
  stream.addEventListener('error', () => {
    showLink('lost');
    // The browser does not try again after an error status, such as that of a server that is starting.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 1_000);
  });
  on('past', ({ happenings, samples }) => {
    forget();
    showPast(happenings);
    addSamples(samples);
    for (const it of happenings.filter(isNewToken)) addRenewal(it.at);
  });
  on('state', (received) => {
    if (!state) placeControls();
    state = received;
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
onLanguageChange(() => {
  showLink(link.dataset.is);
  translateTimeline();
  showState();
});
runLife();
listen();
