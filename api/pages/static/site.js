/* What makes pages a little nicer where scripts run. Every page works without. */

const spoken = document.documentElement.lang;
/* Of the language of the page, the kind that the reader has: en-GB writes dates otherwise than en. */
const language = navigator.languages.find((tag) => tag.split("-")[0] === spoken) ?? spoken;
const moments = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const counts = new Map(); /* What counts down: until when, from which value, and what it said before. */
let over = new AbortController();
let offered = null;

/* WebOTP: the browser offers the code of a message whose last line names this site, and sends the form. */
function offerCode() {
  const field = document.querySelector('input[autocomplete="one-time-code"]');
  if (field === offered) {
    return;
  }
  over.abort();
  offered = field;
  if (!field || !("OTPCredential" in window)) {
    return;
  }
  over = new AbortController();
  field.form.addEventListener("submit", () => over.abort());
  navigator.credentials
    .get({ otp: { transport: ["sms"] }, signal: over.signal })
    .then((credential) => {
      field.value = credential.code;
      field.form.requestSubmit();
    })
    .catch(() => {
      /* Nobody is worse off than without it: the code is typed. */
    });
}

/* Times are written in UTC, and read in the reader's zone. */
function localize() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    time.textContent = moments.format(new Date(time.dateTime));
    time.title = time.dateTime;
  }
}

const two = (number) => String(number).padStart(2, "0");

function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = `${two(minutes % 60)}:${two(seconds % 60)}`;
  return minutes < 60 ? rest.replace(/^0/, "") : `${Math.floor(minutes / 60)}:${rest}`;
}

/* A button that may not be used yet (`data-wait`), and what is over in a while (`data-left`), count down. */
function count() {
  for (const element of document.querySelectorAll("[data-wait], [data-left]")) {
    const from = element.dataset.wait ?? element.dataset.left;
    if (counts.get(element)?.from !== from) {
      counts.set(element, { from, until: performance.now() + Number(from) * 1000, text: element.textContent });
    }
  }
  tick();
}

function tick() {
  for (const [element, { until, text }] of counts) {
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    if (!element.isConnected) {
      counts.delete(element);
    } else if ("wait" in element.dataset) {
      element.disabled = left > 0;
      element.textContent = left > 0 ? element.dataset.waiting.replace("{seconds}", left) : text;
    } else {
      element.textContent = left > 0 ? element.dataset.leaving.replace("{time}", clock(left)) : element.dataset.gone;
    }
  }
}

/* Countries are written by their region, as in LK, and read by their name. */
function nameRegions() {
  const regions = new Intl.DisplayNames(language, { type: "region" });
  for (const region of document.querySelectorAll("data[data-region]")) {
    region.textContent = regions.of(region.value);
  }
}

function prepare() {
  nameRegions();
  offerCode();
  localize();
  count();
}

prepare();
setInterval(tick, 250);
document.addEventListener("updated", prepare);

/* A form that is under way is not sent a second time; a page that comes back from the history may send it again.
   What is updated in place sees to that itself. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("htmxPowered" in form.dataset) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
  }
});
