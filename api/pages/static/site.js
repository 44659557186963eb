/* What makes pages a little nicer where scripts run. Every page works without. */

const codeField = document.querySelector('input[autocomplete="one-time-code"]');

/* WebOTP: the browser offers the code of a message whose last line names this site, and sends the form. */
if (codeField && "OTPCredential" in window) {
  const over = new AbortController();
  codeField.form.addEventListener("submit", () => over.abort());
  navigator.credentials
    .get({ otp: { transport: ["sms"] }, signal: over.signal })
    .then((credential) => {
      codeField.value = credential.code;
      codeField.form.requestSubmit();
    })
    .catch(() => {
      /* Nobody is worse off than without it: the code is typed. */
    });
}

/* A button that may not be used yet counts down to when it may. */
for (const button of document.querySelectorAll("button[data-wait]")) {
  const text = button.textContent;
  const until = Date.now() + Number(button.dataset.wait) * 1000;
  const count = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? button.dataset.waiting.replace("{seconds}", left) : text;
    if (left > 0) {
      setTimeout(count, 250);
    }
  };
  count();
}

/* A form that is under way is not sent a second time; a page that comes back from the history may send it again. */
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
    }
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
  }
});
