// A form is sent once: a second tap on a phone would join a second time under the same name.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("again" in form.dataset) return; // it is answered with a file, and the page stays
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// The browser shows a page from its memory when somebody goes back; its forms may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
