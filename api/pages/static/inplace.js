/* Pages that are updated in place: htmx fetches the whole page that a link or a form leads to, and takes its body.
   What is not taken over here is the browser's: every page works without. */

const ASKING_MS = 600_000; /* A page left alone asks no longer what is new: a session that nobody uses is to end. */
let usedAt = performance.now();
let focusedId = "";
const place = () => location.pathname + location.search;
let shown = place();

/* The one door through which text becomes a document. No script comes in by it: nothing here makes any. */
const policy = globalThis.trustedTypes?.createPolicy("lineproof", { createHTML: (html) => html });
const refuse = () => {
  throw new TypeError("pages bring no scripts of their own");
};

const isAsking = (ctx) => ctx.sourceEvent?.type === "every";
const STYLES = /<link rel="stylesheet" href="([^"]+)">/g;
const stylesOf = (text) => [...text.matchAll(STYLES)].map(([, path]) => path).join();
const isPage = (response) => (response.headers.get("content-type") ?? "").startsWith("text/html");

htmx.registerExtension("lineproof", {
  init: (api) =>
    api.initSecurity(
      { createHTML: (html) => policy?.createHTML(html) ?? html, createScript: refuse },
      refuse,
      refuse,
    ),

  htmx_config_request: (_, { ctx }) => {
    if (isAsking(ctx)) {
      return !document.hidden && performance.now() - usedAt < ASKING_MS;
    }
    usedAt = performance.now();
    return true;
  },

  htmx_before_response: (_, { ctx }) => {
    const { raw } = ctx.response;
    if (isAsking(ctx)) {
      /* A part of this very page was asked for: who is sent elsewhere is signed in no longer, or at another thing. */
      return raw.ok && isPage(raw) && !raw.redirected;
    }
    if (!isPage(raw)) {
      location.assign(raw.url);
    }
    return isPage(raw);
  },

  htmx_after_request: (_, { ctx }) => {
    if (isAsking(ctx)) {
      /* What was asked for is no more on its page: it is over, and the page says what has come of it. */
      const isThere = ctx.text.includes(`id="${ctx.select.slice(1)}"`);
      if (!isThere) {
        location.reload();
      }
      return isThere;
    }
    /* Another look, or another version of this one: the head of a page comes only with the whole. */
    const isSameLook = stylesOf(ctx.text) === stylesOf(document.head.innerHTML);
    const canBeGot = ctx.request.method === "GET" || ctx.response.raw.redirected;
    if (!isSameLook && canBeGot) {
      location.assign(ctx.response.raw.url);
    }
    return isSameLook || !canBeGot;
  },

  htmx_before_history_update: (_, { history: step, sourceElement, response }) => {
    if (step.path === place()) {
      step.type = "replace";
    }
    /* A form that is answered by its faults, and sends nobody on, has led to no page that could be got again. */
    return response.raw.redirected || sourceElement.method !== "post";
  },

  htmx_before_swap: () => {
    focusedId = document.activeElement?.id ?? "";
  },

  /* Whoever reads by ear or works by keyboard goes on where they were, or where the answer says something. */
  htmx_after_swap: () => {
    if (place() !== shown) {
      /* Another page, or the next one of a list: it is read from its beginning. */
      shown = place();
      scrollTo(0, 0);
    }
    if (document.activeElement === document.body) {
      const again = focusedId && document.getElementById(focusedId);
      (again || document.getElementById("main"))?.focus({ preventScroll: true });
    }
    document.dispatchEvent(new Event("updated"));
  },

  htmx_error: () => {
    const main = document.getElementById("main");
    const said = document.createElement("p");
    said.className = "notice offline";
    said.setAttribute("role", "alert");
    said.textContent = main.dataset.offline;
    main.querySelector(".offline")?.remove();
    main.prepend(said);
  },
});
